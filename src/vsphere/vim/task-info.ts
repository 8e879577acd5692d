import type { Fault } from '../errors';
import type { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';
import { readLocalizedFault } from './method-fault';

/** A task as its vCenter records it (`TaskInfo`). Times are ISO text as the server gave them, all of one clock. */
export interface TaskInfo {
  /** The task's id, by which it is read again. */
  readonly id: string;
  /** What it does, `HostSystem.enterMaintenanceMode`. */
  readonly descriptionId: string;
  /** `queued`, `running`, `success` or `error`; what a newer server may say beyond these is kept. */
  readonly state: string;
  /** 0 to 100, while it runs and if the operation tells. */
  readonly progress: number | undefined;
  readonly entity: ManagedObjectReference | undefined;
  readonly entityName: string | undefined;
  readonly cancelled: boolean;
  readonly cancelable: boolean;
  /** Why it failed, once the state is `error`. */
  readonly error: Fault | undefined;
  /** The object that it made, if its result is one (AddHost_Task: the new host). Other results are not read. */
  readonly result: ManagedObjectReference | undefined;
  readonly queueTime: string;
  readonly startTime: string | undefined;
  readonly completeTime: string | undefined;
  /** What began it: `TaskReasonUser`, `TaskReasonSystem`, `TaskReasonAlarm` or `TaskReasonSchedule`. */
  readonly reason: string | undefined;
  /** Who began it, when a user did, in the form of `Session.userName`. */
  readonly userName: string | undefined;
}

/** Decodes a `TaskInfo`. */
export function readTaskInfo(info: DataObject): TaskInfo {
  const error = info.objectOrUnset('error');
  const result = info.objectOrUnset('result');
  const reason = info.objectOrUnset('reason');
  return {
    id: info.reference('task').id,
    descriptionId: info.text('descriptionId'),
    state: info.text('state'),
    progress: info.integerOrUnset('progress'),
    entity: info.referenceOrUnset('entity'),
    entityName: info.textOrUnset('entityName'),
    cancelled: info.flag('cancelled'),
    cancelable: info.flag('cancelable'),
    error: error === undefined ? undefined : readLocalizedFault(error.element),
    result: result?.type === 'ManagedObjectReference' ? result.asReference() : undefined,
    queueTime: info.time('queueTime'),
    startTime: info.timeOrUnset('startTime'),
    completeTime: info.timeOrUnset('completeTime'),
    reason: reason?.type,
    userName: reason?.textOrUnset('userName'),
  };
}
