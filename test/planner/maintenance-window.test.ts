import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WEEKDAYS, type MaintenanceWindow } from '../../src/model/maintenance-window';
import { openingAt, whenToBegin } from '../../src/planner/maintenance-window';

const HOUR = 3_600_000;

const nights: MaintenanceWindow = {
  timeZone: 'Europe/Zurich',
  days: ['fri', 'sat'],
  from: '22:00',
  to: '05:00',
  except: ['2026-12-25'],
};

function opening(window: MaintenanceWindow, at: string): string[] {
  const found = openingAt(window, Date.parse(at));
  return found === undefined ? [] : [found.opensAt, found.closesAt].map((ms) => new Date(ms).toISOString());
}

describe('a maintenance window', () => {
  it('keeps its local hours over the year', () => {
    expect(opening(nights, '2026-11-27T12:00:00Z')).toEqual(['2026-11-27T21:00:00.000Z', '2026-11-28T04:00:00.000Z']);
    expect(opening(nights, '2026-07-03T12:00:00Z')).toEqual(['2026-07-03T20:00:00.000Z', '2026-07-04T03:00:00.000Z']);
  });

  it('is in force after midnight of a day on which it opened', () => {
    expect(opening(nights, '2026-11-29T03:59:00Z')).toEqual(['2026-11-28T21:00:00.000Z', '2026-11-29T04:00:00.000Z']);
    expect(opening(nights, '2026-11-29T04:00:00Z')[0]).toBe('2026-12-04T21:00:00.000Z');
  });

  it('does not open on a date that is excepted', () => {
    expect(opening(nights, '2026-12-25T12:00:00Z')[0]).toBe('2026-12-26T21:00:00.000Z');
  });

  it('is shorter or longer by the hour that a change of the clocks takes or gives', () => {
    const hours = (at: string): number => {
      const found = openingAt({ ...nights, days: ['sat'] }, Date.parse(at));
      return ((found?.closesAt ?? 0) - (found?.opensAt ?? 0)) / HOUR;
    };
    expect([hours('2026-03-21T12:00:00Z'), hours('2026-03-28T12:00:00Z'), hours('2026-10-24T12:00:00Z')]).toEqual([
      7, 6, 8,
    ]);
  });

  it('is the narrower one where a local time comes twice or not at all', () => {
    const early = { ...nights, days: ['sun' as const], from: '02:30', to: '04:00' };
    // The clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
    expect(opening(early, '2026-03-29T00:00:00Z')).toEqual(['2026-03-29T01:30:00.000Z', '2026-03-29T02:00:00.000Z']);
    expect(opening(early, '2026-10-25T00:00:00Z')).toEqual(['2026-10-25T01:30:00.000Z', '2026-10-25T03:00:00.000Z']);
    const gone = { ...early, from: '02:00', to: '02:30' };
    expect(opening(gone, '2026-03-29T00:00:00Z')[0]).toBe('2026-04-05T00:00:00.000Z');
  });

  it('lets begin only what ends inside it', () => {
    const late = Date.parse('2026-11-28T03:00:00Z');
    expect(whenToBegin(nights, late, HOUR)).toEqual({ kind: 'now', closesAt: late + HOUR });
    expect(whenToBegin(nights, late, HOUR + 1)).toEqual({
      kind: 'later',
      opensAt: Date.parse('2026-11-28T21:00:00Z'),
      closesAt: Date.parse('2026-11-29T04:00:00Z'),
    });
    // Eight hours fit only into the night in which the clocks are put back.
    expect(whenToBegin(nights, late, 8 * HOUR)).toMatchObject({ opensAt: Date.parse('2027-10-30T20:00:00Z') });
    expect(whenToBegin({ ...nights, days: ['mon'] }, late, 8 * HOUR)).toEqual({ kind: 'never', longestMs: 7 * HOUR });
  });
});

const MINUTE = 60_000;
const ZONES = Intl.supportedValuesOf('timeZone');
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall of that zone shows: an oracle that knows no rules of time zones but those of `Intl`. */
function wallClock(timeZone: string, at: number): { date: string; time: string } {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  clocks.set(timeZone, clock);
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    time: `${parts['hour']}:${parts['minute']}`,
  };
}

/** Whether the clock on the wall shows a time inside of the window. */
function readsOpen({ timeZone, days, from, to, except }: MaintenanceWindow, at: number): boolean {
  const { date, time } = wallClock(timeZone, at);
  const opensOn = (day: string) => {
    const weekday = WEEKDAYS[(new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7];
    return weekday !== undefined && days.includes(weekday) && !except.includes(day);
  };
  if (to > from) return opensOn(date) && time >= from && time < to;
  const dayBefore = new Date(Date.parse(`${date}T12:00:00Z`) - 24 * HOUR).toISOString().slice(0, 10);
  return (opensOn(date) && time >= from) || (opensOn(dayBefore) && time < to);
}

/** Noons of days on which clocks were or will be changed somewhere, by an hour, half an hour, or a whole day. */
const CHANGES = [
  '2026-03-08',
  '2026-03-29',
  '2026-10-25',
  '2026-11-01',
  '2026-04-05',
  '2026-10-04',
  '2026-04-24',
  '2026-10-30',
  '2026-02-15',
  '2026-03-22',
  '2011-12-30',
  '2016-10-30',
].map((day) => Date.parse(`${day}T12:00:00Z`));

const instants = fc.oneof(
  fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2040-01-01') }),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -60 * HOUR, max: 60 * HOUR }))
    .map(([noon, shift]) => noon + shift),
);
function timesOfDay(lastHour: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 0, max: lastHour }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
}

function windows(zones: fc.Arbitrary<string>, at: number, lastHour = 23): fc.Arbitrary<MaintenanceWindow> {
  const dates = fc
    .integer({ min: -9, max: 9 })
    .map((days) => new Date(at + days * 24 * HOUR).toISOString().slice(0, 10));
  return fc
    .record({
      timeZone: zones,
      days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
      from: timesOfDay(lastHour),
      to: timesOfDay(lastHour),
      except: fc.uniqueArray(dates, { maxLength: 4 }),
    })
    .filter(({ from, to }) => from !== to);
}

function cases(zones: fc.Arbitrary<string>) {
  return instants.chain((at) =>
    fc.record({ at: fc.constant(at), window: windows(zones, at), neededMs: fc.integer({ min: 1, max: 10 * HOUR }) }),
  );
}

/** Instants from a begin to an end that is not part of it: each quarter of an hour, and both edges. */
function during(begin: number, end: number): number[] {
  const between = Array.from({ length: Math.ceil((end - begin) / (15 * MINUTE)) }, (_, n) => begin + n * 15 * MINUTE);
  return [...between, end - 1];
}

/** Days on which the clocks of a zone are changed in the night that leads to them. */
const CHANGED_NIGHTS: [zone: string, day: string][] = [
  ['Europe/Zurich', '2026-03-29'],
  ['Europe/Zurich', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Pacific/Apia', '2011-12-31'],
];

interface Case {
  at: number;
  window: MaintenanceWindow;
  neededMs: number;
}

function expectInside({ at, window, neededMs }: Case): void {
  const found = whenToBegin(window, at, neededMs);
  if (found.kind === 'never') return;
  const begin = found.kind === 'now' ? at : found.opensAt;
  expect(begin).toBeGreaterThanOrEqual(at);
  expect(found.closesAt - begin).toBeGreaterThanOrEqual(neededMs);
  const outside = during(begin, begin + neededMs).filter((instant) => !readsOpen(window, instant));
  expect(outside.map((instant) => new Date(instant).toISOString())).toEqual([]);
}

describe('whatever the window', () => {
  it.each(ZONES)('nothing is in work outside of it by the clock on the wall: %s', (zone) => {
    fc.assert(fc.property(cases(fc.constant(zone)), expectInside), { numRuns: 12 });
  });

  it.each(CHANGED_NIGHTS)('nor in a night in which the clocks are changed: %s, %s', (zone, day) => {
    const evening = Date.parse(`${day}T00:00:00Z`) - 30 * HOUR;
    const nightly = fc.integer({ min: evening, max: evening + 36 * HOUR }).chain((at) =>
      fc.record({
        at: fc.constant(at),
        window: windows(fc.constant(zone), at, 4).map((window) => ({ ...window, days: [...WEEKDAYS], except: [] })),
        neededMs: fc.integer({ min: 1, max: 3 * HOUR }),
      }),
    );
    fc.assert(fc.property(nightly, expectInside), { numRuns: 300 });
  });

  it('it is waited for no longer than needed, where the clocks are never changed', () => {
    fc.assert(
      fc.property(cases(fc.constantFrom('UTC', 'Asia/Kolkata', 'Asia/Tokyo')), ({ at, window, neededMs }) => {
        const found = whenToBegin(window, at, neededMs);
        // Each minute of the next nine days at which the wall clock shows that it has just been opened, and now.
        const first = Math.ceil(at / MINUTE) * MINUTE;
        const begins = Array.from({ length: 9 * 24 * 60 }, (_, n) => first + n * MINUTE).filter(
          (minute) => readsOpen(window, minute) && !readsOpen(window, minute - MINUTE),
        );
        const fits = (begin: number) => during(begin, begin + neededMs).every((instant) => readsOpen(window, instant));
        const expected = [at, ...begins].find(fits);
        if (expected === undefined) return;
        expect(found.kind === 'never' ? undefined : found.kind === 'now' ? at : found.opensAt).toBe(expected);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
