import { cancelDenied } from '../authorize';
import { entitiesWithin } from '../inventory/entity-filter';
import { taskInfo } from '../inventory/task-info';
import { queryEvents } from '../inventory/vim-events';
import { HistoryCollector } from '../history-collector';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import { MoRef, type DataObject, type VimValue } from '../vim25/values';

/** Task, TaskManager, EventManager and their history collectors. */
export const HISTORY_METHODS: MethodTable = {
  CancelTask: ({ site, state, target }) => {
    const task = site.world.tasks.get(target.value);
    const no = task ? cancelDenied(state, task, target) : undefined;
    if (no) throw no;
    site.world.tasks.cancel(target.value);
    return undefined;
  },

  QueryEvents: ({ site, parameters }) => queryEvents(site, parameters['filter'] as DataObject),

  CreateCollectorForTasks: (call) => {
    const filter = call.parameters['filter'] as DataObject;
    return newCollector(call, 'TaskHistoryCollector', filter, () => tasks(call, filter));
  },
  CreateCollectorForEvents: (call) => {
    const filter = call.parameters['filter'] as DataObject;
    return newCollector(call, 'EventHistoryCollector', filter, () => queryEvents(call.site, filter));
  },

  ReadNextTasks: (call) => collectorOf(call).readNext(countOf(call)),
  ReadPreviousTasks: (call) => collectorOf(call).readPrevious(countOf(call)),
  ReadNextEvents: (call) => collectorOf(call).readNext(countOf(call)),
  ReadPreviousEvents: (call) => collectorOf(call).readPrevious(countOf(call)),
  RewindCollector: (call) => nothing(collectorOf(call).rewind()),
  ResetCollector: (call) => nothing(collectorOf(call).reset()),
  SetCollectorPageSize: (call) => {
    collectorOf(call).pageSize = countOf(call);
    return undefined;
  },
  DestroyCollector: (call) => nothing(call.state.histories.delete(call.target.value)),
};

/** Tasks that a TaskFilterSpec lets through, oldest first. */
function tasks({ site }: VimCall, filter: DataObject): DataObject[] {
  const entity = filter['entity'] as DataObject | undefined;
  const within = entity ? entitiesWithin(site, entity) : undefined;
  const states = filter['state'] as readonly string[] | undefined;
  return site.world.tasks
    .list((task) => task.kind === 'vim' && task.vCenter === site.endpoint)
    .filter((task) => !states || states.length === 0 || states.includes(task.state))
    .filter((task) => !within || (task.target && within.has(task.target.moid)))
    .map(taskInfo);
}

function newCollector({ state }: VimCall, type: string, filter: VimValue, items: () => readonly DataObject[]): MoRef {
  const ref = new MoRef(type, state.newId());
  state.histories.set(ref.value, new HistoryCollector(ref, filter, items));
  return ref;
}

function collectorOf({ state, target }: VimCall): HistoryCollector {
  const collector = state.histories.get(target.value);
  if (!collector) throw new Error(`no collector ${target}`);
  return collector;
}

function countOf({ parameters }: VimCall): number {
  const count = parameters['maxCount'] as number;
  if (count > 0) return count;
  throw soapFault('InvalidArgument', 'maxCount must be positive.', { invalidProperty: 'maxCount' });
}

function nothing(_done: unknown): undefined {
  return undefined;
}
