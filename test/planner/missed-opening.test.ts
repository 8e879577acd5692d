import { describe, expect, it } from 'vitest';
import type { MaintenanceWindow } from '../../src/model/maintenance-window';
import { missedOpening } from '../../src/planner/missed-opening';

/** Saturday nights, 22:00 to 05:00 in Zurich. */
const SATURDAYS: MaintenanceWindow = {
  timeZone: 'Europe/Zurich',
  days: ['sat'],
  from: '22:00',
  to: '05:00',
  except: [],
};

const missed = (startedAt: string, now: string, window = SATURDAYS) =>
  missedOpening(window, Date.parse(startedAt), Date.parse(now));

describe('an opening', () => {
  it.each([
    ['before it opens', '2026-11-28T20:00:00Z', '2026-11-28T20:00:01Z'],
    ['while it is open', '2026-11-28T20:00:00Z', '2026-11-29T03:59:59Z'],
    ['whose start came while it was open', '2026-11-28T23:00:00Z', '2026-11-28T23:00:01Z'],
    ['of the next week, for a start on Sunday', '2026-11-29T12:00:00Z', '2026-12-05T12:00:00Z'],
  ])('is not missed %s', (_what, startedAt, now) => {
    expect(missed(startedAt, now)).toBeUndefined();
  });

  it.each([
    ['the moment that it closes', '2026-11-28T20:00:00Z', '2026-11-29T04:00:00Z', '2026-12-05T21:00:00Z'],
    ['on Monday', '2026-11-28T20:00:00Z', '2026-11-30T09:00:00Z', '2026-12-05T21:00:00Z'],
    ['in the next opening', '2026-11-28T20:00:00Z', '2026-12-05T22:00:00Z', '2026-12-05T21:00:00Z'],
    ['after the clocks were changed', '2026-10-24T19:00:00Z', '2026-10-25T04:00:00Z', '2026-10-31T21:00:00Z'],
  ])('is missed %s, and the next one is told', (_what, startedAt, now, opensAt) => {
    expect(missed(startedAt, now)?.nextOpening?.opensAt).toBe(opensAt);
  });

  it('is told with its times', () => {
    expect(missed('2026-11-28T20:00:00Z', '2026-11-30T09:00:00Z')?.why).toBe(
      'the window from 2026-11-28T21:00:00Z to 2026-11-29T04:00:00Z was over when a worker began with this, at 2026-11-30T09:00:00Z',
    );
  });
});
