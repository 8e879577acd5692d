import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { runWorkflowId } from '../model/ids';
import type { upgradeTrustAuthority } from '../workflows';
import { CliFailure } from './cli-failure';
import { EXIT } from './exit-codes';
import type { WrittenRequest } from './request-file';
import { shellLine } from './shell-words';
import type { Temporal } from './temporal/with-temporal';

/**
 * Starts a run under the fixed id of its infrastructure.
 * @throws CliFailure VTA_RUN_STILL_OPEN; nothing was started
 */
export async function startRun(
  temporal: Temporal,
  request: WrittenRequest,
  taskQueue: string,
): Promise<{ workflowId: string; runId: string }> {
  const { infrastructure } = request;
  const workflowId = runWorkflowId(infrastructure);
  try {
    const handle = await temporal.client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
      workflowId,
      taskQueue,
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Upgrade of ${infrastructure}`,
      args: [request],
    });
    return { workflowId, runId: handle.firstExecutionRunId };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) throw stillOpen(infrastructure);
    throw error;
  }
}

function stillOpen(infrastructure: string): CliFailure {
  return new CliFailure({
    code: 'VTA_RUN_STILL_OPEN',
    message: `An upgrade of ${infrastructure} is under way; there can be one at a time.`,
    state: ['It goes on as it was. What you asked for was not started and is not kept.'],
    next: [
      `${shellLine(['vta-upgrade', 'status', infrastructure])}                shows what it does or waits for`,
      `${shellLine(['vta-upgrade', 'abort', infrastructure])} --by NAME --reason TEXT    ends it at the next safe point`,
    ],
    exitCode: EXIT.refused,
  });
}
