import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageOf } from '../../simulator/world/image';
import { imageDatabase } from '../../simulator/world/image-database';
import { judgeOrder } from '../support/judge-order';
import { quickSite, QUICK_SITE } from '../support/quick-site';
import { approveEverything, approveUntil, decide, reject, startRehearsal, type Rehearsal } from '../support/rehearsal';

/** What every host with the target image exports. */
const NEW_IMAGE_FILE = imageDatabase(imageOf('8.0.3-0.0.24674464', { components: {} }));

describe.concurrent('the Trust Authority Cluster learns an image', { timeout: 150_000 }, () => {
  it('from an operator’s file, whose digest is approved with the plan, before any Trusted Host is touched', async () => {
    await using rehearsal = await startRehearsal(quickSite());
    putIntoArchive(rehearsal, 'esxi-803.tgz', NEW_IMAGE_FILE);
    const run = await rehearsal.start({ ...rehearsal.request, baseImage: { from: 'file', name: 'esxi-803.tgz' } });
    const { report, approved } = await approveEverything(rehearsal, run);
    expect(approved).toEqual(['plan']);
    expect(report.outcome).toBe('completed');
    const events = rehearsal.simulator.world.events.all();
    const imported = events.findIndex(({ what }) => what === 'base-image-imported');
    const firstOut = events.findIndex((e) => e.what === 'maintenance-mode-entering' && e.host === 'host-1.lab.example');
    expect(imported).toBeGreaterThan(0);
    expect(imported).toBeLessThan(firstOut);
    expect(events.some(({ what, host }) => what === 'not-attested' && host?.startsWith('host-'))).toBe(false);
    expect(judgeOrder(events, QUICK_SITE)).toEqual([]);
  });

  it('from a reference host that runs it already, after people approved its digest', async () => {
    const scenario = quickSite();
    const [workload] = scenario.trusted;
    workload?.clusters.push({ name: 'Test', hosts: { count: 1, prefix: 'reference', image: 'new' } });
    await using rehearsal = await startRehearsal(scenario, (file) => {
      file.trusted[0].clusters = ['Trusted Cluster'];
    });
    const baseImage = { from: 'reference-host', host: 'reference-1.lab.example' };
    const run = await rehearsal.start({ ...rehearsal.request, baseImage });
    const gate = await approveUntil(rehearsal, run, ({ id }) => id.startsWith('base-image-import:'));
    expect(gate.digest).toBe(digestOf(NEW_IMAGE_FILE));
    expect(gate.facts.join('\n')).toContain('exported by reference-1.lab.example');
    const trustedHostsTouched = rehearsal.simulator.world.events
      .all()
      .filter(({ what, host }) => what === 'maintenance-mode-entering' && host?.startsWith('host-'));
    expect(trustedHostsTouched).toEqual([]);
    const { report } = await approveEverything(rehearsal, run);
    expect(report).toMatchObject({ outcome: 'completed', baseImages: [{ from: 'reference-1.lab.example' }] });
    expect(judgeOrder(rehearsal.simulator.world.events.all(), QUICK_SITE)).toEqual([]);
  });

  it('and imports nothing when people reject it: the host stays in maintenance mode and the run parks', async () => {
    await using rehearsal = await startRehearsal(quickSite());
    const run = await rehearsal.start();
    const gate = await approveUntil(rehearsal, run, ({ id }) => id.startsWith('base-image-import:'));
    await reject(run, gate);
    const parked = await approveUntil(rehearsal, run, ({ step }) => step !== undefined);
    expect(parked.step).toBe(`base-image:${gate.digest}`);
    expect(parked.facts.join()).toContain('It was not imported');
    const canary = rehearsal.simulator.world.state.hosts.find(({ name }) => name === 'host-1.lab.example');
    expect(canary?.inMaintenanceMode).toBe(true);
    expect(rehearsal.simulator.world.events.all().some(({ what }) => what === 'base-image-imported')).toBe(false);

    await decide(run, parked, 'abort');
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    expect(report.restored).toEqual([
      { what: 'apply policy:vTA Cluster', restored: true },
      { what: 'apply policy:Trusted Cluster', restored: true },
    ]);
    expect(canary?.inMaintenanceMode).toBe(true);
    const second = rehearsal.simulator.world.events.all().filter(({ host }) => host === 'host-2.lab.example');
    expect(second.map(({ what }) => what)).not.toContain('maintenance-mode-entering');
  });
});

function putIntoArchive(rehearsal: Rehearsal, name: string, content: Buffer): void {
  writeFileSync(join(rehearsal.simulator.ready.infrastructureFile, '..', 'archive', 'base-images', name), content);
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
