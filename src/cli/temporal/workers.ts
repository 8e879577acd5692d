import { CliFailure } from '../cli-failure';
import type { Temporal } from './with-temporal';

/** A worker that is just starting shows up within this time. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 500;
/** TASK_QUEUE_TYPE_WORKFLOW of the Temporal API. */
const WORKFLOW_QUEUE = 1;

/**
 * Waits a moment for a worker that polls the task queue; without one a workflow would wait for ever.
 * @throws CliFailure VTA_WORKER_SILENT when there is none
 */
export async function requireWorker(temporal: Temporal, taskQueue: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await hasWorker(temporal, taskQueue))) {
    if (Date.now() > deadline) throw noWorker(temporal, taskQueue);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function hasWorker({ connection, namespace }: Temporal, taskQueue: string): Promise<boolean> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_QUEUE,
  });
  return (pollers ?? []).length > 0;
}

function noWorker({ namespace }: Temporal, taskQueue: string): CliFailure {
  return new CliFailure({
    code: 'VTA_WORKER_SILENT',
    message: `No worker polls the task queue ${taskQueue} in the namespace ${namespace}.`,
    state: ['Nothing was started: only a worker has the infrastructure file and the credentials.'],
    next: [
      'vta-upgrade worker --config FILE                starts a worker',
      'TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE must be the same for the worker and for this command',
    ],
  });
}
