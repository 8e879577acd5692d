import { ApiFault } from '../errors';
import type { CallOptions } from '../transport';
import type { ManagedObjectReference } from './managed-object';
import type { PropertyCollector, Selection } from './property-collector';
import { readTaskInfo, type TaskInfo } from './task-info';
import type { VimSession } from './vim-session';

/**
 * The server has no record of the task, though it once gave its id: the record has expired, or the server restarted.
 * It says nothing about how the operation ended; read the state of the object.
 */
interface TaskGone {
  readonly gone: true;
}

/** What one look at a task found. */
export type TaskLook = { readonly gone: false; readonly task: TaskInfo } | TaskGone;

const TASKS: Selection = { type: 'Task', paths: ['info'] };

/** Looks at tasks, once a call: polling is the caller's. Privilege System.View (and System.Read on the entity). */
export class VimTasks {
  readonly #session: VimSession;
  readonly #properties: PropertyCollector;

  constructor(session: VimSession, properties: PropertyCollector) {
    this.#session = session;
    this.#properties = properties;
  }

  /**
   * Reads a task as it is now. Repeatable. That a task failed is data here, in `error`; that its record is gone, too.
   * @throws ApiFault any other fault of the call itself
   */
  async read(taskId: string, options?: CallOptions): Promise<TaskLook> {
    try {
      const properties = await this.#properties.ofObject(taskId, TASKS, options);
      return { gone: false, task: readTaskInfo(properties.required('info')) };
    } catch (error) {
      if (error instanceof ApiFault && error.errorType === 'ManagedObjectNotFound') return { gone: true };
      throw error;
    }
  }

  /**
   * The tasks of an object that run, wait, or ended a short while ago (`recentTask` of ManagedEntity), so that an
   * operation whose answer was lost can be found again. Repeatable. How long ended ones are listed is the server's.
   * @throws ApiFault `ManagedObjectNotFound` if the object is not there
   */
  async recentOf(entity: ManagedObjectReference, options?: CallOptions): Promise<TaskInfo[]> {
    const selection = { type: entity.type, paths: ['recentTask'] };
    const properties = await this.#properties.ofObject(entity.id, selection, options);
    const ids = properties
      .required('recentTask')
      .items()
      .map((task) => task.asReference().id);
    const found = await this.#properties.ofExisting(ids, TASKS, options);
    return found.map((task) => readTaskInfo(task.required('info')));
  }

  /**
   * CancelTask: asks the operation to stop; whether and when it does, a later look tells. Needs Global.CancelTask for
   * tasks of others. Repeatable. Faults: InvalidState (already ended), NotSupported (cannot be cancelled).
   */
  async cancel(taskId: string, options?: CallOptions): Promise<void> {
    await this.#session.run('CancelTask', options, (connection) =>
      connection.call({ method: 'CancelTask', self: { type: 'Task', id: taskId }, repeatable: true }),
    );
  }
}
