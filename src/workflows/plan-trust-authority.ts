import { workflowInfo } from '@temporalio/workflow';
import type { DigestedPlan } from '../model/plan';
import { readPlan } from './read-plan';

/**
 * Reads an infrastructure and plans, and changes nothing: the plan with its digest, or every reason against one.
 * @param request the request of design §5, as JSON
 */
export async function planTrustAuthority(request: unknown): Promise<DigestedPlan> {
  const { openChildren: _, ...result } = await readPlan(request, workflowInfo().runId);
  return result;
}
