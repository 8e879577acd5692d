import type { WrittenRequest } from '../request-file';
import { shellLine } from '../shell-words';

/** What to do once a run has begun. There is no plan yet, so nobody knows what a standing approval covers of it. */
export function renderStartedRun(
  { infrastructure, standingApproval }: WrittenRequest,
  { workflowId, runId }: { workflowId: string; runId: string },
): string {
  const approve = `${shellLine(['vta-upgrade', 'approve', infrastructure, '--gate', 'plan'])} --by NAME`;
  return [
    `The upgrade of ${infrastructure} has begun (workflow ${workflowId}, run ${runId}).`,
    `Follow it:        ${shellLine(['vta-upgrade', 'status', infrastructure, '--follow'])}`,
    ...(standingApproval === undefined
      ? [`Approve the plan: ${approve}`]
      : [
          `The standing approval of ${standingApproval.by.join(', ')} approves the plan if it covers all of it; the upgrade goes on at once then.`,
          `If it does not:   ${approve}`,
        ]),
  ].join('\n');
}
