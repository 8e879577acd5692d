import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { loadScenario, SCENARIOS } from '../../../simulator/scenarios/load-scenario';
import { startSimulator } from '../../../simulator/simulator';
import { attestationOf } from '../../../simulator/world/attestation';
import { checkInfrastructures } from '../../../src/model/infrastructure.schema';
import { checkRequest } from '../../../src/model/request.schema';

function status(url: string, ca?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...(ca === undefined ? {} : { ca }) }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('startSimulator', () => {
  it('writes the ready file once everything answers, for its owner only', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-test-'));
    const readyFile = join(directory, 'ready.json');
    try {
      await using simulator = await startSimulator({ scenario: 'smallest', readyFile, directory });
      const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as typeof simulator.ready;
      expect(ready).toEqual(simulator.ready);
      expect(statSync(readyFile).mode & 0o777).toBe(0o600);
      const ca = readFileSync(ready.caFile, 'utf8');
      const urls = [ready.trustAuthority.vCenter, ...ready.trusted.map((one) => one.vCenter)];
      for (const url of urls) expect(await status(`${url}/api/session`, ca)).toBe(401);
      expect(Object.keys(ready.esxi.urls)).toEqual(
        ['ta-host-1', 'ta-host-2', 'host-1'].map((name) => `${name}.lab.example`),
      );
      for (const url of Object.values(ready.esxi.urls)) expect(await status(`${url}/boot_imgdb.tgz`, ca)).toBe(401);
      expect((await fetch(`${ready.control}/world`)).status).toBe(200);
      await expect(status(`${ready.trustAuthority.vCenter}/api/session`)).rejects.toThrow(/certificate/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('closes everything and leaves no file of its own behind', async () => {
    const simulator = await startSimulator({ scenario: 'smallest' });
    const ca = readFileSync(simulator.ready.caFile, 'utf8');
    await simulator.close();
    await expect(status(simulator.ready.trustAuthority.vCenter, ca)).rejects.toThrow(/ECONNREFUSED/);
    expect(() => statSync(simulator.ready.infrastructureFile)).toThrow(/ENOENT/);
  });

  it.each(Object.keys(SCENARIOS))('scenario %s: the product takes the files that are written', async (scenario) => {
    await using simulator = await startSimulator({ scenario });
    const { ready, world } = simulator;
    const infrastructure = readFileSync(ready.infrastructureFile, 'utf8');
    expect(checkInfrastructures(parse(infrastructure))).toMatchObject({ kind: 'valid' });
    expect(checkRequest(JSON.parse(readFileSync(ready.requestFile, 'utf8')))).toMatchObject({ kind: 'valid' });
    for (const secret of [ready.password, ready.esxi.password, 'PRIVATE KEY'])
      expect(infrastructure).not.toContain(secret);
    for (const [, file] of infrastructure.matchAll(/file:(\S+)/g)) {
      expect(statSync(file ?? '').mode & 0o777).toBe(0o600);
    }
    const attested = world.state.hosts.filter((host) => attestationOf(host) === 'attested').length;
    const trusted = world.state.hosts.filter((host) => host.vCenter !== 'ta-vc').length;
    expect(attested).toBe(scenario === 'conformance' ? trusted - 1 : trusted);
  });

  it('listens where it is told to', async () => {
    await using first = await startSimulator({ scenario: 'smallest' });
    const { port } = new URL(first.ready.control);
    await expect(startSimulator({ scenario: 'smallest', ports: { control: Number(port) } })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});

describe('scenarios', () => {
  it('are read from YAML and JSON files as well', () => {
    const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-test-'));
    try {
      const file = join(directory, 'mine.yaml');
      writeFileSync(
        file,
        [
          'name: mine',
          'images: { old: { baseImage: 8.0.2-0.0.22380479 } }',
          'trustAuthority:',
          '  vCenter: { name: ta-vc }',
          '  cluster: { name: TAC, hosts: { count: 2, prefix: ta } }',
          '  trustedImages: [old]',
          'trusted:',
          '  - vCenter: { name: w-vc }',
          '    clusters: [{ name: C, hosts: { count: 1, prefix: h } }]',
          'switches: { errorsAt: task }',
        ].join('\n'),
      );
      expect(loadScenario(file)).toMatchObject({ name: 'mine', domain: 'lab.example', switches: { errorsAt: 'task' } });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each([
    [{ surprise: 1 }, 'surprise'],
    [{ switches: { errorsAt: 'never' } }, 'errorsAt'],
    [{ switches: { errorAt: 'task' } }, 'errorAt'],
    [{ durations: { reboot: -1 } }, 'reboot'],
    [{ images: { old: { baseImage: '8.0.2' } } }, 'baseImage'],
    [{ faults: [{ kind: 'nothing' }] }, 'kind'],
  ])('refuses %j and names the field', (change, field) => {
    expect(() => loadScenario({ ...SCENARIOS['smallest'], ...change } as never)).toThrow(field);
  });

  it('names the shipped ones when it finds neither a name nor a file', () => {
    expect(() => loadScenario('no-such')).toThrow(/demo, failed-host, smallest, two-sites, large, conformance/);
  });
});
