import { anything, boolean, mapOf, nothing, number, object, oneOf, string, timestamp, type Decoded } from './decode';
import { ApiFault, type Fault } from './errors';
import { remedyOf } from './error-table';
import { localizableMessage } from './localizable-message';
import { decodeFault } from './rest-answer';
import type { RestClient, TaskId } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';

/**
 * `com.vmware.cis.task.info`. Which optional fields are there depends on the status; a server that leaves out one that
 * it should send is forgiven, since only `status` decides.
 */
const taskInfo = object(
  { status: oneOf('PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED') },
  {
    service: string,
    operation: string,
    description: localizableMessage,
    cancelable: boolean,
    target: object({ type: string, id: string }),
    parent: string,
    user: string,
    start_time: timestamp,
    end_time: timestamp,
    progress: object({}, { total: number, completed: number, message: localizableMessage }),
    result: anything,
    error: anything,
  },
);

/** A task as the server describes it. */
export type TaskInfo = Decoded<typeof taskInfo>;

/**
 * One look at a task. `gone` (404) is an answer of its own: the record has vanished, which says nothing about the
 * operation. `running` covers PENDING, RUNNING, BLOCKED and any status of tomorrow.
 */
export type TaskLook =
  | { readonly kind: 'running'; readonly info: TaskInfo }
  | { readonly kind: 'succeeded'; readonly result: unknown; readonly info: TaskInfo }
  | { readonly kind: 'failed'; readonly fault: Fault; readonly info: TaskInfo }
  | TaskGone;

/** The server knows no such task (any more). Retention times are not documented. */
interface TaskGone {
  readonly kind: 'gone';
}

/** `com.vmware.cis.tasks.filter_spec`; fields that are given must all match. */
export interface TaskFilter {
  readonly tasks?: readonly TaskId[];
  readonly services?: readonly string[];
  readonly operations?: readonly string[];
  readonly status?: readonly string[];
  readonly targets?: readonly { readonly type: string; readonly id: string }[];
  readonly users?: readonly string[];
}

/** Tasks of the vCenter (`/api/cis/tasks`). Looks once; never waits. */
export class CisTasks {
  constructor(private readonly rest: RestClient) {}

  /** `GET /api/cis/tasks/{task}` · since 6.7 · repeatable. A 404 of the service is `gone`, not an error. */
  async look(task: TaskId, options?: CallOptions): Promise<TaskLook> {
    try {
      return classify(await this.rest.get(path`/api/cis/tasks/${task}`, taskInfo, options));
    } catch (error) {
      if (error instanceof ApiFault && remedyOf(error) === 'gone') return { kind: 'gone' };
      throw error;
    }
  }

  /**
   * `POST /api/cis/tasks?action=list` · since 6.7.1 · repeatable. At most 1000 tasks, in no documented order; results
   * are left out, since lists of tasks are for finding one of ours again.
   */
  list(filter: TaskFilter, options?: CallOptions): Promise<Record<TaskId, TaskInfo>> {
    const to = withQuery('/api/cis/tasks', { action: 'list' });
    const body = { filter_spec: filter, result_spec: { exclude_result: true } };
    return this.rest.call({ method: 'POST', path: to, body, repeatable: true }, mapOf(taskInfo), options);
  }

  /**
   * `POST /api/cis/tasks/{task}?action=cancel` · since 6.7.1 · repeatable: cancelling a task that has ended is
   * refused as NOT_ALLOWED_IN_CURRENT_STATE. Best effort: success means that the wish was taken, look again.
   */
  cancel(task: TaskId, options?: CallOptions): Promise<undefined> {
    const to = withQuery(path`/api/cis/tasks/${task}`, { action: 'cancel' });
    return this.rest.call({ method: 'POST', path: to }, nothing, options);
  }
}

function classify(info: TaskInfo): TaskLook {
  if (info.status === 'SUCCEEDED') return { kind: 'succeeded', result: info.result, info };
  if (info.status === 'FAILED') return { kind: 'failed', fault: decodeFault(info.error), info };
  return { kind: 'running', info };
}
