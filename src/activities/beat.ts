import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { isBeatWithSight, type BeatWithSight } from '../model/beat';

/** Where no pace is known: before there is a plan, and in steps of the archive, which are short. */
const BEAT_MS = 1_000;

/** A list of hundreds of virtual machines is no sentence any more. */
const LONGEST_SIGHT = 1_000;

/** What each activity under way asked to be remembered over attempts, and what its wait last saw. */
const memories = new WeakMap<Context, Memory>();

interface Memory {
  details: unknown;
  lastSeen?: string | undefined;
}

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
  const { details, lastSeen } = memory();
  if (lastSeen === undefined) heartbeat(details);
  else heartbeat({ lastSeen, ...(details === undefined ? {} : { remembered: details }) } satisfies BeatWithSight);
}

/** Remembers something for the next attempts, JSON-plain and without secrets, in place of what was remembered before. */
export function remember(details: unknown): void {
  memories.set(Context.current(), { ...memory(), details });
  beat();
}

/**
 * Says for people what a wait last saw, with the next beat: they read it beside the pending activity while it waits.
 * @param lastSeen a sentence without secrets; undefined when the wait is over
 */
export function see(lastSeen: string | undefined): void {
  const fits = lastSeen === undefined || lastSeen.length <= LONGEST_SIGHT;
  memories.set(Context.current(), { ...memory(), lastSeen: fits ? lastSeen : `${lastSeen.slice(0, LONGEST_SIGHT)}…` });
}

/** What this attempt, or one before it, remembered last; as far as the server was told, which may lag by a minute. */
export function remembered(): unknown {
  return memory().details;
}

/** What an attempt before this one saw is no news of this one: only what it remembered is taken over. */
function memory(): Memory {
  const own = memories.get(Context.current());
  if (own !== undefined) return own;
  const earlier: unknown = activityInfo().heartbeatDetails;
  return { details: isBeatWithSight(earlier) ? earlier.remembered : earlier };
}

function beatMsOf(input: unknown): number {
  if (typeof input !== 'object' || input === null || !('pace' in input)) return BEAT_MS;
  const { pace } = input;
  if (typeof pace !== 'object' || pace === null || !('heartbeatMs' in pace)) return BEAT_MS;
  return typeof pace.heartbeatMs === 'number' ? pace.heartbeatMs : BEAT_MS;
}
