/**
 * Details of a heartbeat of an activity that waits. One that has seen nothing yet beats with what it remembers alone, as
 * every activity of earlier versions did.
 */
export interface BeatWithSight {
  /** What the wait last saw, for people. */
  lastSeen: string;
  /** What the next attempt is to know. */
  remembered?: unknown;
}

/** False for everything that activities remember by themselves: none of it has a member of that name. */
export function isBeatWithSight(details: unknown): details is BeatWithSight {
  return (
    typeof details === 'object' && details !== null && 'lastSeen' in details && typeof details.lastSeen === 'string'
  );
}
