import { activityInfo, Context, heartbeat } from '@temporalio/activity';

/** Where no pace is known: before there is a plan, and in steps of the archive, which are short. */
const BEAT_MS = 1_000;

/** What each activity under way last asked to be remembered over attempts. */
const memories = new WeakMap<Context, { details: unknown }>();

/**
 * Gives an activity a heartbeat of its own, whatever it waits for: without one, the server notices a dead worker only when
 * the longest time that the activity may take has passed. An activity that is over sooner costs no beat.
 * @param input of the activity; its pace tells how often
 */
export async function withHeartbeat<T>(input: unknown, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(beat, beatMsOf(input));
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Beats now, with what was last remembered: a beat never makes the next attempt forget. */
export function beat(): void {
  heartbeat(remembered());
}

/** Remembers something for the next attempts, JSON-plain and without secrets, in place of what was remembered before. */
export function remember(details: unknown): void {
  memories.set(Context.current(), { details });
  heartbeat(details);
}

/** What this attempt, or one before it, remembered last; as far as the server was told, which may lag by a minute. */
export function remembered(): unknown {
  const memory = memories.get(Context.current());
  return memory === undefined ? activityInfo().heartbeatDetails : memory.details;
}

function beatMsOf(input: unknown): number {
  if (typeof input !== 'object' || input === null || !('pace' in input)) return BEAT_MS;
  const { pace } = input;
  if (typeof pace !== 'object' || pace === null || !('heartbeatMs' in pace)) return BEAT_MS;
  return typeof pace.heartbeatMs === 'number' ? pace.heartbeatMs : BEAT_MS;
}
