import type { CisTasks, TaskInfo } from './cis-tasks';
import { ApiFault, isVsphereError, OutcomeUnknown } from './errors';
import { remedyOf } from './error-table';
import { decodeAnswer } from './rest-answer';
import type { Task, TaskId } from './rest-client';
import type { CallOptions } from './transport';

/** What a wait needs from outside: clients never sleep by themselves. */
export interface PollTools {
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Milliseconds on any clock that does not jump. */
  readonly now: () => number;
  /** Called before every look and after each that showed a running task, with what should be remembered. */
  readonly heartbeat?: (beat: TaskBeat) => void;
}

/** The details of a heartbeat: enough to go on with the same task after a crash. JSON-plain, no secret. */
export interface TaskBeat {
  readonly task: TaskId;
  readonly operation: string;
  readonly status?: string;
  readonly completed?: number;
  readonly total?: number;
}

/** How long and how often, in milliseconds. */
export interface PollPace {
  /** The longest pause; the first pauses are shorter, because most vTA reads are done at once. */
  readonly everyMs: number;
  readonly deadlineMs: number;
}

const FIRST_PAUSE_MS = 100;
const LOOK_DEADLINE_MS = 30_000;
/** The last look too gets the time that an answer takes, even if the deadline passes meanwhile. */
const SHORTEST_LOOK_MS = 2_000;

/**
 * Waits for a task and gives its result: the one place that polls CIS tasks.
 *
 * Losing sight of the server (restart, 503, busy) is not the end of a task: it is looked at again until the deadline.
 * @throws ApiFault if the task failed (its `status` is undefined: the fault came inside the task)
 * @throws OutcomeUnknown if the record of the task is gone (`task-gone`) or the deadline passed: read the state
 */
export async function pollTask<T>(
  tasks: CisTasks,
  task: Task<T>,
  pace: PollPace,
  tools: PollTools,
  signal?: AbortSignal,
): Promise<T> {
  const until = tools.now() + pace.deadlineMs;
  let pause = Math.min(FIRST_PAUSE_MS, pace.everyMs);
  let lastSeen = 'was never seen';
  let outOfSight = '';
  for (;;) {
    tools.heartbeat?.({ task: task.id, operation: task.operation });
    const options = { signal, deadlineMs: Math.max(SHORTEST_LOOK_MS, Math.min(LOOK_DEADLINE_MS, until - tools.now())) };
    const look = await lookPatiently(tasks, task.id, options);
    if (look.kind === 'succeeded') return decodeAnswer(task.operation, look.result, task.result);
    if (look.kind === 'failed') throw new ApiFault(task.operation, look.fault);
    if (look.kind === 'gone') {
      throw new OutcomeUnknown(task.operation, 'task-gone', `the record of task ${task.id} has vanished`);
    }
    if (look.kind === 'running') {
      tools.heartbeat?.(beatOf(task, look.info));
      lastSeen = `was last seen ${look.info.status}`;
    }
    outOfSight = look.kind === 'running' ? '' : `, then was out of sight: ${look.why}`;
    const left = until - tools.now();
    if (left <= 0) throw new OutcomeUnknown(task.operation, 'deadline', `task ${task.id} ${lastSeen}${outOfSight}`);
    await tools.sleep(Math.min(pause, left), signal);
    pause = Math.min(pause * 2, pace.everyMs);
  }
}

/** Starts a task and waits for it: for reads that the API offers only as tasks. */
export async function runTask<T>(
  tasks: CisTasks,
  start: (options: CallOptions) => Promise<Task<T>>,
  pace: PollPace,
  tools: PollTools,
  signal?: AbortSignal,
): Promise<T> {
  return pollTask(tasks, await start({ signal }), pace, tools, signal);
}

async function lookPatiently(tasks: CisTasks, task: TaskId, options: CallOptions) {
  try {
    return await tasks.look(task, options);
  } catch (error) {
    if (!isVsphereError(error) || options.signal?.aborted === true) throw error;
    const remedy = remedyOf(error);
    // A look changes nothing, so an unknown outcome of it is just a look that showed nothing.
    if (remedy === 'refused' || remedy === 'already-done') throw error;
    return { kind: 'out-of-sight' as const, why: error.message };
  }
}

function beatOf<T>(task: Task<T>, info: TaskInfo): TaskBeat {
  const { completed, total } = info.progress ?? {};
  return {
    task: task.id,
    operation: task.operation,
    status: info.status,
    ...(completed === undefined ? {} : { completed }),
    ...(total === undefined ? {} : { total }),
  };
}
