import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../src/model/maintenance-window';
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
