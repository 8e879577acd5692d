import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { WorkflowExecutionInfo, WorkflowHandle } from '@temporalio/client';
import { startDevServer } from '../../src/cli/dev-server';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import {
  hostWorkflowId,
  ledgerWorkflowId,
  patchScheduleId,
  runWorkflowId,
  vCenterWorkflowId,
} from '../../src/model/ids';
import type { OpenGate } from '../../src/model/progress';
import { abortSignal, approveSignal, pauseUpdate, resumeUpdate } from '../../src/workflows/message-definitions';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { GO, startCheckServer } from '../support/check-server';
import { bringsBack, edit, operate } from '../support/failed-host';
import { HOST_1, hostsRequest, hostsSite, TA_1 } from '../support/hosts-site';
import { patchRequest, patchSite } from '../support/patch-site';
import { hostsOnly, quickSite } from '../support/quick-site';
import { TEST_HOST, referenceRequest, referenceSite } from '../support/reference-site';
import {
  approve,
  approveEverything,
  approveUntil,
  decide,
  openGate,
  reject,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';
import { cleanHistory, decodedTexts } from './history-file';

/*
 * Records what test/histories/replay.test.ts replays; started by scripts/record-histories.mjs only. Says with each
 * history what its workflow went through: a change of the workflow code that breaks none of these is compatible.
 */
const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
const DIRECTORY = join(__dirname, version);

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

/** One vCenter each, two Trust Authority Hosts, one Trusted Host. */
function site(): ScenarioInput {
  const scenario = quickSite();
  for (const { hosts } of scenario.trusted.flatMap(({ clusters }) => clusters))
    Object.assign(hosts, { count: 1, vms: 0 }); // there is no other to move them to
  return scenario;
}

it('an upgrade of everything: signals, a pause, a failed host, a base image that is rejected first', async () => {
  await using rehearsal = await startRehearsal(site());
  const fault = { kind: 'remediation-fails', host: 'ta-host-1.lab.example' };
  await fetch(`${rehearsal.simulator.ready.control}/faults`, { method: 'POST', body: JSON.stringify(fault) });

  const run = await rehearsal.start({ ...rehearsal.request, approve: ['phase'] });
  const plan = await openGate(run, ({ id }) => id === 'plan');
  const answer = { gate: 'plan', by: 'alice', reason: 'CHG-4711' };
  await run.signal(approveSignal, { ...answer, digest: 'stale' });
  await run.signal(approveSignal, { ...answer, digest: plan.digest ?? '' });
  await approve(run, await openGate(run, ({ id }) => id === 'phase:1'));
  await run.executeUpdate(pauseUpdate, { args: [{ by: 'bob', reason: 'storage alarm' }] });
  await until(rehearsal, run, 'Paused');
  await run.executeUpdate(resumeUpdate, { args: [{ by: 'bob' }] });

  await decide(run, await nextGate(rehearsal, run, 'decide:host:ta-host-1.lab.example'), 'retry');
  await reject(run, await nextGate(rehearsal, run, 'base-image-import:'));
  await decide(run, await nextGate(rehearsal, run, 'decide:base-image:'), 'retry');
  await approveEverything(rehearsal, run);

  const { client, infrastructure } = rehearsal;
  await save(rehearsal, 'run-of-everything', run);
  await save(rehearsal, 'ledger', client.workflow.getHandle(ledgerWorkflowId(infrastructure)));
  const vCenter = client.workflow.getHandle(vCenterWorkflowId(infrastructure, 'ta-vc.lab.example'));
  await save(rehearsal, 'vcenter', vCenter);
  const [failed, retried] = await runsOf(rehearsal, hostWorkflowId(infrastructure, 'ta-host-1.lab.example'));
  await save(rehearsal, 'host-trust-authority-remediation-failed', failed);
  await save(rehearsal, 'host-trust-authority', retried);
  const [canary, again] = await runsOf(rehearsal, hostWorkflowId(infrastructure, 'host-1.lab.example'));
  await save(rehearsal, 'host-trusted-image-unknown', canary);
  await save(rehearsal, 'host-trusted-image-imported', again);
}, 300_000);

it('hosts only: a host that is left out, a reminder, an abort', async () => {
  await using rehearsal = await startRehearsal(hostsSite(), ({ approvals }) => {
    approvals.expireAfter = '2s';
  });
  const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure, { approve: ['host'] }));
  const { openedAt, expiresAt } = await openGate(run, ({ id }) => id === 'plan');
  await openGate(run, (gate) => gate.openedAt === openedAt && gate.expiresAt !== expiresAt); // the reminder
  await approve(run, await openGate(run, ({ id }) => id === 'plan'));
  await reject(run, await approveUntil(rehearsal, run, ({ id }) => id === 'host:ta-host-2.lab.example'));
  await openGate(run, ({ id }) => id === 'phase:4');
  await run.signal(abortSignal, { by: 'alice', reason: 'the change window is over' });
  await run.result();
  await save(rehearsal, 'run-aborted', run);
}, 300_000);

it('a run that is held, paused meanwhile, and leaves a host behind by its failure budget', async () => {
  await using server = await startCheckServer({ status: 423, body: 'change freeze' });
  await using rehearsal = await startRehearsal(hostsSite({ ta: 3 }), (infrastructure) => {
    infrastructure.holds = [{ name: 'freeze', url: server.url, tls: { thumbprint: server.thumbprint } }];
    infrastructure.approvals.expireAfter = '2s';
  });
  rehearsal.simulator.world.faults.add({ kind: 'remediation-fails', host: 'ta-host-1.lab.example' });
  const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure, { failureBudget: 1 }));
  await approve(run, await openGate(run, ({ id }) => id === 'plan'));
  await until(rehearsal, run, 'Held before');
  await run.executeUpdate(pauseUpdate, { args: [{ by: 'bob', reason: 'storage alarm' }] });
  await until(rehearsal, run, 'Paused');
  await run.executeUpdate(resumeUpdate, { args: [{ by: 'bob' }] });
  await until(rehearsal, run, 'Held before');
  await new Promise((resolve) => setTimeout(resolve, 2_500)); // a reminder
  server.answer = GO;
  await approveEverything(rehearsal, run);
  await save(rehearsal, 'run-held', run);
}, 300_000);

it('a run that is continued as new', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'vta-histories-'));
  const { path: binary } = await locateTemporal({ env: process.env, log: () => undefined });
  const server = await startDevServer({
    binary,
    headless: true,
    logFile: join(directory, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 150 },
  });
  try {
    await using rehearsal = await startRehearsal(hostsSite(), undefined, server.address);
    const { workflowId } = await rehearsal.start(hostsRequest(rehearsal.infrastructure));
    const newest = rehearsal.client.workflow.getHandle(workflowId) as RunHandle;
    await approveEverything(rehearsal, newest);
    const [before, after] = await runsOf(rehearsal, workflowId);
    await save(rehearsal, 'run-before-it-was-continued', before);
    await save(rehearsal, 'run-continued', after);
  } finally {
    await server.close();
    rmSync(directory, { recursive: true });
  }
}, 300_000);

it('what a terminated run left behind', async () => {
  await using rehearsal = await startRehearsal(hostsSite());
  const { infrastructure } = rehearsal;
  const first = await rehearsal.start(hostsRequest(infrastructure));
  await approveUntil(rehearsal, first, ({ id }) => id.startsWith('base-image-import:'));
  await first.terminate();
  const run = await rehearsal.start(hostsRequest(infrastructure));
  await approveEverything(rehearsal, run);
  await save(rehearsal, 'run-after-a-terminate', run);
}, 300_000);

it('a run in which a Trust Authority Host is brought back and upgraded after all', async () => {
  await using rehearsal = await startRehearsal(hostsSite());
  rehearsal.simulator.world.faults.add({ kind: 'service-broken', host: TA_1, service: 'attestd' });
  const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure));
  await operate(run, { decide: bringsBack(TA_1, () => edit(rehearsal, { edit: 'revert-host', host: TA_1 })) });
  await save(rehearsal, 'run-that-brings-back-a-trust-authority-host', run);
}, 300_000);

it('a run in which a Trusted Host is brought back and upgraded after all', async () => {
  await using rehearsal = await startRehearsal(hostsSite({ trusted: 2 }));
  rehearsal.simulator.world.faults.add({ kind: 'no-return', host: HOST_1 });
  const request = { phases: [4], reason: 'the Trusted Hosts', recoverTrustedHosts: true };
  const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure, request));
  await operate(run, { decide: bringsBack(HOST_1, () => edit(rehearsal, { edit: 'power-cycle', host: HOST_1 })) });
  await save(rehearsal, 'run-that-brings-back-a-trusted-host', run);
}, 300_000);

it('a reference host alone, which fails first, and whose image is rejected first', async () => {
  await using rehearsal = await startRehearsal(referenceSite());
  rehearsal.simulator.world.faults.add({ kind: 'remediation-fails', host: TEST_HOST });
  const run = await rehearsal.start(referenceRequest(rehearsal.infrastructure));
  await decide(run, await nextGate(rehearsal, run, `decide:host:${TEST_HOST}`), 'retry');
  await reject(run, await nextGate(rehearsal, run, 'base-image-import:'));
  await decide(run, await nextGate(rehearsal, run, 'decide:base-image:'), 'retry');
  await approveEverything(rehearsal, run);
  await save(rehearsal, 'run-of-a-reference-host', run);
  const [, retried] = await runsOf(rehearsal, hostWorkflowId(rehearsal.infrastructure, TEST_HOST));
  await save(rehearsal, 'host-reference', retried);
}, 300_000);

it('a run that is refused', async () => {
  await using rehearsal = await startRehearsal(site());
  const run = await rehearsal.start(hostsOnly(rehearsal.infrastructure));
  await expect(run.result()).rejects.toThrow('failed');
  await save(rehearsal, 'run-refused', run);
}, 60_000);

it('plans', async () => {
  await using rehearsal = await startRehearsal(site());
  const { client, taskQueue, request } = rehearsal;
  const options = { taskQueue, workflowId: `plan-${taskQueue}`, args: [request] };
  const handle = await client.workflow.start('planTrustAuthority', options);
  await handle.result();
  await save(rehearsal, 'plan', handle);
}, 60_000);

it('a patch run, and the run that it starts, whose plan a standing approval covers', async () => {
  await using rehearsal = await startRehearsal(patchSite());
  const { client, taskQueue, infrastructure } = rehearsal;
  const patch = await client.workflow.start('patchTrustAuthority', {
    taskQueue,
    workflowId: `${patchScheduleId(infrastructure)}-2026-11-28T20:00:00Z`,
    args: [patchRequest(infrastructure, { approve: ['phase'] })],
  });
  await patch.result();
  await save(rehearsal, 'patch', patch);
  const run = client.workflow.getHandle(runWorkflowId(infrastructure));
  await openGate(run as RunHandle, ({ id }) => id === 'phase:1');
  await run.signal(abortSignal, { by: 'alice', reason: 'seen enough' });
  await run.result();
  await save(rehearsal, 'run-by-standing-approval', run);
}, 120_000);

/** Approves what is asked until a gate opens whose id begins so; no other step may fail before. */
async function nextGate(rehearsal: Rehearsal, run: RunHandle, id: string): Promise<OpenGate> {
  const gate = await approveUntil(rehearsal, run, (one) => one.step !== undefined || one.id.startsWith(id));
  if (gate.id.startsWith(id)) return gate;
  throw new Error(`not ${id} opened, but ${gate.id}: ${gate.facts.join(' ')}`);
}

async function until(rehearsal: Rehearsal, run: WorkflowHandle, now: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const progress = await run.query<{ now: string }>('progress');
    if (progress.now.startsWith(now)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It was never "${now}": ${rehearsal.log.slice(-5).join('\n')}`);
}

/** The executions under one workflow id, oldest first; what the server lists may lag a moment behind. */
async function runsOf(rehearsal: Rehearsal, workflowId: string): Promise<[WorkflowHandle, WorkflowHandle]> {
  for (let tries = 0; tries < 100; tries++) {
    const found: WorkflowExecutionInfo[] = [];
    for await (const one of rehearsal.client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) found.push(one);
    const [first, second] = found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
    if (first !== undefined && second !== undefined)
      return [
        rehearsal.client.workflow.getHandle(workflowId, first.runId),
        rehearsal.client.workflow.getHandle(workflowId, second.runId),
      ];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`There are not two executions of ${workflowId}.`);
}

async function save(rehearsal: Rehearsal, name: string, handle: WorkflowHandle): Promise<void> {
  const { simulator, infrastructure } = rehearsal;
  const directory = join(simulator.ready.infrastructureFile, '..');
  const text = cleanHistory(await handle.fetchHistory(), { [directory]: '/lab', [infrastructure]: 'lab' });
  const secrets = readdirSync(join(directory, 'secrets')).map((file) =>
    readFileSync(join(directory, 'secrets', file), 'utf8'),
  );
  const seen = decodedTexts(text).join('\n');
  // A machine stands in histories as `process@machine`; its name alone may be an ordinary word.
  for (const hidden of [...secrets, `@${hostname()}`, join(__dirname, '../..')])
    if (seen.includes(hidden)) throw new Error(`${name} would hold what nobody else should see.`);
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(join(DIRECTORY, `${name}.json`), text);
}
