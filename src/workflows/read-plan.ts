import { isCancellation } from '@temporalio/workflow';
import { describeFailure, fail, isStepFailure } from './failures';
import { readsBeforePlan, waitBeforePlan } from './proxies';

/**
 * Reads the infrastructure and plans. A failure here ends the workflow at once, with its code and sentence in front:
 * nothing was changed, and nobody may decide yet.
 */
export async function readPlan(request: unknown, runId: string) {
  return await orFail(() => readsBeforePlan('read the infrastructure and plan').vtaReadPlan({ request, runId }));
}

/** Reads what is pending for a patch run. A failure ends the workflow at once, likewise. */
export async function readPatches(request: unknown, startedAt: string) {
  return await orFail(() => readsBeforePlan('read what is pending').vtaReadPatches({ request, startedAt }));
}

/** Waits until the children of an earlier run have ended; what they change would make the plan untrue. */
export async function waitForChildren(infrastructure: string, workflowIds: string[]): Promise<void> {
  const waiting = waitBeforePlan('wait for an earlier run');
  await orFail(() => waiting.vtaWaitOpenChildren({ infrastructure, workflowIds }));
}

async function orFail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error) || !isStepFailure(error)) throw error;
    const { code, message, details } = describeFailure(error);
    throw fail(code, `Nothing was changed. ${message}`, details);
  }
}
