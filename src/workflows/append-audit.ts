import type { InfrastructureRef } from '../activities/activities';
import { brieflyTried, longWork } from './proxies';
import type { RunState } from './run-state';

/** So many lines go into one call: what an activity is given must stay small. */
const BATCH = 100;

/**
 * Appends the lines of the audit that are not in the archive yet, oldest first. What was written is taken off, so that a
 * failure in between leaves only the rest.
 * @param patient false: given up soon, since people wait
 */
export async function appendAudit(state: RunState, ref: InfrastructureRef, patient: boolean): Promise<void> {
  const { audit, plan, runId } = state;
  if (plan === undefined) return;
  // Lines that come meanwhile are for the next time: this ends, however many messages arrive.
  for (let left = audit.pending.length; left > 0; left -= BATCH) {
    const lines = audit.pending.slice(0, Math.min(left, BATCH));
    const archive = patient ? longWork(plan.pace, plan.pace.services, 'audit') : brieflyTried(plan.pace, 'audit');
    const { head } = await archive.vtaEnsureAudit({
      ...ref,
      runId,
      lines,
      ...(audit.head === undefined ? {} : { head: audit.head }),
    });
    audit.head = head;
    audit.pending = audit.pending.slice(lines.length);
  }
}
