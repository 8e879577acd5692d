import { type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { runWorkflowId } from '../../model/ids';
import type { Progress } from '../../model/progress';
import type { upgradeTrustAuthority } from '../../workflows';
import { progressQuery } from '../../workflows/message-definitions';
import { CliFailure } from '../cli-failure';
import { shellLine } from '../shell-words';
import { innermostMessage } from './failure-of';
import type { Temporal } from './with-temporal';

/** A query is answered by a worker in milliseconds, or not at all. */
const QUERY_DEADLINE_MS = 10_000;

export type RunHandle = WorkflowHandle<typeof upgradeTrustAuthority>;

/** The run of an infrastructure: the open one, else the last one. */
export function runOf({ client }: Temporal, infrastructure: string): RunHandle {
  return client.workflow.getHandle<typeof upgradeTrustAuthority>(runWorkflowId(infrastructure));
}

/** Status of the workflow as the server knows it, such as `RUNNING`. */
export async function statusOf(temporal: Temporal, infrastructure: string): Promise<string> {
  try {
    return (await runOf(temporal, infrastructure).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw noRun(temporal, infrastructure);
    throw error;
  }
}

/**
 * Asks the run what is true now.
 * @throws CliFailure VTA_RUN_NOT_FOUND or VTA_WORKER_SILENT
 */
export async function readProgress(temporal: Temporal, infrastructure: string): Promise<Progress> {
  return await ask(temporal, infrastructure, (run) => run.query(progressQuery));
}

/**
 * Asks the run something.
 * @param what is asked, for the message when no worker answers
 * @throws CliFailure VTA_RUN_NOT_FOUND or VTA_WORKER_SILENT
 */
export async function ask<T>(
  temporal: Temporal,
  infrastructure: string,
  query: (run: RunHandle) => Promise<T>,
  what: 'run' | 'ledger' = 'run',
): Promise<T> {
  try {
    return await temporal.connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
      query(runOf(temporal, infrastructure)),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw noRun(temporal, infrastructure);
    throw new CliFailure(
      {
        code: 'VTA_WORKER_SILENT',
        message: `The ${what} of ${infrastructure} is there, but no worker answers for it: ${innermostMessage(error)}`,
        state: ['What has begun goes on as soon as a worker is back; nothing is lost.'],
        next: [
          'vta-upgrade worker --config FILE                starts a worker',
          'temporal task-queue describe --task-queue vta-upgrade    shows who polls',
        ],
      },
      { cause: error },
    );
  }
}

/** There has never been a run, or it is older than what the server keeps. */
export function noRun({ namespace }: Temporal, infrastructure: string): CliFailure {
  return new CliFailure({
    code: 'VTA_RUN_NOT_FOUND',
    message: `There is no run of ${infrastructure} in the namespace ${namespace}.`,
    next: [
      'vta-upgrade status                              lists the runs',
      shellLine(['vta-upgrade', 'plan', '--infrastructure', infrastructure]),
    ],
  });
}
