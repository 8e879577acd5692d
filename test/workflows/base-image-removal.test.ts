import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import type { DigestedPlan } from '../../src/model/plan';
import { applyEdit } from '../../simulator/api/control/edits';
import { attestationOf } from '../../simulator/world/attestation';
import { imageOf } from '../../simulator/world/image';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD } from '../support/hosts-site';
import { auditOf, eventually, say } from '../support/people';
import {
  approve,
  approveEverything,
  approveUntil,
  openGate,
  reject,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';

const GATE = 'base-image-removal';
const OLD_IMAGE = '8.0.2-0.0.22380479';
const HOST_2 = 'host-2.lab.example';

/** Two Trusted Hosts: one may be needed while the other one is not. */
const site = () => hostsSite({ trusted: 2 });

/** Builds that every Trust Authority Host trusts. */
function trustedBuilds({ simulator }: Rehearsal): string[][] {
  return simulator.world.state.hosts.flatMap(({ trust }) =>
    trust === null ? [] : [trust.baseImages.map(({ image }) => image.build)],
  );
}

function removals({ simulator }: Rehearsal) {
  return simulator.world.events.all().filter(({ what }) => what === 'base-image-removed');
}

async function upgraded(lab: Rehearsal): Promise<void> {
  const { report } = await approveEverything(lab, await lab.start(hostsRequest(lab.infrastructure)));
  expect(report.outcome).toBe('completed');
}

/** A run that does nothing but remove base images. */
function onlyRemoval(lab: Rehearsal, more: object = {}) {
  return { infrastructure: lab.infrastructure, phases: [], removeBaseImages: { keepFor: '1s', ...more } };
}

/** Longer than what images are kept for after the last host left them. */
async function keptLongEnough(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1100));
}

describe.concurrent('base images that nothing needs any more', { timeout: 150_000 }, () => {
  it('go one by one, once people approved the list, and only from a world in which nothing needs them', async () => {
    await using lab = await startRehearsal(site());
    await upgraded(lab);
    expect(trustedBuilds(lab)).toEqual([
      [OLD_BUILD, NEW_BUILD],
      [OLD_BUILD, NEW_BUILD],
    ]);
    await keptLongEnough();
    const run = await lab.start(onlyRemoval(lab));
    const gate = await openGate(run, ({ id }) => id === GATE);
    expect(gate.facts.join('\n')).toMatch(
      new RegExp(`would go: ESXi .*${OLD_BUILD}: none of 2 Trusted Hosts runs it or last booted it fully`),
    );
    expect(gate.facts.join('\n')).toMatch(new RegExp(`stays: ESXi .*${NEW_BUILD}.*: .*desired image`));
    expect(removals(lab)).toEqual([]);
    await approve(run, gate);
    const report = await run.result();
    expect(report.outcome).toBe('completed');
    expect(report.baseImageRemoval?.images).toEqual([
      { version: expect.stringContaining(OLD_BUILD), detail: 'removed; 2 of 2 hosts have attested since' },
    ]);
    expect(trustedBuilds(lab)).toEqual([[NEW_BUILD], [NEW_BUILD]]);
    expect(removals(lab).map(({ detail }) => detail['stillBootedBy'])).toEqual([[]]);
    const audit = await auditOf(run);
    expect(audit.map(({ what, by }) => `${by}: ${what}`)).toEqual(
      expect.arrayContaining(['alice: approved', 'run: base image removal begun']),
    );
  });

  it('stay when somebody rejects the list, and the run ends well', async () => {
    await using lab = await startRehearsal(site());
    await upgraded(lab);
    await keptLongEnough();
    const run = await lab.start(hostsRequest(lab.infrastructure, { removeBaseImages: { keepFor: '1s' } }));
    const gate = await approveUntil(lab, run, ({ id }) => id === GATE);
    await reject(run, gate);
    const report = await run.result();
    expect(report).toMatchObject({
      outcome: 'nothing to do',
      baseImageRemoval: { outcome: 'none was removed: alice rejected it', images: [] },
    });
    expect(removals(lab)).toEqual([]);
  });

  it('stay when nobody answers in time', async () => {
    await using lab = await startRehearsal(site(), (file) => {
      file.approvals.expireAfter = '4s';
    });
    await upgraded(lab);
    await keptLongEnough();
    const run = await lab.start(onlyRemoval(lab));
    const report = await run.result();
    expect(report).toMatchObject({ outcome: 'nothing to do' });
    expect(report.summary).toBe('Base images: none was removed: nobody answered in time.');
    expect(removals(lab)).toEqual([]);
  });

  it('stay as long as a host’s last full boot is not known, and the plan says which', async () => {
    await using lab = await startRehearsal(site());
    await upgraded(lab);
    await keptLongEnough();
    // Somebody reboots a host: its last full boot was not observed.
    const host = lab.simulator.world.host(HOST_2);
    host.bootTime = lab.simulator.world.clock.now();
    const run = await lab.start(onlyRemoval(lab));
    const report = await run.result();
    expect(report.outcome).toBe('nothing to do');
    expect(report.summary).toContain(`Which image ${HOST_2} last booted fully is not known`);
    const made = await run.query<DigestedPlan | undefined>('plan');
    expect(made?.kind === 'plan' && made.plan.removal?.review.blocked).toEqual([
      expect.stringContaining(`Which image ${HOST_2} last booted fully is not known`),
    ]);
    expect(removals(lab)).toEqual([]);
  });

  it('are judged again right before they go: one that came to be needed after the approval stays', async () => {
    await using lab = await startRehearsal(site());
    await upgraded(lab);
    await keptLongEnough();
    const run = await lab.start(onlyRemoval(lab));
    const gate = await openGate(run, ({ id }) => id === GATE);
    await applyEdit(lab.simulator.world, { edit: 'set-connection', host: HOST_1, state: 'disconnected' });
    await approve(run, gate);
    const parked = await openGate(run, ({ step }) => step?.startsWith(GATE) === true);
    expect(parked.facts.join()).toContain(`VTA_BASE_IMAGE_NEEDED`);
    expect(parked.facts.join()).toContain(`Trusted Host ${HOST_1} is disconnected`);
    expect(removals(lab)).toEqual([]);
    await say(run, 'decide', { step: parked.step, attempt: 1, action: 'skip', by: 'alice', reason: 'later' });
    const report = await run.result();
    expect(report.baseImageRemoval?.images.map(({ detail }) => detail)).toEqual(['left trusted']);
    expect(removals(lab)).toEqual([]);
  });

  it('that turn out to be needed are imported again at once', async () => {
    await using lab = await startRehearsal(site());
    await upgraded(lab);
    await keptLongEnough();
    const run = await lab.start(onlyRemoval(lab));
    const gate = await openGate(run, ({ id }) => id === GATE);
    // What no API tells: the host attests with its old image, and asks for that when the image has just gone.
    const host = lab.simulator.world.host(HOST_1);
    lab.simulator.world.events.subscribe(({ what }) => {
      if (what === 'base-image-removed') host.bootedImage = imageOf(OLD_IMAGE);
    });
    await approve(run, gate);
    const parked = await openGate(run, ({ step }) => step?.startsWith(GATE) === true);
    expect(parked.facts.join()).toMatch(
      new RegExp(
        `VTA_BASE_IMAGE_NEEDED: After base image .*${OLD_BUILD} was removed, ${HOST_1} did not attest. It was imported again at once; now every host attests.`,
      ),
    );
    expect(attestationOf(host)).toBe('attested');
    expect(trustedBuilds(lab).map((builds) => builds.toSorted())).toEqual([
      [OLD_BUILD, NEW_BUILD],
      [OLD_BUILD, NEW_BUILD],
    ]);
    await say(run, 'decide', { step: parked.step, attempt: 1, action: 'skip', by: 'alice', reason: 'it is needed' });
    const report = await run.result();
    expect(report.baseImageRemoval?.images.map(({ detail }) => detail)).toEqual(['left trusted']);
  });

  it('stay when the archive has no whole file of them, unless the request names them', async () => {
    await using lab = await startRehearsal(site());
    const directory = join(lab.simulator.ready.infrastructureFile, '..', 'archive', 'base-images');
    for (const name of readdirSync(directory).filter((each) => each.endsWith('.tgz')))
      writeFileSync(join(directory, name), 'cut short');
    await upgraded(lab);
    await keptLongEnough();
    const { summary } = await (await lab.start(onlyRemoval(lab))).result();
    expect(summary).toContain('the archive holds no file of it');
    const version = `ESXi ${OLD_IMAGE}`;
    const run = await lab.start(onlyRemoval(lab, { withoutFile: [version] }));
    const gate = await openGate(run, ({ id }) => id === GATE);
    expect(gate.facts.join()).toContain('NO FILE of it is in the archive: it could not be imported again');
    await approve(run, gate);
    expect((await run.result()).outcome).toBe('completed');
    expect(trustedBuilds(lab)).toEqual([[NEW_BUILD], [NEW_BUILD]]);
  });

  it('are remembered by the ledger, host by host', async () => {
    await using lab = await startRehearsal(site());
    await upgraded(lab);
    const ledger = lab.client.workflow.getHandle(ledgerWorkflowId(lab.infrastructure));
    const boots = await eventually('the boots', async () => {
      const { boots: known = [] } = await ledger.query<LedgerState>('ledger');
      return known.length === 2 ? known : undefined;
    });
    expect(
      boots.map(({ subject, runs, lastFullBoot, before }) => ({
        name: subject.name,
        runs: runs.build,
        lastFullBoot: lastFullBoot.map(({ build }) => build),
        before: before.map(({ build }) => build),
      })),
    ).toEqual(
      [HOST_1, HOST_2].map((name) => ({ name, runs: NEW_BUILD, lastFullBoot: [NEW_BUILD], before: [OLD_BUILD] })),
    );
  });
});
