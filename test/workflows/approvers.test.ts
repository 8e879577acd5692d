import { describe, expect, it } from 'vitest';
import { hostsRequest, hostsSite } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';
import { lookAtWorld } from '../support/world-changes';

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
});
