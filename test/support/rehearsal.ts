import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  Client,
  Connection,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { parse, stringify } from 'yaml';
import { createActivities } from '../../src/activities/create-activities';
import { runWorkflowId } from '../../src/model/ids';
import type { OpenGate, Progress } from '../../src/model/progress';
import type { Report } from '../../src/model/report';
import type { upgradeTrustAuthority } from '../../src/workflows';
import { approveUpdate, decideUpdate, progressQuery, rejectUpdate } from '../../src/workflows/message-definitions';
import { loadScenario } from '../../simulator/scenarios/load-scenario';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { asksAgain } from './asks-again';
import { configuredInfrastructures } from '../../worker/main';
import { readConfiguration } from '../../worker/configuration';
import { createSecretResolver } from '../../worker/secrets';

type RunHandle = WorkflowHandleWithFirstExecutionRunId<typeof upgradeTrustAuthority>;

/** The real parts, for one test file: the shared Temporal server, a worker of its own, a simulator of its own. */
export interface Rehearsal extends AsyncDisposable {
  simulator: Simulator;
  client: Client;
  taskQueue: string;
  /** Unique in the shared server, so that rehearsals do not meet. */
  infrastructure: string;
  request: Record<string, unknown>;
  /** What the worker logged, a line each. */
  log: string[];
  start(request?: Record<string, unknown>): Promise<RunHandle>;
  /** Ends the worker and starts another one, which remembers nothing of the runs. */
  replaceWorker(): Promise<void>;
}

const log: string[] = [];
let installed = false;

interface WrittenVCenter {
  url: string;
  password: string;
  tls: { caFile?: string; thumbprint?: string };
}

/** The part of the infrastructure file that tests change. */
interface InfrastructureEntry {
  trustAuthority: { vCenter: WrittenVCenter; cluster: string };
  trusted: [{ vCenter: WrittenVCenter; clusters: string[] }];
  approvals: { approvers: string[]; required: number; expireAfter: string };
  esxi?: object;
  recovery?: object;
  holds?: object[];
}

/**
 * @param scenario a shipped one by name, or one of the test's own
 * @param edit changes the infrastructure in the file that the simulator wrote, before the worker reads it
 * @param address of a Temporal server of the test's own; not given: the one that all share
 */
export async function startRehearsal(
  scenario: string | ScenarioInput,
  edit?: (infrastructure: InfrastructureEntry) => void,
  address = inject('temporalAddress'),
): Promise<Rehearsal> {
  if (!installed) {
    Runtime.install({
      logger: new DefaultLogger('INFO', (entry) => log.push(JSON.stringify([entry.message, entry.meta], noBigInt))),
    });
    installed = true;
  }
  const infrastructure = `lab-${randomUUID().slice(0, 8)}`;
  const simulator = await startSimulator({ scenario: { ...loadScenario(scenario), infrastructure } });
  const taskQueue = infrastructure;
  if (edit !== undefined) editInfrastructureFile(simulator.ready.infrastructureFile, infrastructure, edit);
  const configuration = readConfiguration(simulator.ready.infrastructureFile);
  const connection = await NativeConnection.connect({ address });
  const { activities, close } = createActivities({
    infrastructures: configuredInfrastructures(configuration),
    resolveSecret: createSecretResolver(process.env, (message) => log.push(message)),
  });
  const startWorker = async () => {
    const workflowBundle = { codePath: inject('workflowBundlePath') };
    const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
    return { worker, running: worker.run() };
  };
  let atWork = await startWorker();
  const endWorker = async () => {
    atWork.worker.shutdown();
    await atWork.running;
  };
  const clientConnection = await Connection.connect({ address });
  const client = new Client({
    connection: clientConnection,
    interceptors: { workflow: [asksAgain(clientConnection)] },
  });
  const request = JSON.parse(readFileSync(simulator.ready.requestFile, 'utf8')) as Record<string, unknown>;
  return {
    simulator,
    client,
    taskQueue,
    infrastructure,
    request,
    log,
    start: async (own = request) =>
      await client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
        workflowId: runWorkflowId(infrastructure),
        taskQueue,
        args: [own],
      }),
    async replaceWorker() {
      await endWorker();
      atWork = await startWorker();
    },
    async [Symbol.asyncDispose]() {
      await endWorker();
      await close();
      await connection.close();
      await clientConnection.close();
      await simulator.close();
    },
  };
}

function editInfrastructureFile(
  file: string,
  infrastructure: string,
  edit: (infrastructure: InfrastructureEntry) => void,
): void {
  const content = parse(readFileSync(file, 'utf8')) as { infrastructures: Record<string, InfrastructureEntry> };
  const entry = content.infrastructures[infrastructure];
  if (entry === undefined) throw new Error(`the file has no ${infrastructure}`);
  edit(entry);
  writeFileSync(file, stringify(content));
}

function noBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** What a run that does not move is doing: its progress, its children's pending activities with their last failures. */
async function whatIsGoingOn(rehearsal: Rehearsal, run: RunHandle): Promise<string> {
  const lines = [JSON.stringify(await run.query(progressQuery), undefined, 1)];
  const { raw } = await run.describe();
  const ids = [run.workflowId, ...(raw.pendingChildren ?? []).map((child) => child.workflowId ?? '')];
  for (const id of ids) {
    const description = await rehearsal.client.workflow.getHandle(id).describe();
    for (const activity of description.raw.pendingActivities ?? [])
      lines.push(
        `${id}: ${activity.activityType?.name ?? ''}, attempt ${activity.attempt ?? 0}: ${activity.lastFailure?.message ?? 'no failure yet'}`,
      );
  }
  return lines.join('\n');
}

/** Waits until a gate is open that `wanted` accepts. Fails when the run ends first. */
export async function openGate(
  run: RunHandle,
  wanted: (gate: OpenGate) => boolean,
  deadlineMs = 60_000,
): Promise<OpenGate> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const progress = await run.query(progressQuery);
    const gate = progress.gates.find(wanted);
    if (gate !== undefined) return gate;
    const { status } = await run.describe();
    if (status.name !== 'RUNNING' || Date.now() > until)
      throw new Error(`no such gate; the run is ${status.name}: ${JSON.stringify(progress, undefined, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Sends a message as the CLI does: with a deadline, and again under the same id when no answer came in time. A run that
 * continues as new at that very moment may never answer.
 */
async function sent<T>(run: RunHandle, update: UpdateDefinition<string, [T]>, message: T): Promise<string> {
  const updateId = randomUUID();
  for (let tries = 1; ; tries++) {
    try {
      return await run.client.connection.withDeadline(Date.now() + UPDATE_DEADLINE_MS, () =>
        run.executeUpdate(update, { args: [message], updateId }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) || tries === MOST_TRIES) throw error;
    }
  }
}

const UPDATE_DEADLINE_MS = 20_000;
const MOST_TRIES = 3;

/** Approves a gate as alice. */
export async function approve(run: RunHandle, gate: OpenGate): Promise<string> {
  const message = { gate: gate.id, digest: gate.digest ?? '', by: 'alice', reason: 'rehearsal' };
  return await sent(run, approveUpdate, message);
}

/** Approves every gate until one opens that `wanted` accepts, and returns that. Fails when the run ends first. */
export async function approveUntil(
  rehearsal: Rehearsal,
  run: RunHandle,
  wanted: (gate: OpenGate) => boolean,
  deadlineMs = 140_000,
): Promise<OpenGate> {
  const found = await accompany(rehearsal, run, wanted, deadlineMs);
  if ('gate' in found) return found.gate;
  throw new Error(`The run ended before that: ${JSON.stringify(found.report, undefined, 1)}`);
}

/** Approves every gate that opens until the run ends; fails at once when a step fails. */
export async function approveEverything(
  rehearsal: Rehearsal,
  run: RunHandle,
  deadlineMs = 150_000,
): Promise<{ report: Report; approved: string[] }> {
  const found = await accompany(rehearsal, run, (gate) => gate.step !== undefined, deadlineMs);
  if ('gate' in found) throw new Error(`${found.gate.id}: ${found.gate.facts.join(' ')}`);
  return found;
}

async function accompany(
  rehearsal: Rehearsal,
  run: RunHandle,
  stopAt: (gate: OpenGate) => boolean,
  deadlineMs: number,
): Promise<{ gate: OpenGate } | { report: Report; approved: string[] }> {
  const until = Date.now() + deadlineMs;
  const approved: string[] = [];
  let ended = false;
  const result = run.result().finally(() => {
    ended = true;
  });
  result.catch(() => undefined);
  while (!ended) {
    const progress: Progress = await run.query(progressQuery);
    for (const gate of progress.gates) {
      if (stopAt(gate)) return { gate };
      await approve(run, gate);
      approved.push(gate.id);
    }
    if (Date.now() > until) throw new Error(`The run takes too long. ${await whatIsGoingOn(rehearsal, run)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { report: await result, approved };
}

/** Rejects a gate as alice. */
export async function reject(run: RunHandle, gate: OpenGate): Promise<string> {
  const message = { gate: gate.id, digest: gate.digest ?? '', by: 'alice', reason: 'rehearsal' };
  return await sent(run, rejectUpdate, message);
}

/** Sends a decision as alice. */
export async function decide(run: RunHandle, gate: OpenGate, action: 'retry' | 'abort'): Promise<string> {
  const message = { step: gate.step ?? '', attempt: gate.attempt ?? 0, action, by: 'alice', reason: 'rehearsal' };
  return await sent(run, decideUpdate, message);
}
