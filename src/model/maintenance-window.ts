/** When hosts may be begun (M13). Times are local times of the zone, so the window keeps its hours over the year. */
export interface MaintenanceWindow {
  /** IANA name, such as `Europe/Zurich`. */
  timeZone: string;
  /** Days on which it opens; the night after them belongs to them. */
  days: Weekday[];
  /** Opens, `22:00`. */
  from: string;
  /** Closes, `05:00`: on the next day when it is not after `from`. */
  to: string;
  /** Dates on which it does not open, `2026-12-24`. */
  except: string[];
}

/** From Monday, as ISO 8601 counts them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * What a window says to something that is to be begun. Recorded where it is asked, since what a machine knows of time
 * zones may change. Instants are milliseconds since 1970; the texts beside them are for people, in local time.
 */
export type WindowAnswer =
  | { kind: 'now'; closesAt: number; closes: string }
  /** The next opening that is long enough. */
  | { kind: 'later'; opensAt: number; opens: string; closesAt: number; closes: string }
  /** No opening within a year is long enough; the longest lasts so long. */
  | { kind: 'never'; longestMs: number };
