import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/model/duration';

it.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['72h', 259_200_000],
])('the duration %s is %i ms and is written like that', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
  expect(formatDuration(milliseconds)).toBe(text);
});

it.each(['0s', '1d', '1.5h', '-1s', '5', 's', '', ' 5s', '99999999s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it('durations that no unit divides are rounded to seconds, short ones shown in milliseconds', () => {
  expect([61_500, 250, 60_000].map(formatDuration)).toEqual(['62s', '250ms', '1m']);
});
