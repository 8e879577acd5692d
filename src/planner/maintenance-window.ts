import { Temporal } from 'temporal-polyfill';
import { WEEKDAYS, type MaintenanceWindow } from '../model/maintenance-window';

/** One opening of a window: instants, milliseconds since 1970. */
export interface Opening {
  opensAt: number;
  closesAt: number;
}

/** Whether something may be begun now. */
export type WhenToBegin =
  | { kind: 'now'; closesAt: number }
  /** What is to be begun fits into this opening, the next one that is long enough. */
  | ({ kind: 'later' } & Opening)
  /** No opening within a year is long enough; the longest lasts so long. */
  | { kind: 'never'; longestMs: number };

/** Windows that open once a year are the rarest that make sense. */
const DAYS_AHEAD = 366;

/**
 * Whether something that takes a while may be begun, so that it ends inside the window.
 * @param at instant, milliseconds since 1970
 * @param neededMs how long it takes
 * @param roomMs how much longer an opening must be that is waited for: nothing begins in the very moment in which it opens
 */
export function whenToBegin(window: MaintenanceWindow, at: number, neededMs: number, roomMs = 0): WhenToBegin {
  let longestMs = 0;
  for (const { opensAt, closesAt } of openings(window, at)) {
    if (opensAt <= at && closesAt - at >= neededMs) return { kind: 'now', closesAt };
    if (opensAt > at && closesAt - opensAt >= neededMs + roomMs) return { kind: 'later', opensAt, closesAt };
    longestMs = Math.max(longestMs, closesAt - opensAt);
  }
  return { kind: 'never', longestMs };
}

/** A tenth: what comes before the first change (looks, a worker that has to start) takes its time, too. */
export function roomFor(neededMs: number): number {
  return Math.ceil(neededMs / 10);
}

/** The opening that is in force at an instant, or the next one; none within a year: undefined. */
export function openingAt(window: MaintenanceWindow, at: number): Opening | undefined {
  for (const opening of openings(window, at)) return opening;
  return undefined;
}

/** An instant for people: `2026-11-27 22:00 +01:00 (Europe/Zurich)`. */
export function localTime({ timeZone }: MaintenanceWindow, at: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${local.toPlainDate().toString()} ${time} ${local.offset} (${timeZone})`;
}

/** Openings that have not closed at an instant, in their order. */
function* openings(window: MaintenanceWindow, at: number): Generator<Opening> {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(window.timeZone).toPlainDate();
  // Yesterday's night may still go on.
  for (let ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
    const opening = openingOf(window, today.add({ days: ahead }));
    if (opening !== undefined && opening.closesAt > at) yield opening;
  }
}

/**
 * Where the clocks are changed, a local time comes twice or not at all: the window is then the narrower one, so that
 * nothing is begun at an instant that only one reading of the clock would allow.
 */
function openingOf({ timeZone, days, from, to, except }: MaintenanceWindow, date: Temporal.PlainDate) {
  const day = WEEKDAYS[date.dayOfWeek - 1];
  if (day === undefined || !days.includes(day) || except.includes(date.toString())) return undefined;
  const last = to > from ? date : date.add({ days: 1 });
  const opensAt = instant(date, from, timeZone, 'later');
  const closesAt = instant(last, to, timeZone, 'earlier');
  return opensAt < closesAt ? { opensAt, closesAt } : undefined;
}

function instant(date: Temporal.PlainDate, time: string, timeZone: string, disambiguation: 'earlier' | 'later') {
  return date.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timeZone, { disambiguation })
    .epochMilliseconds;
}
