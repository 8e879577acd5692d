import { describe, expect, it } from 'vitest';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { approve, approveEverything, approveUntil, openGate, reject, startRehearsal } from '../support/rehearsal';

const BOTH = { approve: ['phase', 'host'] };

describe.concurrent('the gates of a run', { timeout: 150_000 }, () => {
  it('open in order, each once, and each binds its answer to what it asks', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure, BOTH));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    await approve(run, plan);
    const first = await openGate(run, ({ id }) => id === 'phase:2');
    expect(await refused(run, 'approve', { gate: 'phase:2', digest: plan.digest, by: 'alice' })).toMatch(
      /^VTA_DIGEST_STALE: The digest is not the one of gate "phase:2"/,
    );
    expect(await refused(run, 'approve', { gate: 'plan', digest: plan.digest, by: 'bob' })).toMatch(
      /Gate "plan" is not open\. It was answered: approved by alice at .*Open: phase:2\./,
    );
    await approve(run, first);
    const host = await openGate(run, ({ id }) => id === `host:${TA_1}`);
    // An approval meant for "the current host" would land on the next one.
    await approve(run, host);
    expect(await refused(run, 'approve', { gate: `host:${TA_2}`, digest: host.digest, by: 'alice' })).toMatch(
      /is not open/,
    );
    const { report, approved } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(approved).toEqual([
      `host:${TA_2}`,
      'phase:4',
      `host:${HOST_1}`,
      expect.stringMatching(/^base-image-import:sha256:[0-9a-f]{64}$/),
    ]);
    expect(report.audit?.lines).toBe((await auditOf(run)).at(-1)?.n);
  });

  it('a rejected phase ends the run at a safe point, and nothing of that phase is touched', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure, { approve: ['phase'] }));
    await reject(run, await approveUntil(lab, run, ({ id }) => id === 'phase:4'));
    const report = await run.result();
    expect(report.outcome).toBe('rejected');
    expect(report.items.map(({ name, state }) => [name, state])).toEqual([
      [TA_1, 'done'],
      [TA_2, 'done'],
      [HOST_1, 'pending'],
    ]);
    expect(report.restored.every(({ restored }) => restored)).toBe(true);
    const host = lab.simulator.world.state.hosts.find(({ name }) => name === HOST_1);
    expect(host?.runningImage.build).toBe(OLD_BUILD);
  });

  it('a rejected host is left alone, and the next phase stays shut until an approval names it', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure, { approve: ['host'] }));
    await reject(run, await approveUntil(lab, run, ({ id }) => id === `host:${TA_2}`));
    // Nobody asked for gates between phases: this one opens because a host was left behind (R8).
    const phase = await openGate(run, ({ id }) => id === 'phase:4');
    expect(phase.facts.join('\n')).toContain(
      `left behind: ${TA_2}: left on 8.0.2 build ${OLD_BUILD}: rejected by alice`,
    );
    expect(phase.digest).toContain(`#left:${TA_2}`);
    const { report } = await approveEverything(lab, run);
    expect(report.items.map(({ name, state }) => [name, state])).toEqual([
      [TA_1, 'done'],
      [TA_2, 'skipped'],
      [HOST_1, 'done'],
    ]);
  });

  it('a host that was left behind and is no longer healthy keeps the next phase shut, whoever approves', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure, { approve: ['host'] }));
    await reject(run, await approveUntil(lab, run, ({ id }) => id === `host:${TA_2}`));
    const phase = await openGate(run, ({ id }) => id === 'phase:4');
    const services = lab.simulator.world.state.hosts.find(({ name }) => name === TA_2)?.services ?? [];
    const kmxd = services.find(({ key }) => key === 'kmxd');
    if (kmxd === undefined) throw new Error('no kmxd');
    kmxd.running = false;
    await approve(run, phase);
    const parked = await openGate(run, ({ step }) => step === 'phase:4');
    expect(parked.facts[0]).toMatch(
      /^VTA_HOST_UNHEALTHY: Phase 4 stays shut: .*ta-host-2\.lab\.example: kmxd does not run/,
    );
    kmxd.running = true;
    await say(run, 'decide', {
      step: 'phase:4',
      attempt: parked.attempt,
      action: 'retry',
      by: 'bob',
      reason: 'it runs',
    });
    await approveUntil(lab, run, ({ id }) => id === `host:${HOST_1}`);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    await run.result();
  });

  it('the image of the canary: rejected the host stays as it is and the run parks, then it is asked again', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const image = await approveUntil(lab, run, ({ id }) => id.startsWith('base-image-import:'));
    expect(image.facts.join('\n')).toMatch(/exported by host-1\.lab\.example/);
    await reject(run, image);
    const parked = await openGate(run, ({ step }) => step?.startsWith('base-image:') === true);
    expect(parked.actions).toEqual(['retry', 'abort']);
    const canary = lab.simulator.world.state.hosts.find(({ name }) => name === HOST_1);
    expect([canary?.inMaintenanceMode, canary?.runningImage.build]).toEqual([true, NEW_BUILD]);

    const wrong = { step: `host:${HOST_1}`, attempt: 1, action: 'skip', by: 'alice', reason: 'no time' };
    expect(await refused(run, 'decide', wrong)).toMatch(/is not open/);
    const retry = { step: parked.step, attempt: parked.attempt, by: 'alice', reason: 'looked at it' };
    expect(await refused(run, 'decide', { ...retry, action: 'skip' })).toMatch(
      /^VTA_ACTION_NOT_OFFERED: "skip" is not offered here\. Offered: retry, abort\./,
    );
    expect(await refused(run, 'approve', { gate: parked.id, digest: image.digest, by: 'alice' })).toMatch(
      /^VTA_MESSAGE_INVALID: Gate ".*" asks for a decision: send "decide" with step, attempt and one of retry, abort/,
    );
    await say(run, 'decide', { ...retry, action: 'retry' });
    const again = await openGate(run, ({ id }) => id === image.id);
    expect(again.openedAt).not.toBe(image.openedAt);
    await approve(run, again);
    const report = await run.result();
    expect(report).toMatchObject({
      outcome: 'completed',
      baseImages: [{ sha256: image.digest, approvedBy: ['alice'] }],
    });
    expect(
      await eventually('the end', async () => ((await progressOf(run)).state === 'ended' ? true : undefined)),
    ).toBe(true);
  });
});
