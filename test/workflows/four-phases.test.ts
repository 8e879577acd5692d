import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report';
import { hostWorkflowId, vCenterWorkflowId } from '../../src/model/ids';
import { approveEverything, startRehearsal, type Rehearsal } from '../support/rehearsal';
import { judgeOrder } from '../support/judge-order';

/** One whole upgrade of the demo site, judged from several sides. */
describe('an upgrade of the demo site', () => {
  let rehearsal: Rehearsal;
  let report: Report;
  let approved: string[];

  beforeAll(async () => {
    rehearsal = await startRehearsal('demo');
    const run = await rehearsal.start();
    ({ report, approved } = await approveEverything(rehearsal, run));
  }, 180_000);

  afterAll(async () => {
    await rehearsal[Symbol.asyncDispose]();
  });

  const hosts = () => rehearsal.simulator.world.state.hosts;

  it('completes every vCenter and host', () => {
    expect(report.outcome).toBe('completed');
    expect(report.items.map(({ phase, name, state }) => [phase, name, state])).toEqual([
      [1, 'ta-vc.lab.example', 'done'],
      [2, 'ta-host-1.lab.example', 'done'],
      [2, 'ta-host-2.lab.example', 'done'],
      [2, 'ta-host-3.lab.example', 'done'],
      [3, 'workload-vc.lab.example', 'done'],
      [4, 'host-1.lab.example', 'done'],
      [4, 'host-2.lab.example', 'done'],
      [4, 'host-3.lab.example', 'done'],
      [4, 'host-4.lab.example', 'done'],
    ]);
  });

  it('asks people for the plan and for the image that a host exported, and for nothing else', () => {
    expect(approved[0]).toBe('plan');
    expect(approved.slice(1)).toEqual([expect.stringMatching(/^base-image-import:sha256:[0-9a-f]{64}$/)]);
    expect(report.baseImages).toMatchObject([{ from: 'host-1.lab.example', approvedBy: ['alice'] }]);
  });

  it('keeps order and pace', () => {
    const named = (role: 'trust-authority' | 'trusted') =>
      hosts().flatMap((host) => (role === roleOf(host.name) ? [host.name] : []));
    const events = rehearsal.simulator.world.events.all();
    const site = {
      trustAuthorityVCenter: 'ta-vc',
      trustAuthorityHosts: named('trust-authority'),
      trustedHosts: named('trusted'),
    };
    expect(site.trustAuthorityHosts).toHaveLength(3);
    expect(site.trustedHosts).toHaveLength(4);
    expect(judgeOrder(events, site)).toEqual([]);
  });

  it('remediates each host once, and reboots it once', () => {
    const events = rehearsal.simulator.world.events.all();
    for (const { name } of hosts()) {
      const of = (what: string) => events.filter((event) => event.host === name && event.what === what).length;
      expect([name, of('remediation-started'), of('reboot-started')]).toEqual([name, 1, 1]);
    }
  });

  it('leaves every host on the new build, in service, Trusted Hosts attested', () => {
    for (const host of hosts()) {
      expect([host.name, host.runningImage.build, host.inMaintenanceMode]).toEqual([host.name, '24674464', false]);
    }
  });

  it('switches Quick Boot off before the first host and restores the policy after the last', () => {
    const policies = rehearsal.simulator.world.events.all().filter(({ what }) => what === 'policy-changed');
    expect(policies.map(({ vCenter, detail }) => [vCenter, detail['before'], detail['after']])).toEqual([
      ['ta-vc', {}, { enable_quick_boot: false, enforce_quick_patch: false }],
      ['workload-vc', { enable_quick_boot: true }, { enable_quick_boot: false, enforce_quick_patch: false }],
      ['ta-vc', { enable_quick_boot: false, enforce_quick_patch: false }, {}],
      ['workload-vc', { enable_quick_boot: false, enforce_quick_patch: false }, { enable_quick_boot: true }],
    ]);
  });

  it('leaves backup, image, audit and report in the archive, for its own user only', () => {
    const archive = archiveOf(rehearsal);
    const files = readdirSync(archive, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files)
      expect([file.name, statSync(join(file.parentPath, file.name)).mode & 0o077]).toEqual([file.name, 0]);
    const kinds = files.map((file) => file.name.replace(/^[0-9a-f-]{36}/, '*').replace(/[0-9a-f]{64}/, '*'));
    expect(kinds.toSorted()).toEqual([
      '*-vta-configuration-1.json',
      '*.json',
      'audit.jsonl',
      // the trusted image that the site had, and the one that was imported
      'sha256-*.tgz',
      'sha256-*.tgz',
      'sha256-*.tgz.json',
      'sha256-*.tgz.json',
    ]);
  });

  it('lets no secret into any history, log, archive file or world dump', async () => {
    const places = new Map<string, string>();
    for (const id of workflowIds(rehearsal)) {
      const history = await rehearsal.client.workflow.getHandle(id).fetchHistory();
      places.set(`history of ${id}`, readable(history));
    }
    places.set('log', rehearsal.log.join('\n'));
    const archive = archiveOf(rehearsal);
    for (const file of readdirSync(archive, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()))
      places.set(file.name, readFileSync(join(file.parentPath, file.name), 'latin1'));
    const secrets = secretsOf(rehearsal);
    expect(secrets.length).toBeGreaterThanOrEqual(5);
    // The search would find something: what is no secret is found.
    expect(places.get(`history of vta-upgrade:${rehearsal.infrastructure}`)).toContain('host-4.lab.example');
    for (const [place, text] of places)
      for (const { name, value } of secrets)
        for (const form of [value, Buffer.from(value).toString('base64')])
          expect(text.includes(form), `${name} in ${place}`).toBe(false);
  });
});

function roleOf(name: string): 'trust-authority' | 'trusted' {
  return name.startsWith('ta-') ? 'trust-authority' : 'trusted';
}

function archiveOf(rehearsal: Rehearsal): string {
  return join(rehearsal.simulator.ready.infrastructureFile, '..', 'archive');
}

/** Every secret of the site, as the simulator wrote it beside the infrastructure file. */
function secretsOf(rehearsal: Rehearsal): { name: string; value: string }[] {
  const directory = join(rehearsal.simulator.ready.infrastructureFile, '..', 'secrets');
  return readdirSync(directory).map((name) => ({
    name,
    // Of a key the second line is enough, and no line break hides it.
    value:
      readFileSync(join(directory, name), 'utf8')
        .split('\n')
        .at(name.includes('key') ? 1 : 0) ?? '',
  }));
}

function workflowIds({ infrastructure, simulator }: Rehearsal): string[] {
  return [
    `vta-upgrade:${infrastructure}`,
    vCenterWorkflowId(infrastructure, 'ta-vc.lab.example'),
    vCenterWorkflowId(infrastructure, 'workload-vc.lab.example'),
    ...simulator.world.state.hosts.map((host) => hostWorkflowId(infrastructure, host.name)),
  ];
}

/** A history with its payloads as text. */
function readable(history: object): string {
  return JSON.stringify(history, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : typeof value === 'bigint' ? `${value}` : value,
  );
}
