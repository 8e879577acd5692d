import { runWorkflowId } from '../../model/ids';
import type { Temporal } from './with-temporal';

export interface ListedRun {
  infrastructure: string;
  open: boolean;
  /** In lower case: running, ended, failed, terminated, ... */
  status: string;
  /** ISO time. */
  startedAt: string;
}

/** The newest run of each infrastructure, by name. What began a moment ago may be missing: the server's list lags behind. */
export async function listRuns({ client }: Temporal): Promise<ListedRun[]> {
  const prefix = runWorkflowId('');
  const newest = new Map<string, ListedRun>();
  for await (const { workflowId, status, startTime } of client.workflow.list({
    query: `WorkflowType = 'upgradeTrustAuthority'`,
  })) {
    const run = {
      infrastructure: workflowId.slice(prefix.length),
      open: status.name === 'RUNNING',
      // How it ended, completed, aborted or rejected, its result says; the server calls all of them completed.
      status: status.name === 'COMPLETED' ? 'ended' : status.name.toLowerCase().replaceAll('_', ' '),
      startedAt: startTime.toISOString(),
    };
    const known = newest.get(workflowId);
    if (workflowId.startsWith(prefix) && (known === undefined || known.startedAt < run.startedAt)) {
      newest.set(workflowId, run);
    }
  }
  return [...newest.values()].sort((a, b) => (a.infrastructure < b.infrastructure ? -1 : 1));
}
