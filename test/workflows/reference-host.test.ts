import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageOf } from '../../simulator/world/image';
import { imageDatabase } from '../../simulator/world/image-database';
import { NEW_BUILD, OLD_BUILD, hostsRequest } from '../support/hosts-site';
import { TEST_CLUSTER, TEST_HOST, TEST_NEIGHBOUR, referenceRequest, referenceSite } from '../support/reference-site';
import {
  approve,
  approveEverything,
  approveUntil,
  decide,
  openGate,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';

/** What every host with the target image exports. */
const NEW_IMAGE_FILE = imageDatabase(imageOf('8.0.3-0.0.24674464', { components: {} }));
const NEW_DIGEST = digestOf(NEW_IMAGE_FILE);
const NEW_FILE = `${NEW_DIGEST.replace(':', '-')}.tgz`;
const IMPORT = `base-image-import:${NEW_DIGEST}`;

describe.concurrent('a reference host', { timeout: 150_000 }, () => {
  it('alone is upgraded, exported, and imported by its digest; nothing else is touched, and all is as before', async () => {
    await using rehearsal = await startRehearsal(referenceSite());
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure, { quickBoot: 'keep' }));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    expect(plan.facts.join('\n')).toContain(`reference host ${TEST_HOST}: ${OLD_BUILD} to ${NEW_BUILD}`);
    const gate = await approveUntil(rehearsal, run, ({ id }) => id === IMPORT);
    const facts = gate.facts.join('\n');
    expect(facts).toContain(`${NEW_DIGEST}`);
    expect(facts).toContain(`compliant with the desired image of ${TEST_CLUSTER}`);
    expect(facts).not.toContain('Quick Boot');
    // Quick Boot is kept elsewhere, and off here: what is exported is what was booted fully.
    expect(hostOf(rehearsal, TEST_HOST)).toMatchObject({ lastBoot: 'full', bootedImage: { build: NEW_BUILD } });
    expect(eventsOf(rehearsal, 'base-image-imported')).toEqual([]);

    const { report } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    expect(report.items).toMatchObject([{ phase: 'reference', name: TEST_HOST, state: 'done' }]);
    expect(report.baseImages).toMatchObject([{ sha256: NEW_DIGEST, from: TEST_HOST, approvedBy: ['alice'] }]);
    expect(report.summary).toContain(`"name":"${NEW_FILE}"`);
    expect(report.restored).toEqual([{ what: `apply policy:${TEST_CLUSTER}`, restored: true }]);
    expect(testCluster(rehearsal)?.lifecycle.policy).toEqual({ enable_quick_boot: true });
    expect(hostOf(rehearsal, TEST_HOST)).toMatchObject({
      inMaintenanceMode: false,
      runningImage: { build: NEW_BUILD },
    });
    expect(touched(rehearsal)).toEqual([TEST_HOST]);
    expect(hostOf(rehearsal, TEST_NEIGHBOUR)?.runningImage.build).toBe(OLD_BUILD);

    // The later run knows exactly that image, by the digest in its plan.
    const later = await rehearsal.start(
      hostsRequest(rehearsal.infrastructure, {
        baseImage: { from: 'file', name: NEW_FILE },
        phases: [4],
        reason: 'later',
      }),
    );
    const end = await approveEverything(rehearsal, later);
    expect(end.approved).toEqual(['plan']);
    expect(end.report.outcome).toBe('completed');
    expect(eventsOf(rehearsal, 'base-image-imported')).toHaveLength(1);
    expect(eventsOf(rehearsal, 'not-attested')).toEqual([]);
  });

  it('in a whole upgrade comes before the first Trusted Host, whose image is then known by its digest', async () => {
    await using rehearsal = await startRehearsal(referenceSite());
    const run = await rehearsal.start(
      hostsRequest(rehearsal.infrastructure, { baseImage: { from: 'reference-host', host: TEST_HOST, upgrade: true } }),
    );
    const { report, approved } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    expect(approved).toEqual(['plan', IMPORT]);
    expect(report.items.map(({ phase }) => phase)).toEqual([2, 2, 'reference', 4]);
    expect(touched(rehearsal)).toEqual([
      'ta-host-1.lab.example',
      'ta-host-2.lab.example',
      TEST_HOST,
      'host-1.lab.example',
    ]);
    const order = rehearsal.simulator.world.events
      .all()
      .filter(
        ({ what, host }) =>
          what === 'base-image-imported' || (what === 'maintenance-mode-entering' && host === 'host-1.lab.example'),
      );
    expect(order.map(({ what }) => what)).toEqual(['base-image-imported', 'maintenance-mode-entering']);
    expect(eventsOf(rehearsal, 'not-attested')).toEqual([]);
    expect(report.restored.map(({ what }) => what)).toContain(`apply policy:${TEST_CLUSTER}`);
  });

  it('that is at its target is left as it is and exported, with the warning that Quick Boot may have brought it there', async () => {
    await using rehearsal = await startRehearsal(referenceSite('new'));
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    expect(plan.facts.join('\n')).toContain('warning VTA_EXPORT_AFTER_QUICK_BOOT');
    const gate = await approveUntil(rehearsal, run, ({ id }) => id === IMPORT);
    expect(gate.facts.join('\n')).toContain('not of the one that it booted fully');
    const { report } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    expect(report.items).toMatchObject([{ phase: 'reference', state: 'done' }]);
    expect(touched(rehearsal)).toEqual([]);
    expect(testCluster(rehearsal)?.lifecycle.commits).toHaveLength(1);

    const again = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const second = await approveEverything(rehearsal, again);
    expect(second.report.items[0]?.detail).toContain(`base image ${NEW_DIGEST} was trusted already`);
    expect(eventsOf(rehearsal, 'base-image-imported')).toHaveLength(1);
  });

  it('that boots its old image again parks the run, cannot be skipped, and is exported only once it is upgraded', async () => {
    await using rehearsal = await startRehearsal(referenceSite());
    rehearsal.simulator.world.faults.add({ kind: 'old-build', host: TEST_HOST });
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const parked = await approveUntil(rehearsal, run, ({ step }) => step === `host:${TEST_HOST}`);
    expect(parked.facts.join()).toContain('VTA_HOST_ON_OLD_BUILD');
    const looked = await openGate(run, ({ facts }) => facts.some((fact) => fact.includes('the base image comes from')));
    expect(looked).toMatchObject({ id: parked.id, actions: ['retry', 'abort'] });
    expect(filesOf(rehearsal)).not.toContain(NEW_FILE);
    expect(eventsOf(rehearsal, 'base-image-imported')).toEqual([]);

    await decide(run, parked, 'retry');
    const { report } = await approveEverything(rehearsal, run);
    expect(report).toMatchObject({ outcome: 'completed', baseImages: [{ sha256: NEW_DIGEST, from: TEST_HOST }] });
    expect(hostOf(rehearsal, TEST_HOST)).toMatchObject({
      inMaintenanceMode: false,
      runningImage: { build: NEW_BUILD },
    });
  });

  it('that fails and is given up leaves nothing imported, its cluster’s policy restored, and the report says how it is', async () => {
    await using rehearsal = await startRehearsal(referenceSite());
    rehearsal.simulator.world.faults.add({ kind: 'remediation-fails', host: TEST_HOST });
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const parked = await approveUntil(rehearsal, run, ({ step }) => step === `host:${TEST_HOST}`);
    await decide(run, parked, 'abort');
    const report = await run.result();
    expect(report).toMatchObject({ outcome: 'aborted', baseImages: [] });
    expect(report.items).toMatchObject([{ phase: 'reference', name: TEST_HOST, state: 'failed' }]);
    expect(report.items[0]?.detail).toContain(
      `Now it is on 8.0.2 build ${OLD_BUILD}, connected, not in maintenance mode`,
    );
    expect(report.restored).toEqual([{ what: `apply policy:${TEST_CLUSTER}`, restored: true }]);
    expect(eventsOf(rehearsal, 'base-image-imported')).toEqual([]);
  });

  it('in work when its run is terminated is finished, and the next run puts its cluster right and goes on', async () => {
    await using rehearsal = await startRehearsal(referenceSite());
    const first = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    await approve(first, await openGate(first, ({ id }) => id === 'plan'));
    await until(() => touched(rehearsal).length > 0);
    await first.terminate();
    expect(testCluster(rehearsal)?.lifecycle.policy).not.toEqual({ enable_quick_boot: true });

    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    expect(plan.facts.join('\n')).toContain(`The apply policy of cluster ${TEST_CLUSTER}`);
    const { report } = await approveEverything(rehearsal, run);
    expect(report).toMatchObject({ outcome: 'completed', baseImages: [{ sha256: NEW_DIGEST }] });
    expect(testCluster(rehearsal)?.lifecycle.policy).toEqual({ enable_quick_boot: true });
    expect(hostOf(rehearsal, TEST_HOST)?.inMaintenanceMode).toBe(false);
    expect(touched(rehearsal)).toEqual([TEST_HOST]);
  });

  it('that runs another image than the desired one when its turn comes is refused, and exported once it is right again', async () => {
    await using rehearsal = await startRehearsal(referenceSite('new'));
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    await openGate(run, ({ id }) => id === 'plan');
    const host = hostOf(rehearsal, TEST_HOST);
    if (host === undefined) throw new Error('no test host');
    const right = host.runningImage;
    // The same build, with a driver that nobody asked for.
    host.runningImage = imageOf('8.0.3-0.0.24674464', { components: { 'strange-driver': '1.0' } });
    const parked = await approveUntil(rehearsal, run, ({ step }) => step !== undefined);
    expect(parked.step).toBe(`base-image:export:${TEST_HOST}`);
    expect(parked.facts.join()).toContain('VTA_BASE_IMAGE_NOT_DESIRED');
    expect(eventsOf(rehearsal, 'base-image-imported')).toEqual([]);

    host.runningImage = right;
    await decide(run, parked, 'retry');
    const { report, approved } = await approveEverything(rehearsal, run);
    expect(approved).toEqual([IMPORT]);
    expect(report).toMatchObject({ outcome: 'completed', baseImages: [{ sha256: NEW_DIGEST }] });
  });

  it('whose file is no longer the approved one is not imported; exported anew, the approval counts for its digest alone', async () => {
    await using rehearsal = await startRehearsal(referenceSite('new'));
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const gate = await approveUntil(rehearsal, run, ({ id }) => id === IMPORT);
    writeFileSync(join(archiveOf(rehearsal), NEW_FILE), 'something else');
    await approve(run, gate);
    const parked = await openGate(run, ({ step }) => step !== undefined);
    expect(parked.facts.join()).toContain('is not the one that was approved');
    expect(eventsOf(rehearsal, 'base-image-imported')).toEqual([]);

    await decide(run, parked, 'retry');
    const { report, approved } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    expect(approved).toEqual([]);
    expect(eventsOf(rehearsal, 'base-image-imported')).toHaveLength(1);
  });

  it.each(['reply-lost', 'task-record-gone'] as const)('is imported once (%s)', async (kind) => {
    await using rehearsal = await startRehearsal(referenceSite('new'));
    const operation = 'base_images.import_from_imgdb';
    rehearsal.simulator.world.faults.add({ kind, operation });
    const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
    const { report } = await approveEverything(rehearsal, run);
    expect(rehearsal.simulator.world.faults.all()).toMatchObject([{ operation, fired: 1 }]);
    expect(report).toMatchObject({ outcome: 'completed', baseImages: [{ sha256: NEW_DIGEST }] });
    expect(eventsOf(rehearsal, 'base-image-imported')).toHaveLength(1);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(holds()).toBe(true);
}

function eventsOf({ simulator }: Rehearsal, wanted: string) {
  return simulator.world.events.all().filter(({ what }) => what === wanted);
}

/** Names of the hosts that were taken out of service, in their order. */
function touched(rehearsal: Rehearsal): string[] {
  return eventsOf(rehearsal, 'maintenance-mode-entering').map(({ host }) => host ?? '');
}

function hostOf({ simulator }: Rehearsal, wanted: string) {
  return simulator.world.state.hosts.find(({ name }) => name === wanted);
}

function archiveOf({ simulator }: Rehearsal): string {
  return join(simulator.ready.infrastructureFile, '..', 'archive', 'base-images');
}

function filesOf(rehearsal: Rehearsal): string[] {
  return readdirSync(archiveOf(rehearsal));
}

function testCluster({ simulator }: Rehearsal) {
  return simulator.world.state.vCenters.flatMap(({ clusters }) => clusters).find(({ name }) => name === TEST_CLUSTER);
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
