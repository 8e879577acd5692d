import { describe, expect, it } from 'vitest';
import { newRunState } from '../../src/workflows/run-state';
import { budgetCovers } from '../../src/workflows/failure-budget';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { plan } from '../support/inventory';
import { auditOf, eventually, progressOf } from '../support/people';
import {
  approve,
  approveEverything,
  approveUntil,
  decide,
  openGate,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';

const HOST_2 = 'host-2.lab.example';
const HOST_3 = 'host-3.lab.example';

function buildOf(lab: Rehearsal, name: string): [build: string, inMaintenanceMode: boolean] {
  const host = lab.simulator.world.state.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no ${name}`);
  return [host.runningImage.build, host.inMaintenanceMode];
}

/** Four times what is promised to people: the machine that runs the tests may be busy. */
const SOON_MS = 20_000;

/** The vCenter refuses it until the fault is deleted. */
function cannotLeaveMaintenanceMode({ simulator }: Rehearsal, host: string): string {
  const operation = 'ExitMaintenanceMode_Task';
  return simulator.world.faults.add({ kind: 'error', operation, host, error: 'TaskInProgress', count: null }).id;
}

function ended({ simulator }: Rehearsal, host: string) {
  return simulator.world.events.all().find(({ what, host: of }) => what === 'remediation-ended' && of === host);
}

describe('the failure budget covers', () => {
  const state = { ...newRunState('t', 'r'), plan: { ...plan(), failureBudget: 1 } };

  it("a host's first failure, as long as there is budget", () => {
    expect(budgetCovers(state, 'VTA_REMEDIATION_FAILED', 1)).toBe(true);
    expect(budgetCovers({ ...state, budgetUsed: ['host:a'] }, 'VTA_REMEDIATION_FAILED', 1)).toBe(false);
    expect(budgetCovers({ ...state, plan: plan() }, 'VTA_REMEDIATION_FAILED', 1)).toBe(false);
  });

  it('no failure that people were asked about before, and none that the next host would meet too', () => {
    expect(budgetCovers(state, 'VTA_REMEDIATION_FAILED', 2)).toBe(false);
    for (const code of ['VTA_DESIRED_IMAGE_DRIFTED', 'VTA_CREDENTIALS_REJECTED', 'VTA_OUTCOME_UNKNOWN'] as const)
      expect(budgetCovers(state, code, 1)).toBe(false);
  });
});

describe.concurrent('a run whose hosts fail', { timeout: 200_000 }, () => {
  it('asks at once without a budget: what failed is told before the host is left in order, then all that can be done', async () => {
    await using lab = await startRehearsal(hostsSite({ ta: 3 }));
    const step = `host:${TA_1}`;
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_1 });
    const held = cannotLeaveMaintenanceMode(lab, TA_1);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    const failedAt = await eventually('the failure', () => ended(lab, TA_1)?.time);
    const told = await eventually('the failure to be told', async () => {
      const now = await progressOf(run);
      return now.problem === undefined ? undefined : now;
    });
    expect(Date.now() - Date.parse(failedAt)).toBeLessThan(SOON_MS);
    expect(told.problem).toMatchObject({ step, code: 'VTA_REMEDIATION_FAILED' });
    expect(told.now).toMatch(/^host:ta-host-1\S+ failed: vLCM could not remediate .* It is left in order first/);
    expect(told.phases[1]?.items[0]).toMatchObject({ name: TA_1, state: 'failed' });
    expect([told.gates, buildOf(lab, TA_1)]).toEqual([[], [OLD_BUILD, true]]);

    lab.simulator.world.faults.clear(held);
    const releasedAt = Date.now();
    const gate = await openGate(run, ({ actions }) => actions?.includes('skip') === true);
    expect(Date.now() - releasedAt).toBeLessThan(SOON_MS);
    expect(gate.step).toBe(step);
    expect(gate.facts[0]).toMatch(
      /^VTA_REMEDIATION_FAILED: .* in maintenance mode\. .* has been taken out of maintenance mode again\.$/,
    );
    expect(gate.examples.map(({ payload }) => payload['action'])).toEqual(gate.actions);
    await decide(run, gate, 'abort');
    expect((await run.result()).summary).not.toMatch(/budget/);
  });

  it('leaves the first one behind and reports it, and asks about the second', async () => {
    await using lab = await startRehearsal(hostsSite({ trusted: 3 }));
    const { faults } = lab.simulator.world;
    for (const host of [HOST_2, HOST_3]) faults.add({ kind: 'remediation-fails', host });
    // Whether a host may be left behind cannot be found out for a while.
    const held = [HOST_2, HOST_3].map((host) => cannotLeaveMaintenanceMode(lab, host));
    const run = await lab.start(hostsRequest(lab.infrastructure, { failureBudget: 1 }));
    const asked = await approveUntil(lab, run, ({ id }) => id === 'plan');
    expect(asked.facts.join('\n')).toMatch(/failure budget: 1/);
    const asking = approveUntil(lab, run, ({ step }) => step !== undefined);
    asking.catch(() => undefined);
    await eventually('the failure', async () => (await progressOf(run)).problem);
    const { id } = faults.add({
      kind: 'error',
      operation: 'cis.tasks.list',
      error: 'SERVICE_UNAVAILABLE',
      count: null,
    });
    for (const each of held) faults.clear(each);
    const looking = await eventually('what the budget is asked about', async () => {
      const { now, problem } = await progressOf(run);
      return now.includes('the failure budget may leave it behind') ? { now, problem } : undefined;
    });
    expect(looking.now).toContain(looking.problem?.message);
    faults.clear(id);
    const gate = await asking;

    const { phases, warnings } = await progressOf(run);
    const items = phases.flatMap((phase) => phase.items);
    const left = items.filter(({ state }) => state === 'skipped');
    const failed = items.filter(({ state }) => state === 'failed');
    expect([left.length, failed.length]).toEqual([1, 1]);
    expect(gate.step).toBe(`host:${failed[0]?.name}`);
    expect(left[0]?.detail).toMatch(
      /^left on 8\.0\.2 build 22380479, connected, not in maintenance mode; skipped by the failure budget \(1 of 1\) after VTA_REMEDIATION_FAILED: /,
    );
    expect(warnings.join('\n')).toMatch(/failed and was skipped by the failure budget \(1 of 1\), nobody was asked/);
    expect(buildOf(lab, left[0]?.name ?? '')).toEqual([OLD_BUILD, false]);
    const audit = await auditOf(run);
    expect(audit.filter(({ on }) => on === `host:${left[0]?.name}`).map(({ what, by }) => [by, what])).toEqual([
      ['run', 'failed'],
      ['run', 'skipped'],
    ]);

    await decide(run, gate, 'retry');
    const { report } = await approveEverything(lab, run);
    expect(report.summary).toMatch(
      /Not done: host-[23]\.lab\.example \(skipped\)\. 1 of 1 of the failure budget is used\./,
    );
    const inReport = report.items.find(({ name }) => name === left[0]?.name);
    expect(inReport?.detail).toMatch(/skipped by the failure budget \(1 of 1\) after VTA_REMEDIATION_FAILED/);
    expect(buildOf(lab, failed[0]?.name ?? '')).toEqual([NEW_BUILD, false]);
  });

  it('has the gate of the next phase name what it left behind', async () => {
    await using lab = await startRehearsal(hostsSite({ ta: 3 }));
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_2 });
    const run = await lab.start(hostsRequest(lab.infrastructure, { failureBudget: 2 }));
    const gate = await approveUntil(lab, run, ({ id, step }) => id === 'phase:4' || step !== undefined);
    expect(gate.id).toBe('phase:4');
    expect(gate.facts.join('\n')).toMatch(/left behind: ta-host-2\.lab\.example: .*failure budget \(1 of 2\)/);
    const { report } = await approveEverything(lab, run);
    expect(report.items.map(({ name, state }) => [name, state]).slice(-1)).toEqual([[HOST_1, 'done']]);
  });

  it('asks although there is budget where skipping would break a rule', async () => {
    await using lab = await startRehearsal(hostsSite({ ta: 3 }));
    lab.simulator.world.faults.add({ kind: 'service-broken', host: TA_1, service: 'kmxd' });
    const run = await lab.start(hostsRequest(lab.infrastructure, { failureBudget: 3 }));
    const gate = await approveUntil(lab, run, ({ step }) => step !== undefined);
    expect(gate.step).toBe(`host:${TA_1}`);
    expect(gate.facts[0]).toMatch(/^VTA_SERVICE_DOWN/);
    expect((await progressOf(run)).warnings.join()).not.toMatch(/budget/);
    await decide(run, gate, 'abort');
    const report = await run.result();
    expect(report.items.map(({ state }) => state)).not.toContain('skipped');
    expect(report.summary).not.toMatch(/budget/);
  });
});
