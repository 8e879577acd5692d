import { workflowInfo } from '@temporalio/workflow';
import type { DigestedPlan } from '../model/plan';
import { readsBeforePlan } from './proxies';

/**
 * Reads an infrastructure and plans, and changes nothing: the plan with its digest, or every reason against one.
 * @param request the request of design §5, as JSON
 */
export async function planTrustAuthority(request: unknown): Promise<DigestedPlan> {
  const reading = readsBeforePlan('read the infrastructure and plan');
  const { openChildren: _, ...result } = await reading.vtaReadPlan({ request, runId: workflowInfo().runId });
  return result;
}
