import { describe, expect, it } from 'vitest';
import { hostsRequest, hostsSite, TA_1 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';
import { closedWindow } from '../support/windows';
import { lookAtWorld } from '../support/world-changes';

/** Long enough for two messages on a busy machine. */
const EXPIRY_MS = 20_000;

/** A run whose approvals need two of three people. */
async function twoOfThree(expireAfter = '72h'): Promise<Rehearsal> {
  return await startRehearsal(hostsSite(), ({ approvals }) => {
    approvals.approvers = ['alice', 'bob', 'carol'];
    approvals.required = 2;
    approvals.expireAfter = expireAfter;
  });
}

describe.concurrent('a gate that needs two approvers', { timeout: 120_000 }, () => {
  it('takes two different ones, and begins nothing before the second', async () => {
    await using lab = await twoOfThree();
    const world = lookAtWorld(lab.simulator);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const { digest } = await openGate(run, ({ id }) => id === 'plan');
    const answer = (by: string) => ({ gate: 'plan', digest, by });
    expect(await say(run, 'approve', answer('alice'))).toBe('Approval 1 of 2 for plan; 1 more needed.');
    expect(await refused(run, 'approve', answer('alice'))).toMatch(
      /^VTA_GATE_NOT_OPEN: "alice" has approved gate "plan" already; 2 different approvers are needed/,
    );
    expect(await refused(run, 'approve', answer('mallory'))).toMatch(/^VTA_APPROVER_UNKNOWN/);
    const [gate] = (await progressOf(run)).gates;
    expect(gate?.approvals).toEqual({ given: ['alice'], required: 2 });
    expect(world.changes()).toEqual([]);

    // The second approval as signal, twice: the second of them finds the gate closed.
    await run.signal('approve', answer('carol'));
    await run.signal('approve', answer('bob'));
    const late = await eventually('the refusal', async () =>
      (await auditOf(run)).find(({ what, by }) => what === 'refused approve' && by === 'bob'),
    );
    expect(late.why).toMatch(/Gate "plan" is not open\. It was answered: approved by alice, carol at /);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    expect((await run.result()).outcome).toBe('aborted');
  });

  it('is rejected by one, although another one has approved', async () => {
    await using lab = await twoOfThree();
    const world = lookAtWorld(lab.simulator);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const { digest } = await openGate(run, ({ id }) => id === 'plan');
    await say(run, 'approve', { gate: 'plan', digest, by: 'alice' });
    await say(run, 'reject', { gate: 'plan', digest, by: 'bob', reason: 'the wrong week' });
    const report = await run.result();
    expect(report).toMatchObject({
      outcome: 'rejected',
      summary: 'The run was rejected before anything was upgraded.',
    });
    expect(world.changes()).toEqual([]);
    expect((await auditOf(run)).map(({ by, what }) => `${by}: ${what}`)).toEqual([
      'run: planned',
      'run: gate opened',
      'alice: approved',
      'bob: rejected',
      'run: rejected',
    ]);
  });

  it('reminds once each time that nobody answers in time, and then an older approval no longer counts', async () => {
    await using lab = await twoOfThree('4s');
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const first = await openGate(run, ({ id }) => id === 'plan');
    const answer = (by: string) => ({ gate: 'plan', digest: first.digest, by });
    await say(run, 'approve', answer('alice'));
    // Noise must not make it remind more often.
    const noise = setInterval(() => void run.signal('approve', answer('mallory')), 500);
    const renewed = await eventually('two reminders', async () =>
      (await progressOf(run)).gates.find(({ reminders }) => reminders === 2),
    );
    clearInterval(noise);
    expect(renewed.approvals?.given).toEqual([]);
    const between = Date.parse(renewed.expiresAt) - Date.parse(first.expiresAt);
    expect(between).toBeGreaterThanOrEqual(8_000);
    expect(between).toBeLessThan(16_000);
    const reminders = (await auditOf(run)).filter(({ what }) => what === 'reminder');
    expect(reminders.map(({ on, why }) => `${on}: ${why}`)).toEqual([
      'plan: nobody answered in time (reminder 1); the approval of alice no longer counts',
      'plan: nobody answered in time (reminder 2)',
    ]);
    expect(await say(run, 'approve', answer('bob'))).toContain('Approval 1 of 2');
    expect(await say(run, 'approve', answer('alice'))).toContain('plan is approved by bob, alice');
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    await run.result();
  });

  it('needs two as well to begin a host outside of its maintenance window, and a paused run stays paused until then', async () => {
    await using lab = await twoOfThree(`${EXPIRY_MS / 1000}s`);
    const world = lookAtWorld(lab.simulator);
    const run = await lab.start(hostsRequest(lab.infrastructure, { window: closedWindow() }));
    const { digest } = await openGate(run, ({ id }) => id === 'plan');
    for (const by of ['alice', 'bob']) await say(run, 'approve', { gate: 'plan', digest, by });
    const step = `host:${TA_1}`;
    await eventually('it waits', async () => (await progressOf(run)).window?.step === step || undefined);
    await say(run, 'pause', { by: 'bob', reason: 'lunch' });
    const now = (by: string) => say(run, 'resume', { now: step, by, reason: `${by} has looked` });

    expect(await now('alice')).toMatch(/^Approval 1 of 2 to begin host:ta-host-1\S+ now; 1 more needed, of other/);
    expect(await now('alice')).toMatch(/^Approval 1 of 2/);
    expect((await progressOf(run)).window?.approvals).toEqual({ given: ['alice'], required: 2 });
    // As long as approvals count here: this one is not there any more when the next one comes.
    await new Promise((resolve) => setTimeout(resolve, EXPIRY_MS + 500));
    expect(await now('bob')).toMatch(/^Approval 1 of 2/);
    expect(await progressOf(run)).toMatchObject({ state: 'paused', window: { approvals: { given: ['bob'] } } });
    expect(world.changes().filter((change) => change.includes('maintenance-mode'))).toEqual([]);

    expect(await now('carol')).toMatch(/is begun now, .* not paused any more/);
    await eventually(
      'it is done',
      async () => (await progressOf(run)).phases[1]?.items[0]?.state === 'done' || undefined,
    );
    const begun = (await auditOf(run)).find(({ what }) => what === 'no longer waits for its window');
    expect(begun?.why).toMatch(/: bob, carol: bob has looked; carol has looked$/);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    expect((await run.result()).items.map(({ state }) => state)).toEqual(['done', 'pending', 'pending']);
  });
});
