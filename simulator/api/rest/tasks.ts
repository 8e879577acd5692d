import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import type { TaskRecord } from '../../world/tasks';
import { restError } from './error-reply';
import { route, type RestCall, type RestRoute } from './route';

/** com.vmware.cis.tasks.FilterSpec */
interface FilterSpec {
  tasks?: string[];
  services?: string[];
  operations?: string[];
  status?: string[];
  targets?: { type: string; id: string }[];
  users?: string[];
}

interface GetSpec {
  return_all?: boolean;
  exclude_result?: boolean;
}

/** documented: no more than 1000 tasks in one answer. */
const MAX_LISTED = 1000;

const STATUS = { queued: 'PENDING', running: 'RUNNING', success: 'SUCCEEDED', error: 'FAILED' } as const;

/** /api/cis/tasks */
export const taskRoutes: readonly RestRoute[] = [
  route('com.vmware.cis.tasks.get', (call) => taskInfo(readable(call, call.path['task'] ?? ''), call.query as GetSpec)),
  route<{ filter_spec?: FilterSpec; result_spec?: GetSpec }>('com.vmware.cis.tasks.list', (call) => {
    const filter = call.body.filter_spec ?? {};
    // documented: UNSUPPORTED without a filter would be a real server's choice for some providers; not simulated.
    const records = call.world.tasks.list(
      (record) => record.kind === 'cis' && record.vCenter === call.vCenter.id && passes(record, filter),
    );
    return Object.fromEntries(
      records.slice(-MAX_LISTED).map((record) => [record.id, taskInfo(record, call.body.result_spec ?? {})]),
    );
  }),
  route('com.vmware.cis.tasks.cancel', (call) => call.world.tasks.cancel(readable(call, call.path['task'] ?? '').id)),
];

function readable(call: RestCall, id: string): TaskRecord {
  const record = call.world.tasks.get(id);
  if (record?.kind !== 'cis' || record.vCenter !== call.vCenter.id) {
    throw new Fault('NOT_FOUND', `The task ${id} does not exist.`);
  }
  return record;
}

function passes(record: TaskRecord, filter: FilterSpec): boolean {
  return (
    (filter.tasks ?? [record.id]).includes(record.id) &&
    (filter.services ?? [record.service]).includes(record.service) &&
    (filter.operations ?? [record.operation]).includes(record.operation) &&
    (filter.status ?? [STATUS[record.state]]).includes(STATUS[record.state]) &&
    (filter.users ?? [record.user]).includes(record.user) &&
    (filter.targets === undefined || filter.targets.some((target) => target.id === record.target?.moid))
  );
}

/**
 * com.vmware.cis.task.Info. shown: VMware's client refuses members of another status: nothing of progress, times,
 * result and error while PENDING; `error` only when FAILED (reference: vmware-sdk, unions).
 */
function taskInfo(record: TaskRecord, spec: GetSpec): Record<string, unknown> {
  const status = STATUS[record.state];
  const ended = status === 'SUCCEEDED' || status === 'FAILED';
  return {
    description: {
      id: `${record.service}.${record.operation}`,
      default_message: `Task: ${record.operation}`,
      args: [],
    },
    service: record.service,
    operation: record.operation,
    status,
    cancelable: record.cancelable && !ended,
    ...(record.target ? { target: { type: record.target.type, id: record.target.moid } } : {}),
    user: record.user,
    ...(status === 'PENDING'
      ? {}
      : { progress: progressOf(record), start_time: iso(record.startTime ?? record.queueTime) }),
    ...(ended ? { end_time: iso(record.completeTime ?? record.queueTime) } : {}),
    ...(status === 'SUCCEEDED' && !spec.exclude_result ? { result: record.result ?? null } : {}),
    ...(record.fault ? { error: restError(record.fault) } : {}),
  };
}

function progressOf(record: TaskRecord): Record<string, unknown> {
  return {
    total: 100,
    completed: Math.round(record.progress),
    message: {
      id: 'com.vmware.simulator.task.progress',
      default_message: `${Math.round(record.progress)} percent`,
      args: [],
    },
  };
}
