import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import type { WorldEvent, WorldEventKind } from '../../simulator/world/events';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { QUICK_SITE, quickSite } from '../support/quick-site';
import {
  approve,
  approveEverything,
  approveUntil,
  decide,
  openGate,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';
import { closedWindow, windowOpeningIn } from '../support/windows';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

/** What may happen outside of a window: the cluster is made ready, and what is staged changes nothing that runs. */
const OUTSIDE: readonly WorldEventKind[] = [
  'login',
  'logout',
  'attested',
  'policy-changed',
  'draft-changed',
  'desired-image-changed',
  'stage-ended',
  'vcenter-staged',
  'fault-fired',
];

async function startApproved(lab: Rehearsal, request: Record<string, unknown>): Promise<RunHandle> {
  const run = await lab.start(request);
  await approve(run, await openGate(run, ({ id }) => id === 'plan'));
  return run;
}

/** Waits until a step waits for its window and everything is staged. */
async function waitsFor(run: RunHandle, step: string) {
  return await eventually(`${step} waits for its window`, async () => {
    const { state, window, now } = await progressOf(run);
    return state === 'waiting for its window' && window?.step === step && now === window.why ? window : undefined;
  });
}

async function told(run: RunHandle, ...kinds: string[]): Promise<string[]> {
  const audit = await auditOf(run);
  return audit
    .filter(({ what }) => kinds.includes(what))
    .map(({ by, what, on, why }) => `${by}: ${what} ${on}: ${why ?? ''}`);
}

function happened({ simulator }: Rehearsal, ...kinds: WorldEventKind[]): WorldEvent[] {
  return simulator.world.events.all().filter(({ what }) => kinds.includes(what));
}

function changedOutside({ simulator }: Rehearsal, before = Infinity): string[] {
  const events = simulator.world.events.all().filter(({ time }) => Date.parse(time) < before);
  return events.flatMap(({ what, host, vCenter }) => (OUTSIDE.includes(what) ? [] : [`${what} ${host ?? vCenter}`]));
}

/** A site whose estimates are so long that no opening of a minute is long enough, and whose hosts are not that slow. */
function slowSite(): ScenarioInput {
  return { ...hostsSite(), paceScale: 0.03 };
}

describe.concurrent('a run with a maintenance window', { timeout: 170_000 }, () => {
  it('waits until it opens, stages meanwhile, and begins nothing before', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { window, opensAt } = windowOpeningIn(20_000, 60);
    const run = await startApproved(lab, hostsRequest(lab.infrastructure, { window }));
    const waits = await waitsFor(run, `host:${TA_1}`);
    expect(waits).toMatchObject({
      opensAt: new Date(opensAt).toISOString(),
      closesAt: new Date(opensAt + 3_600_000).toISOString(),
    });
    expect(waits.why).toMatch(
      /takes about 1 min \(estimated\), .* from 20\S+ \d\d:\d\d \+00:00 \(UTC\) to .*Nothing is in work/,
    );
    const { phases, now } = await progressOf(run);
    expect(now).toBe(waits.why);
    expect(phases[1]?.items).toEqual([
      { name: TA_1, state: 'pending', detail: `waits until ${waits.opensAt}, staged` },
      { name: TA_2, state: 'pending', detail: 'staged' },
    ]);
    expect(happened(lab, 'stage-ended').map(({ host }) => host)).toEqual([TA_1, TA_2]);

    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(changedOutside(lab, opensAt)).toEqual([]);
    expect(happened(lab, 'remediation-started').map(({ host }) => host)).toEqual([TA_1, TA_2, HOST_1]);
    expect(lab.simulator.world.state.hosts.map(({ runningImage }) => runningImage.build)).toEqual(
      Array(3).fill(NEW_BUILD),
    );
    expect(await told(run, 'waits for its window', 'no longer waits for its window', 'staged')).toEqual([
      expect.stringMatching(/^run: waits for its window host:ta-host-1\S+: from .* to .*; takes 1 min, estimated$/),
      expect.stringMatching(/^run: staged image:vTA Cluster: ta-host-1\.lab\.example, ta-host-2\.lab\.example$/),
      expect.stringMatching(/^run: no longer waits .*host:ta-host-1\S+: waited since \S+; it is open until/),
    ]);
  });

  it('begins one step outside of it when an approver says so, and the next one waits again', async () => {
    await using lab = await startRehearsal(quickSite());
    const request = { infrastructure: lab.infrastructure, target: { vCenter: '8.0.3.00500' }, phases: [1, 3] };
    const run = await startApproved(lab, { ...request, reason: 'vCenters only', window: closedWindow() });
    const [step, following] = await eventually('the plan', async () => {
      const { phases } = await progressOf(run);
      const names = phases.flatMap(({ items }) => items.map(({ name }) => `vcenter:${name}`));
      return names.length === 2 ? names : undefined;
    });
    await waitsFor(run, step ?? '');
    expect(happened(lab, 'vcenter-staged').map(({ vCenter }) => vCenter)).toEqual([QUICK_SITE.trustAuthorityVCenter]);
    expect(changedOutside(lab)).toEqual([]);

    const asked = { now: step, by: 'alice', reason: 'CHG-4711' };
    expect(await refused(run, 'resume', { ...asked, by: 'mallory' })).toMatch(/^VTA_APPROVER_UNKNOWN/);
    expect(await refused(run, 'resume', { ...asked, now: 'host:other' })).toMatch(
      /"host:other" does not wait for its maintenance window; what waits is "vcenter:/,
    );
    expect(await refused(run, 'resume', { now: step, by: 'alice' })).toMatch(/^VTA_MESSAGE_INVALID: Field "reason"/);
    expect(await refused(run, 'resume', { by: 'alice' })).toMatch(/not paused; .* "now"/);
    expect(happened(lab, 'vcenter-update-started')).toEqual([]);

    expect(await say(run, 'resume', asked)).toMatch(/is begun now, .*waits for the window again\.$/);
    await waitsFor(run, following ?? '');
    expect((await progressOf(run)).phases[0]?.state).toBe('done');
    expect(happened(lab, 'vcenter-update-started')).toHaveLength(1);
    expect(await told(run, 'resume now', 'no longer waits for its window')).toEqual([
      `alice: resume now ${step}: CHG-4711`,
      expect.stringMatching(/it is begun now, whatever the window says: alice: CHG-4711$/),
    ]);
    expect(await refused(run, 'resume', asked)).toMatch(/does not wait/);
    expect(await say(run, 'abort', { by: 'bob', reason: 'seen enough' })).toMatch(/^The run ends now/);
    const report = await run.result();
    expect(report.items.map(({ state }) => state)).toEqual(['done', 'pending']);
    expect((await told(run, 'no longer waits for its window')).at(-1)).toMatch(/the run was ended while it waited$/);
  });

  it('is told when people decide outside of it, who are obeyed at once; it obeys pause and abort while it waits', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_1 });
    const operation = 'clusters.software.stage';
    lab.simulator.world.faults.add({ kind: 'error', operation, error: 'UNSUPPORTED' });
    const run = await startApproved(lab, hostsRequest(lab.infrastructure, { window: closedWindow() }));
    const waits = await waitsFor(run, `host:${TA_1}`);
    // A staging that fails is a warning, and nothing more.
    expect((await progressOf(run)).warnings.join(' ')).toMatch(/Not staged before .* done inside of it: .*UNSUPPORTED/);

    await say(run, 'pause', { by: 'bob', reason: 'lunch' });
    await eventually('paused', async () => (await progressOf(run)).state === 'paused' || undefined);
    await say(run, 'resume', { by: 'bob' });
    expect((await waitsFor(run, `host:${TA_1}`)).opensAt).toBe(waits.opensAt);
    expect(changedOutside(lab)).toEqual([]);

    await say(run, 'pause', { by: 'bob', reason: 'lunch' });
    expect(await say(run, 'resume', { now: `host:${TA_1}`, by: 'alice', reason: 'CHG-4711' })).toMatch(
      /not paused any more/,
    );
    const failed = await openGate(run, ({ step }) => step === `host:${TA_1}`);
    const facts = await eventually('the window is told', async () => {
      const gate = (await progressOf(run)).gates.find(({ id }) => id === failed.id);
      return gate?.facts.find((fact) => fact.startsWith('maintenance window:'));
    });
    expect(facts).toMatch(/^maintenance window: closed until 20\S+ .*\(UTC\); "retry" goes on at once/);
    await decide(run, failed, 'retry');
    // The retried host is done, though the window is closed.
    const next = await waitsFor(run, `host:${TA_2}`);
    // It failed first, so how long it took is not known: people were waited for.
    expect(next.why).toContain('(estimated)');
    expect(happened(lab, 'remediation-started').every(({ host }) => host === TA_1)).toBe(true);

    await say(run, 'abort', { by: 'bob', reason: 'the change is over' });
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    expect(report.items.map(({ state }) => state)).toEqual(['done', 'pending', 'pending']);
    expect(report.restored.every(({ restored }) => restored)).toBe(true);
    expect((await progressOf(run)).window).toBeUndefined();
  });

  it('asks when no opening is long enough; the next host is measured by the one before', async () => {
    await using lab = await startRehearsal(slowSite());
    const request = hostsRequest(lab.infrastructure, { phases: [2], reason: 'these only', window: closedWindow(1) });
    const run = await lab.start(request);
    const parked = await approveUntil(lab, run, ({ step }) => step !== undefined);
    expect(parked).toMatchObject({ step: `window:host:${TA_1}`, actions: ['retry', 'abort'] });
    expect(parked.facts[0]).toMatch(
      /^VTA_WINDOW_TOO_SHORT: .* takes about 2 min \(estimated\) and needs a tenth more .* lasts 1 min\. Nothing was done/,
    );
    expect(await refused(run, 'resume', { now: `host:${TA_1}`, by: 'alice', reason: 'now' })).toMatch(/decide "retry"/);
    expect(changedOutside(lab)).toEqual([]);
    await decide(run, parked, 'retry');
    const { why } = await waitsFor(run, `host:${TA_2}`);
    expect(why).toContain('takes about 1 min (the longest of this run)');
    expect(happened(lab, 'remediation-started').map(({ host }) => host)).toEqual([TA_1]);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    expect((await run.result()).items.map(({ state }) => state)).toEqual(['done', 'pending']);
  });
});
