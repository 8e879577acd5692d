import type { TaskRecord } from '../../../world/tasks';
import type { PropertyReaders } from '../managed-object';
import { toSoapFault } from '../to-soap-fault';
import { MoRef, typed, type DataObject, type Typed } from '../vim25/values';

/** Properties of a Task. */
export const TASK_READERS: PropertyReaders<TaskRecord> = {
  value: () => [],
  availableField: () => [],
  info: taskInfo,
};

export function taskRef(record: Pick<TaskRecord, 'id'>): MoRef {
  return new MoRef('Task', record.id);
}

/** TaskInfo. `result` and `error` are there only when the task ended; progress only while it runs (documented). */
export function taskInfo(record: TaskRecord): DataObject {
  const { target } = record;
  return {
    key: record.id,
    task: taskRef(record),
    name: record.operation,
    descriptionId: record.descriptionId ?? `${record.service}.${record.operation}`,
    ...(target ? { entity: new MoRef(target.type, target.moid), entityName: target.name } : {}),
    state: record.state,
    cancelled: record.cancelRequested,
    cancelable: record.cancelable && record.state === 'running',
    ...(record.fault ? { error: taskError(record) } : {}),
    ...(record.state === 'success' && record.result !== undefined ? { result: taskResult(record.result) } : {}),
    ...(record.state === 'running' ? { progress: Math.round(record.progress) } : {}),
    reason: { $type: 'TaskReasonUser', userName: record.user },
    queueTime: new Date(record.queueTime),
    ...(record.startTime === undefined ? {} : { startTime: new Date(record.startTime) }),
    ...(record.completeTime === undefined ? {} : { completeTime: new Date(record.completeTime) }),
    eventChainId: Number(record.id.replace(/\D/g, '')) || 0,
  };
}

function taskError(record: TaskRecord): DataObject {
  const object = record.target ? new MoRef(record.target.type, record.target.moid) : undefined;
  const { fault, message } = toSoapFault(record.fault, { task: taskRef(record), ...(object ? { object } : {}) });
  return { fault, localizedMessage: message };
}

/** The only results of vim25 tasks here are references (AddHost_Task: the new HostSystem). */
function taskResult(result: unknown): Typed {
  const { type, value } = result as { type: string; value: string };
  return typed(`@${type}`, new MoRef(type, value));
}
