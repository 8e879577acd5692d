import type { Worker } from '@temporalio/worker';
import { createActivities, type WorkerActivities } from '../activities/create-activities';
import type { ActivityDependencies } from '../activities/dependencies';
import { NameClashError } from './name-clash-error';

type Close = WorkerActivities['close'];

/**
 * The activities of each worker that a plugin object serves, and how to end their sessions. Every worker has its own,
 * so that one that stops does not log out another.
 */
export class ActivitySessions {
  /** By one of the activities: what the SDK hands back when a worker runs are its functions. */
  private readonly closers = new WeakMap<object, Close>();

  /**
   * Appends the activities to those of the host application.
   * @param own the host's, as given to `Worker.create`
   * @param find asked once for each worker, for what the activities need
   * @returns both; just what was given where they were appended before, since the plugin is on connection and worker
   * @throws NameClashError when the host has an activity of the same name, or a second plugin object appended its own
   */
  append(own: object | undefined, find: () => ActivityDependencies): object {
    const present = new Map<string, unknown>(Object.entries(own ?? {}));
    const before = present.get(KEY);
    if (typeof before === 'function' && this.closers.has(before)) return own ?? {};
    const { activities, close } = createActivities(find());
    const clashes = Object.keys(activities).filter((name) => present.has(name));
    if (clashes.length > 0) throw new NameClashError('activities', clashes);
    this.closers.set(activities[KEY], close);
    return { ...own, ...activities };
  }

  /** Ends the sessions of a worker that stopped. */
  async close(worker: Worker): Promise<void> {
    const activity = worker.options.activities.get(KEY);
    if (activity !== undefined) await this.closers.get(activity)?.();
  }
}

const KEY = 'vtaReadPlan';
