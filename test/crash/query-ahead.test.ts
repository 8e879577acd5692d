import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { inject, it } from 'vitest';
import { spawnOnLeash } from '../../src/cli/spawn-on-leash';
import { runWorkflowId } from '../../src/model/ids';
import type { upgradeTrustAuthority } from '../../src/workflows';
import { abortUpdate, approveSignal, pauseUpdate, progressQuery } from '../../src/workflows/message-definitions';
import { loadScenario } from '../../simulator/scenarios/load-scenario';
import { startSimulator } from '../../simulator/simulator';
import { crashSite } from '../support/crash/crash-site';
import type { KillingWorkerInput } from '../support/crash/killing-worker';
import { compiledProgram } from '../support/crash/worker-process';
import { eventually } from '../support/people';

/** Until then the workflow task of the approval waits for the worker that is dead; a new one is up long before. */
const STICKY_MS = 20_000;

/*
 * While no worker is there, somebody asks the run something and somebody approves its plan. The next worker answers the
 * question first, by a replay; the approval comes with the workflow task, together with what a person says after that.
 */
it('a question to a worker that takes a run over does not carry it to where it could not go on', async ({ expect }) => {
  const infrastructure = `ahead-${randomUUID().slice(0, 8)}`;
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-ahead-'));
  await using simulator = await startSimulator({ scenario: { ...loadScenario(crashSite()), infrastructure } });
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection });
  const workflowId = runWorkflowId(infrastructure);
  const run = client.workflow.getHandle<typeof upgradeTrustAuthority>(workflowId);

  const input: KillingWorkerInput = {
    address: inject('temporalAddress'),
    taskQueue: infrastructure,
    configFile: simulator.ready.infrastructureFile,
    workflowBundle: inject('workflowBundlePath'),
    journal: join(directory, 'journal.jsonl'),
    kills: [],
    graceMs: 2_000,
    stickyMs: STICKY_MS,
  };
  const program = await compiledProgram('test/support/crash/killing-worker');
  const logFd = openSync(join(directory, 'worker.log'), 'a');
  const startWorker = () =>
    spawnOnLeash(process.execPath, [program, JSON.stringify(input)], { env: process.env, logFd });

  const first = startWorker();
  await client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
    workflowId,
    taskQueue: infrastructure,
    args: [JSON.parse(readFileSync(simulator.ready.requestFile, 'utf8'))],
  });
  const gate = await eventually('the gate of the plan', async () => (await run.query(progressQuery)).gates[0]);
  await eventually('nothing to do but to wait', async () => {
    const { raw } = await run.describe();
    return (raw.pendingWorkflowTask ?? undefined) === undefined && (raw.pendingActivities ?? []).length === 0;
  });
  first.child.kill('SIGKILL');
  await first.ended;
  const asked = run.query(progressQuery);
  // The server has to have the question before anything else happens.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await run.signal(approveSignal, { gate: gate.id, digest: gate.digest ?? '', by: 'alice' });
  const second = startWorker();
  try {
    await asked;
    await run.executeUpdate(pauseUpdate, { args: [{ by: 'alice', reason: 'storage alarm' }] });
    await run.executeUpdate(abortUpdate, { args: [{ by: 'alice', reason: 'not tonight' }] });
    expect((await run.result()).outcome).toBe('aborted');
    const history = await run.fetchHistory();
    // Else the next worker had the workflow task before the question, and this test shows nothing.
    expect(JSON.stringify(history)).toContain('A query was answered ahead of this workflow task');
    await Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundlePath') } }, history, workflowId);
  } finally {
    await second.stop(5_000);
    closeSync(logFd);
    await connection.close();
    rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);
