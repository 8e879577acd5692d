import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';

/** One history, as a server keeps it. */
export interface HistorySize {
  type: string;
  workflowId: string;
  events: number;
  /** Of its events, as they go over the wire. */
  bytes: number;
}

/**
 * Size of every history of a run: what it was continued as, its children, and theirs.
 * @param root the first of the run's chain
 */
export async function historySizes(
  client: Client,
  root: { workflowId: string; runId: string },
): Promise<HistorySize[]> {
  const sizes: HistorySize[] = [];
  const waiting = [root];
  const seen = new Set<string>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { workflowId, runId } = next;
    if (seen.has(runId)) continue;
    seen.add(runId);
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    const type = events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
    sizes.push({ type, workflowId, events: events.length, bytes: bytesOf(history) });
    for (const event of events) {
      const continued = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
      if (continued) waiting.push({ workflowId, runId: continued });
      const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
      if (child?.workflowId && child.runId) waiting.push({ workflowId: child.workflowId, runId: child.runId });
    }
  }
  return sizes;
}

/** As it goes over the wire, which its own class knows. */
function bytesOf(history: History): number {
  const type = history.constructor as unknown as { encode(message: History): { finish(): Uint8Array } };
  return type.encode(history).finish().length;
}

/** A line for each kind of workflow: how many histories, and the largest. */
export function describeSizes(sizes: readonly HistorySize[]): string {
  return [...new Set(sizes.map(({ type }) => type))]
    .map((type) => {
      const own = sizes.filter((size) => size.type === type);
      const events = Math.max(...own.map((size) => size.events));
      const kilobytes = Math.max(...own.map(({ bytes }) => bytes)) / 1000;
      return `${type}: ${own.length} histories, at most ${events} events and ${kilobytes.toFixed(0)} kB`;
    })
    .join('\n');
}
