import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { DigestedPlan } from '../model/plan';
import type { planTrustAuthority } from '../workflows';
import { CliFailure } from './cli-failure';
import { EXIT } from './exit-codes';
import { Interrupted, unlessInterrupted } from './interruption';
import type { Io } from './io';
import type { WrittenRequest } from './request-file';
import { innermostMessage, saidFailure } from './temporal/failure-of';
import type { Temporal } from './temporal/with-temporal';
import { requireWorker } from './temporal/workers';

/** Reading a large infrastructure takes a minute; a plan that nobody waits for any more must not stay open. */
const DEADLINE = '15 minutes';
const TERMINATE_DEADLINE_MS = 2_000;

/**
 * Has a worker read an infrastructure and plan: only the worker has the credentials. Nothing is changed.
 * @throws CliFailure with the code of why there is neither a plan nor a list of refusals
 */
export async function makePlan(
  temporal: Temporal,
  request: WrittenRequest,
  taskQueue: string,
  io: Io,
): Promise<DigestedPlan> {
  await requireWorker(temporal, taskQueue);
  io.note(`Reading ${request.infrastructure}; nothing is changed.\n`);
  const handle = await temporal.client.workflow.start<typeof planTrustAuthority>('planTrustAuthority', {
    workflowId: `vta-plan:${request.infrastructure}:${randomUUID()}`,
    taskQueue,
    workflowExecutionTimeout: DEADLINE,
    args: [request],
  });
  try {
    return await unlessInterrupted(io.interrupted(), handle.result());
  } catch (error) {
    if (error instanceof Interrupted) {
      await terminate(temporal, handle);
      throw new Interrupted('Interrupted. Planning reads only: nothing was changed.');
    }
    if (error instanceof WorkflowFailedError) throw notPlanned(error);
    throw error;
  }
}

/** Nobody waits for this plan any more; where the server does not take that, the plan ends by its deadline. */
async function terminate({ connection }: Temporal, handle: WorkflowHandle<typeof planTrustAuthority>): Promise<void> {
  await connection
    .withDeadline(Date.now() + TERMINATE_DEADLINE_MS, () => handle.terminate('nobody waits for this plan any more'))
    .catch(() => undefined);
}

function notPlanned(error: WorkflowFailedError): CliFailure {
  const said = saidFailure(error);
  return new CliFailure(
    {
      code: said?.code ?? 'VTA_UNEXPECTED',
      message: said?.message ?? innermostMessage(error),
      state: ['Planning reads only: nothing was changed.'],
      ...(said?.details === undefined ? {} : { details: said.details }),
      exitCode: said?.code === 'VTA_REQUEST_INVALID' ? EXIT.usage : EXIT.failed,
    },
    { cause: error },
  );
}
