import { activityInfo, cancellationSignal, Context, sleep } from '@temporalio/activity';
import type { ErrorCode } from '../model/error-codes';
import type { Pace } from '../model/pace';
import { remedyOf } from '../vsphere/error-table';
import { isVsphereError, LoginRefused } from '../vsphere/errors';
import type { PollTools } from '../vsphere/task-poll';
import type { CallOptions } from '../vsphere/transport';
import { beat, remember, remembered, see } from './beat';
import { refuse } from './to-failure';

/** The first pause of a wait is this part of the longest one: 1 s of 15 s. */
export const FIRST_PAUSES = 15;
export const PAUSE_GROWTH = 1.5;
/** An attempt that waited longer than this for a worker has waited; less may be two clocks that differ. */
const MOST_SKEW_MS = 5 * 60_000;

/**
 * Whether the last moment to begin something has passed: the maintenance window that let it begin would close before its
 * end. Asked right before the request is sent, since whoever decided to begin may have decided long ago.
 */
export function isPast(beginBy: number | undefined, { now }: { now: () => number }): boolean {
  return beginBy !== undefined && now() > beginBy;
}

/** What had passed when an attempt first waited, on the server's clock, and when that was on a clock that never jumps. */
const begins = new WeakMap<Context, { passedMs: number; at: number }>();

/** What one look found: the value waited for, or what is still missing, for people. `code`: if it stays the last thing seen. */
export type Look<T> = { done: T } | { pending: string; code?: ErrorCode };

/** Options of every call in an activity: cancelled with it, and never without a deadline. */
export function callOptions(pace: Pick<Pace, 'callMs'>): CallOptions {
  return { signal: cancellationSignal(), deadlineMs: pace.callMs };
}

/** What task polling needs from the activity it runs in. */
export function pollTools(): PollTools {
  return {
    now: () => Date.now(),
    sleep: async (milliseconds) => {
      await sleep(milliseconds);
    },
    // Which task is polled is nothing to remember: the caller may have remembered what it needs to go on.
    heartbeat: beat,
  };
}

/**
 * How long ago the activity was first scheduled. The worker's clock is not compared with the server's, except to notice
 * an attempt that lay in the queue while no worker was there: no time of the server tells that.
 */
export function passedMs(): number {
  const context = Context.current();
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
  let begin = begins.get(context);
  if (begin === undefined) {
    const queued = Date.now() - currentAttemptScheduledTimestampMs;
    const before = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
    begin = { passedMs: before + (queued > MOST_SKEW_MS ? queued : 0), at: performance.now() };
    begins.set(context, begin);
  }
  return begin.passedMs + performance.now() - begin.at;
}

/**
 * Looks until something holds. Losing sight of a vCenter or host is no end: it is told and looked again. The deadline
 * runs from when the activity was first scheduled, so that a worker's restart does not begin it anew. A look after the
 * deadline, when all workers were away, finds out what is true and begins nothing.
 *
 * What was last seen goes along with the heartbeat, so that people need not wait for the deadline to read it.
 *
 * The first looks come quickly and then ever slower, up to the pace: what is over in a moment is not waited for, what
 * takes half an hour is not asked for all the time.
 * @throws ApplicationFailure `code` when the deadline has passed, with what was last seen
 */
export async function waitUntil<T>(wait: {
  /** What is waited for, as in "… did not happen within 30 s". */
  what: string;
  code: ErrorCode;
  pace: Pace;
  deadlineMs: number;
  /**
   * Given what the heartbeat is to remember over attempts, and what it remembers. `late`: the deadline has passed, so
   * whatever was begun is looked at and attached to, and nothing is begun.
   */
  look: (remember: (details: unknown) => void, remembered: unknown, late: boolean) => Promise<Look<T>>;
  /** What to do when the deadline has passed. */
  remedy: string;
  /** Returned at the deadline instead of failing. */
  giveUp?: T | undefined;
  /** Cleans up at the deadline; what it returns is told. */
  onDeadline?: () => Promise<string | undefined>;
}): Promise<T> {
  const { pace } = wait;
  const late = () => passedMs() >= wait.deadlineMs;
  let pause = pace.pollMs / FIRST_PAUSES;
  for (;;) {
    const look = await lookPatiently(() => wait.look(remember, remembered(), late()));
    if ('done' in look) {
      see(undefined);
      return look.done;
    }
    see(look.pending);
    if (late()) {
      if (wait.giveUp !== undefined) return wait.giveUp;
      const found = await wait.onDeadline?.().catch(() => undefined);
      const seen = `Last seen: ${look.pending.replace(/\.$/, '')}.${found === undefined ? '' : ` ${found}`}`;
      throw refuse(
        look.code ?? wait.code,
        `${wait.what} did not happen within ${Math.round(wait.deadlineMs / 1000)} s. ${seen} ${wait.remedy}`,
      );
    }
    beat();
    await sleep(pause);
    pause = Math.min(pause * PAUSE_GROWTH, pace.pollMs);
  }
}

async function lookPatiently<T>(look: () => Promise<Look<T>>): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    if (!isVsphereError(error) || error instanceof LoginRefused) throw error;
    const remedy = remedyOf(error);
    if (remedy === 'refused' || remedy === 'gone') throw error;
    return { pending: error.message };
  }
}
