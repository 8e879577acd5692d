import { createHash } from 'node:crypto';
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Progress } from '../../model/progress';
import { CliFailure } from '../cli-failure';
import { EXIT } from '../exit-codes';
import { gateCommands } from '../render/gate';
import { shellLine } from '../shell-words';
import { saidFailure } from './failure-of';
import { noRun, readProgress, runOf, statusOf } from './run-access';
import type { Temporal } from './with-temporal';

/** A worker takes a message within moments; if none is there, the sender should not wait for ever. */
const UPDATE_DEADLINE_MS = 20_000;

/**
 * Sends a message to the run as an update, so that the sender learns at once whether it was taken.
 * @param updateId messages with one id are taken once, however often they are sent
 * @returns what the run says to it
 * @throws CliFailure with the run's reason, what is true now and what to type, when it was not taken
 */
export async function sendMessage<T>(
  temporal: Temporal,
  infrastructure: string,
  update: UpdateDefinition<string, [T]>,
  message: T,
  updateId: string,
): Promise<string> {
  try {
    return await temporal.connection.withDeadline(Date.now() + UPDATE_DEADLINE_MS, () =>
      runOf(temporal, infrastructure).executeUpdate(update, { args: [message], updateId }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw await ended(temporal, infrastructure);
    if (error instanceof WorkflowUpdateFailedError) throw await refused(temporal, infrastructure, error);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error)) {
      throw silent(infrastructure, update.name, error);
    }
    throw error;
  }
}

/** An id that is the same for the same words, so that a command that is repeated is not a second message. */
export function updateIdOf(...parts: (string | number)[]): string {
  const [name] = parts;
  return `${name}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)}`;
}

async function refused(temporal: Temporal, infrastructure: string, error: WorkflowUpdateFailedError) {
  const said = saidFailure(error);
  const progress = await readProgress(temporal, infrastructure).catch(() => undefined);
  return new CliFailure(
    {
      code: said?.code ?? 'VTA_UNEXPECTED',
      message: said?.message ?? String(error.cause ?? error),
      state: progress === undefined ? [] : whatIsTrue(progress),
      next: progress === undefined ? [] : whatToType(progress),
      exitCode: EXIT.refused,
    },
    { cause: error },
  );
}

function whatIsTrue({ infrastructure, state, now, gates }: Progress): string[] {
  return [
    `${infrastructure} is ${state}: ${now}`,
    ...(gates.length === 0 ? ['No gate is open.'] : gates.map(({ id, question }) => `Open gate ${id}: ${question}`)),
  ];
}

function whatToType({ infrastructure, gates }: Progress): string[] {
  return gates.length === 0
    ? [shellLine(['vta-upgrade', 'status', infrastructure])]
    : gates.flatMap((gate) => gateCommands(infrastructure, gate));
}

async function ended(temporal: Temporal, infrastructure: string): Promise<CliFailure> {
  const status = await statusOf(temporal, infrastructure).catch(() => undefined);
  if (status === undefined) return noRun(temporal, infrastructure);
  return new CliFailure({
    code: 'VTA_RUN_NOT_FOUND',
    message: `No run of ${infrastructure} is open: the last one has ended${status === 'COMPLETED' ? '' : ` (${status.toLowerCase()})`}.`,
    next: [shellLine(['vta-upgrade', 'status', infrastructure])],
  });
}

function silent(infrastructure: string, name: string, cause: unknown): CliFailure {
  return new CliFailure(
    {
      code: 'VTA_WORKER_SILENT',
      message: `No worker took the message "${name}" within ${UPDATE_DEADLINE_MS / 1000} s.`,
      state: [
        'It may still be taken when a worker is back. Sending it again is safe: the run takes it once.',
        'The run goes on waiting until then; nothing is lost.',
      ],
      next: [
        'vta-upgrade worker --config FILE                starts a worker',
        shellLine(['vta-upgrade', 'status', infrastructure]),
      ],
    },
    { cause },
  );
}

function isDeadline(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const { cause } = error;
  const DEADLINE_EXCEEDED = 4;
  return isGrpcServiceError(cause) && cause.code === DEADLINE_EXCEEDED;
}
