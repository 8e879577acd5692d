import { Temporal } from 'temporal-polyfill';
import type { MaintenanceWindow } from '../model/maintenance-window';
import { openingAt } from './maintenance-window';

/** An opening of a window that nobody used. ISO times. */
export interface MissedOpening {
  why: string;
  /** Not given: the window does not open within a year. */
  nextOpening?: { opensAt: string; closesAt: string };
}

/**
 * Whether the opening that a start was meant for is over: then nobody was there to work, and it is not made up for outside
 * of it, nor in the next one, which has a start of its own. Meant is the one in force at the start, or the next one.
 * @param startedAt instant, milliseconds since 1970; `now` too
 * @returns undefined when it is not over
 */
export function missedOpening(window: MaintenanceWindow, startedAt: number, now: number): MissedOpening | undefined {
  const meant = openingAt(window, startedAt);
  if (meant === undefined || meant.closesAt > now) return undefined;
  const next = openingAt(window, now);
  return {
    why: `the window from ${iso(meant.opensAt)} to ${iso(meant.closesAt)} was over when a worker began with this, at ${iso(now)}`,
    ...(next === undefined ? {} : { nextOpening: { opensAt: iso(next.opensAt), closesAt: iso(next.closesAt) } }),
  };
}

function iso(instant: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}
