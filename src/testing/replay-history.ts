import type { History } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { composeWorkflows } from '../plugin/compose-workflows';
import { loadHistory } from './load-history';

let bundling: Promise<WorkflowBundleWithSourceMap> | undefined;

/**
 * Replays a history of a workflow of this package against the installed version: does a run that is open survive the
 * update? Ask this of your open runs before you update a worker.
 * @param history text or object as for `loadHistory`, or what `WorkflowHandle.fetchHistory` gave
 * @param workflowId of the workflow; not given: as the history says. The workflows insist on their ids
 * @throws DeterminismViolationError when the installed version would have done something else
 */
export async function replayHistory(history: unknown, workflowId?: string): Promise<void> {
  const loaded = isLoaded(history) ? history : loadHistory(history);
  // made once for all replays of a process
  bundling ??= bundleWorkflowCode(composeWorkflows({ logger: new DefaultLogger('WARN') }));
  const started = loaded.events?.[0]?.workflowExecutionStartedEventAttributes;
  const id = workflowId ?? started?.workflowId;
  if (id === undefined || id === null || id === '')
    throw new TypeError('This history does not say the id of its workflow: give it as the second argument.');
  await Worker.runReplayHistory({ workflowBundle: await bundling }, loaded, id);
}

/** Event ids are 64-bit objects once a history is loaded, and strings in JSON. */
function isLoaded(history: unknown): history is History {
  if (typeof history !== 'object' || history === null || !('events' in history)) return false;
  const first: unknown = Array.isArray(history.events) ? history.events[0] : undefined;
  return typeof first === 'object' && first !== null && 'eventId' in first && typeof first.eventId === 'object';
}
