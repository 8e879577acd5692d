import { describe, expect, it } from 'vitest';
import type { HostStanding } from '../../src/model/work';
import type { PlannedHost } from '../../src/model/plan';
import { whyNotSkip } from '../../src/workflows/skip-host';
import type { FaultSpec } from '../../simulator/world/faults';
import { HOST_1, hostsRequest, hostsSite, OLD_BUILD, TA_1, TA_2, TA_3 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { approveEverything, approveUntil, startRehearsal, type Rehearsal } from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

const HOST: PlannedHost = {
  name: TA_1,
  uuid: 'u',
  id: 'host-1',
  cluster: 'vTA Cluster',
  vCenter: 'ta-vc',
  role: 'trust-authority',
  from: { version: '8.0.2', build: '1' },
  to: { version: '8.0.3', build: '2' },
  imageKey: 'k',
  foundInMaintenanceMode: false,
  runningVms: 0,
};
const TRUSTED: PlannedHost = { ...HOST, name: HOST_1, role: 'trusted' };
const STANDING: HostStanding = {
  look: { version: '8.0.2', build: '1', connection: 'connected', inMaintenanceMode: false, vCenterTime: 't' },
  untouched: true,
  trouble: [],
  servingPeers: 1,
};
const OUT = { ...STANDING, look: { ...STANDING.look, inMaintenanceMode: true } };

describe('skipping a host is offered', () => {
  it.each<[string, PlannedHost, string[], HostStanding]>([
    ['for one that was not touched', HOST, [TA_2], STANDING],
    ['for a Trusted Host that was not touched', TRUSTED, [], { ...STANDING, servingPeers: 0 }],
    ['for one that the run put into maintenance mode: it is taken out', HOST, [TA_2], OUT],
    ['for one found in maintenance mode that is the last', { ...HOST, foundInMaintenanceMode: true }, [], OUT],
  ])('%s', (_what, host, following, standing) => {
    expect(whyNotSkip(host, following, standing)).toBeUndefined();
  });

  it.each<[string, PlannedHost, HostStanding, RegExp]>([
    ['for one on another build', HOST, { ...STANDING, untouched: false }, /is not as it was before the run/],
    ['for one that vLCM works on', HOST, { ...STANDING, atWork: 'vLCM is at work' }, /vLCM is at work/],
    ['for one that is not connected', HOST, { ...STANDING, trouble: ['it is notResponding'] }, /notResponding/],
    ['for one that does not attest', TRUSTED, { ...STANDING, trouble: ['it is not attested'] }, /not attested/],
    ['for the one of two that serve', HOST, { ...STANDING, servingPeers: 0 }, /fewer than two that serve/],
    [
      'for one found out of service before others',
      { ...HOST, foundInMaintenanceMode: true },
      OUT,
      /would leave service/,
    ],
  ])('but not %s', (_what, host, standing, reason) => {
    expect(whyNotSkip(host, [TA_2], standing)).toMatch(reason);
  });
});

async function parkedOn(lab: Rehearsal, fault: FaultSpec): Promise<{ run: RunHandle; attempt: number; step: string }> {
  lab.simulator.world.faults.add(fault);
  const run = await lab.start(hostsRequest(lab.infrastructure));
  const { step = '', attempt = 0 } = await approveUntil(lab, run, (gate) => gate.step !== undefined);
  return { run, step, attempt };
}

/** The gate once it is known whether a skip breaks a rule. */
async function judged(run: RunHandle) {
  return await eventually('whether skip is offered', async () =>
    (await progressOf(run)).gates.find(
      ({ actions, facts }) => actions?.includes('skip') || facts.some((fact) => fact.includes('"skip" is not offered')),
    ),
  );
}

describe.concurrent('a host that failed', { timeout: 150_000 }, () => {
  it('is skipped when it was not changed: it leaves maintenance mode, the next one follows, the next phase asks', async () => {
    await using lab = await startRehearsal(hostsSite({ ta: 3 }));
    const { run, step, attempt } = await parkedOn(lab, { kind: 'remediation-fails', host: TA_1 });
    expect(step).toBe(`host:${TA_1}`);
    const gate = await judged(run);
    expect(gate.actions).toEqual(['retry', 'skip', 'abort']);
    expect(gate.examples.map(({ payload }) => payload['action'])).toEqual(['retry', 'skip', 'abort']);
    await say(run, 'decide', { step, attempt, action: 'skip', by: 'bob', reason: 'its disk is full' });
    const phase = await approveUntil(lab, run, ({ id }) => id === 'phase:4');
    expect(phase.facts.join('\n')).toMatch(
      /left behind: ta-host-1\.lab\.example: left on 8\.0\.2 build 22380479, connected/,
    );
    const { report } = await approveEverything(lab, run);
    expect(report.items.map(({ name, state }) => [name, state])).toEqual([
      [TA_1, 'skipped'],
      [TA_2, 'done'],
      [TA_3, 'done'],
      [HOST_1, 'done'],
    ]);
    const host = lab.simulator.world.state.hosts.find(({ name }) => name === TA_1);
    expect([host?.inMaintenanceMode, host?.runningImage.build]).toEqual([false, OLD_BUILD]);
  });

  it('is not skipped when it changed: not offered, refused with the reason in sight', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { run, step, attempt } = await parkedOn(lab, { kind: 'service-broken', host: TA_1, service: 'kmxd' });
    const gate = await judged(run);
    expect(gate.actions).toEqual(['retry', 'abort']);
    expect(gate.facts.at(-1)).toMatch(
      /^"skip" is not offered: ta-host-1\.lab\.example is not as it was before the run/,
    );
    const skip = { step, attempt, action: 'skip', by: 'bob', reason: 'no time' };
    expect(await refused(run, 'decide', skip)).toMatch(/^VTA_ACTION_NOT_OFFERED/);
    expect(await refused(run, 'decide', { ...skip, action: 'recover' })).toMatch(/^VTA_ACTION_NOT_OFFERED/);
    expect(await refused(run, 'decide', { ...skip, action: 'retry', attempt: attempt + 1 })).toMatch(/is not open/);
    await say(run, 'decide', { step, attempt, action: 'abort', by: 'bob', reason: 'we look at it' });
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    const [first] = report.items;
    expect(first).toMatchObject({ name: TA_1, state: 'failed' });
    expect(first?.detail).toMatch(
      /kmxd does not run.*Now it is on 8\.0\.3 build 24674464, connected, in maintenance mode\.$/,
    );
    expect(report.restored).toEqual([{ what: expect.any(String), restored: true }]);
  });

  it('is not skipped once it is no longer as it was when skip was offered', async () => {
    await using lab = await startRehearsal(hostsSite({ ta: 3 }));
    const { run, step, attempt } = await parkedOn(lab, { kind: 'remediation-fails', host: TA_1 });
    await judged(run);
    const services = lab.simulator.world.state.hosts.find(({ name }) => name === TA_1)?.services ?? [];
    for (const service of services) if (service.key === 'attestd') service.running = false;
    await say(run, 'decide', { step, attempt, action: 'skip', by: 'bob', reason: 'no time' });
    const again = await eventually('parked again', async () =>
      (await progressOf(run)).gates.find((gate) => gate.step === step && gate.attempt === attempt + 1),
    );
    expect(again.facts[0]).toMatch(/^VTA_ACTION_NOT_OFFERED: ta-host-1\.lab\.example cannot be skipped: .*attestd/);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    const report = await run.result();
    expect(report.items[0]).toMatchObject({ state: 'failed' });
    expect((await auditOf(run)).map(({ what }) => what)).toContain('decided skip');
  });
});
