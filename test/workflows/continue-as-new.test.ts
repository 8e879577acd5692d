import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDevServer } from '../../src/cli/dev-server';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import { hostWorkflowId, ledgerWorkflowId } from '../../src/model/ids';
import { hostChangeId, type LedgerState } from '../../src/model/ledger';
import { GO, startCheckServer } from '../support/check-server';
import { bringsBack, edit, operate } from '../support/failed-host';
import { closedWindow } from '../support/windows';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, say } from '../support/people';
import {
  approve,
  approveEverything,
  approveUntil,
  openGate,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

/** A history of so many events is to be continued as new: on this server every few steps, and in the middle of waits. */
const SUGGESTED_AT = 40;

let directory: string;
let server: DevServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vta-continue-'));
  const { path: binary } = await locateTemporal({ env: process.env, log: () => undefined });
  server = await startDevServer({
    binary,
    headless: true,
    logFile: join(directory, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': SUGGESTED_AT },
  });
});

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

/** How many executions a workflow id has had, oldest first, with how each ended. */
async function executions({ client }: Rehearsal, workflowId: string): Promise<string[]> {
  const found = [];
  for await (const { status, startTime } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    found.push({ status: status.name, startTime });
  return found.toSorted((a, b) => Number(a.startTime) - Number(b.startTime)).map(({ status }) => status);
}

/** Sends refused messages until the run has been continued as new where it waits. */
async function shed(run: RunHandle, lab: Rehearsal): Promise<void> {
  const runId = async () => (await lab.client.workflow.getHandle(run.workflowId).describe()).runId;
  const before = await runId();
  await eventually('continued as new', async () => {
    await run.signal('approve', 'noise');
    return (await runId()) !== before ? true : undefined;
  });
}

/** The handle of whichever execution is the newest. */
function newest(lab: Rehearsal, run: RunHandle): RunHandle {
  return Object.assign(lab.client.workflow.getHandle(run.workflowId), {
    firstExecutionRunId: run.firstExecutionRunId,
  }) as RunHandle;
}

describe.concurrent('a run that continues as new', { timeout: 170_000 }, () => {
  it('goes on as if nothing had happened: every gate asked once, every host begun once', async () => {
    await using lab = await startRehearsal(hostsSite(), undefined, server.address);
    const run = newest(lab, await lab.start(hostsRequest(lab.infrastructure, { approve: ['phase', 'host'] })));
    const { report, approved } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(approved).toEqual([
      'plan',
      'phase:2',
      `host:${TA_1}`,
      `host:${TA_2}`,
      'phase:4',
      `host:${HOST_1}`,
      expect.stringMatching(/^base-image-import:/),
    ]);
    const runs = await eventually('all executions listed', async () => {
      const found = await executions(lab, run.workflowId);
      return found.at(-1) === 'COMPLETED' ? found : undefined;
    });
    expect(runs.length).toBeGreaterThan(3);
    expect(new Set(runs.slice(0, -1))).toEqual(new Set(['CONTINUED_AS_NEW']));
    for (const host of lab.simulator.world.state.hosts) {
      const of = (what: string) =>
        lab.simulator.world.events.all().filter((event) => event.host === host.name && event.what === what).length;
      expect([host.name, of('remediation-started'), host.runningImage.build]).toEqual([host.name, 1, NEW_BUILD]);
    }
    expect(report.startedAt < report.endedAt).toBe(true);
    // The audit is one chain of one run, its lines numbered through.
    const lines = await auditOf(run);
    expect(lines.map(({ n }) => n)).toEqual(lines.map((_, index) => index + (lines[0]?.n ?? 0)));
    expect(report.audit?.lines).toBe(lines.at(-1)?.n);
  });

  it('keeps a hold with its beginning, and what is used of the failure budget', async () => {
    await using check = await startCheckServer();
    await using lab = await startRehearsal(
      hostsSite({ ta: 3 }),
      (infrastructure) => {
        infrastructure.holds = [{ name: 'freeze', url: check.url, tls: { thumbprint: check.thumbprint } }];
      },
      server.address,
    );
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_1 });
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_2 });
    const asked = hostsRequest(lab.infrastructure, { failureBudget: 1, approve: ['host'] });
    const run = newest(lab, await lab.start(asked));
    const gate = await approveUntil(lab, run, ({ id }) => id === `host:${TA_2}`);
    check.answer = { status: 423, body: 'change freeze' };
    await approve(run, gate);
    const heldNow = async () => {
      const { now } = await progressOf(run);
      return now.startsWith(`Held before ${TA_2}`) ? now : undefined;
    };
    const held = await eventually('held', heldNow);
    await shed(run, lab);
    expect(await eventually('held', heldNow)).toBe(held);
    check.answer = GO;
    const failed = await approveUntil(lab, run, ({ step }) => step !== undefined);
    expect(failed.step).toBe(`host:${TA_2}`);
    const lines = (await auditOf(run)).filter(({ what }) => what.endsWith('held'));
    expect(lines.map(({ what, on }) => [what, on])).toEqual([
      ['held', TA_2],
      ['no longer held', TA_2],
    ]);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    expect((await run.result()).summary).toMatch(/1 of 1 of the failure budget is used/);
  });

  it('keeps that a removal was approved and begun: it is not asked again, and one that is gone is added again', async () => {
    await using lab = await startRehearsal(hostsSite(), undefined, server.address);
    lab.simulator.world.faults.add({ kind: 'service-broken', host: TA_1, service: 'attestd' });
    const fault = lab.simulator.world.faults.add({ kind: 'task-fails', operation: 'Destroy_Task', count: null });
    const run = newest(lab, await lab.start(hostsRequest(lab.infrastructure)));
    const removal = `recover:${TA_1}:removal`;
    const back = bringsBack(TA_1, () => edit(lab, { edit: 'revert-host', host: TA_1 }));
    const parked = await operate(run, { decide: back, stopAt: ({ step }) => step === removal });
    if (!('gate' in parked)) throw new Error(JSON.stringify(parked.report));
    await shed(run, lab);
    lab.simulator.world.faults.clear(fault.id);
    // As the message says that one may: somebody removes it by hand.
    Object.assign(lab.simulator.world.host(TA_1), { vCenter: null, cluster: null });
    expect((await progressOf(run)).gates.map(({ id }) => id)).toEqual([parked.gate.id]);
    const asked: string[] = [];
    const end = await operate(run, {
      decide: async (gate) => {
        asked.push(gate.id);
        return gate.step === removal ? 'retry' : await back(gate);
      },
      stopAt: (gate) => {
        asked.push(gate.id);
        return false;
      },
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(asked.filter((id) => id.startsWith('recovery:'))).toEqual([]);
    expect(lab.simulator.world.host(TA_1).runningImage.build).toBe(NEW_BUILD);
  });

  it('keeps the wait for a maintenance window, what is staged, and that an approver let a step begin', async () => {
    await using lab = await startRehearsal(hostsSite(), undefined, server.address);
    const run = newest(lab, await lab.start(hostsRequest(lab.infrastructure, { window: closedWindow() })));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    const waits = async (name: string) =>
      await eventually(`${name} waits`, async () => {
        const { window, now, phases } = await progressOf(run);
        return window?.step === `host:${name}` && now === window.why ? { window, phases } : undefined;
      });
    const before = await waits(TA_1);
    await shed(run, lab);
    expect(await waits(TA_1)).toEqual(before);
    await say(run, 'resume', { now: `host:${TA_1}`, by: 'alice', reason: 'CHG-4711' });
    await waits(TA_2);
    await shed(run, lab);
    const { phases } = await waits(TA_2);
    expect(phases[1]?.items.map(({ state }) => state)).toEqual(['done', 'pending']);
    const count = (what: string) => lab.simulator.world.events.all().filter((event) => event.what === what).length;
    expect([count('stage-ended'), count('remediation-started')]).toEqual([2, 1]);
    const lines = (await auditOf(run)).filter(({ what }) => what.endsWith('for its window'));
    expect(lines.map(({ what, on }) => [what, on])).toEqual([
      ['waits for its window', `host:${TA_1}`],
      ['no longer waits for its window', `host:${TA_1}`],
      ['waits for its window', `host:${TA_2}`],
    ]);
    await lab.client.workflow.getHandle(run.workflowId).cancel();
    expect((await run.result()).outcome).toBe('aborted');
  });

  it('keeps an approval of two, a pause, and the attempt of a parked step', async () => {
    await using lab = await startRehearsal(
      hostsSite(),
      ({ approvals }) => {
        approvals.required = 2;
      },
      server.address,
    );
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_1 });
    const run = newest(lab, await lab.start(hostsRequest(lab.infrastructure)));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    await approve(run, plan);
    await shed(run, lab);
    const still = await openGate(run, ({ id }) => id === 'plan');
    expect(still).toMatchObject({ approvals: { given: ['alice'], required: 2 }, openedAt: plan.openedAt });
    await say(run, 'pause', { by: 'bob', reason: 'lunch' });
    await say(run, 'approve', { gate: 'plan', digest: plan.digest, by: 'bob' });
    await eventually('paused', async () => ((await progressOf(run)).now.startsWith('Paused') ? true : undefined));
    await shed(run, lab);
    await eventually('paused', async () => ((await progressOf(run)).now.startsWith('Paused') ? true : undefined));
    await say(run, 'resume', { by: 'bob' });

    const parked = await openGate(run, ({ step }) => step !== undefined);
    await shed(run, lab);
    const same = await openGate(run, ({ step }) => step !== undefined);
    expect(same).toMatchObject({ id: parked.id, attempt: 1, openedAt: parked.openedAt, step: `host:${TA_1}` });
    await say(run, 'decide', { step: same.step, attempt: 1, action: 'abort', by: 'bob', reason: 'seen enough' });
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    expect((await executions(lab, hostWorkflowId(lab.infrastructure, TA_1))).length).toBe(1);
    expect(lab.simulator.world.state.hosts.map(({ inMaintenanceMode }) => inMaintenanceMode)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('keeps the place in the middle of a host whose image is asked for', async () => {
    await using lab = await startRehearsal(hostsSite(), undefined, server.address);
    const run = newest(lab, await lab.start(hostsRequest(lab.infrastructure)));
    const asked = await approveUntil(lab, run, ({ id }) => id.startsWith('base-image-import:'));
    const child = hostWorkflowId(lab.infrastructure, HOST_1);
    expect(await executions(lab, child)).toEqual(['COMPLETED']);
    // Paused meanwhile: that is for the next step, and must not stop this host in the middle.
    await say(run, 'pause', { by: 'bob', reason: 'lunch' });
    await shed(run, lab);
    const same = await openGate(run, ({ id }) => id === asked.id);
    expect(same.openedAt).toBe(asked.openedAt);
    expect((await progressOf(run)).phases[3]?.items).toEqual([{ name: HOST_1, state: 'running' }]);
    await approve(run, same);
    await eventually('the host is done', async () =>
      (await progressOf(run)).phases[3]?.items.find(({ state }) => state === 'done'),
    );
    await eventually('paused', async () => ((await progressOf(run)).now.startsWith('Paused') ? true : undefined));
    await say(run, 'resume', { by: 'bob' });
    expect((await run.result()).outcome).toBe('completed');
    // Once to bring it to the new image, once to let it attest: nothing was done again.
    const children = await eventually('both listed', async () => {
      const found = await executions(lab, child);
      return found.length > 1 && !found.includes('RUNNING') ? found : undefined;
    });
    expect(children).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it('keeps what the ledger holds, also what it is told in between', async () => {
    await using lab = await startRehearsal(hostsSite(), undefined, server.address);
    const { client, infrastructure, taskQueue } = lab;
    const workflowId = ledgerWorkflowId(infrastructure);
    await client.workflow.start('vtaLedger', { workflowId, taskQueue, args: [{ infrastructure }] });
    const ledger = client.workflow.getHandle(workflowId);
    const changes = Array.from({ length: 60 }, (_, n) => {
      const subject = { name: `host-${n}`, uuid: `${n}`, cluster: 'vTA Cluster', vCenter: 'ta-vc' };
      const id = hostChangeId('maintenance-mode', subject.uuid);
      const before = { version: '8.0.2', build: OLD_BUILD };
      return { kind: 'maintenance-mode' as const, id, runId: 'run', at: '2026-01-01', subject, before };
    });
    const lastRun = { runId: 'run', outcome: 'aborted' as const, at: '2026-01-01' };
    await ledger.signal('write', { ended: lastRun });
    for (const change of changes) await ledger.signal('write', { record: [change] });
    await ledger.signal('write', { settle: changes.slice(0, 20).map(({ id }) => id) });
    expect(await ledger.query<LedgerState>('ledger')).toEqual({ changes: changes.slice(20), lastRun });
    const runs = await eventually('listed', async () => {
      const found = await executions(lab, workflowId);
      return found.length > 1 && found.at(-1) === 'RUNNING' ? found : undefined;
    });
    expect(new Set(runs.slice(0, -1))).toEqual(new Set(['CONTINUED_AS_NEW']));
    await ledger.terminate();
  });

  it('keeps an abort and a cancel request', async () => {
    await using lab = await startRehearsal(hostsSite(), undefined, server.address);
    const run = newest(lab, await lab.start(hostsRequest(lab.infrastructure)));
    await openGate(run, ({ id }) => id === 'plan');
    await shed(run, lab);
    await lab.client.workflow.getHandle(run.workflowId).cancel();
    expect((await run.result()).outcome).toBe('aborted');
  });
});
