import { patched, workflowInfo } from '@temporalio/workflow';

/**
 * The server suggests to continue as new at 4,096 events or 4 MB. No history is to grow beyond 4,000 events or 2 MB, and
 * what is in work is finished first: for one host that is 50 events more.
 */
const LONG = { events: 3_000, bytes: 1_500_000 };

/** Whether it is time to continue as new. */
export function historyIsLong(): boolean {
  const { continueAsNewSuggested, historyLength, historySize } = workflowInfo();
  if (continueAsNewSuggested) return true;
  return (historyLength >= LONG.events || historySize >= LONG.bytes) && patched('vta-shed-history-early');
}
