import { expect, it } from 'vitest';
import type { WorldEvent, WorldEventKind } from '../../simulator/world/events';
import { judgeYear } from './judge-year';

const HOST = 'host-1.lab.example';
const [OLD, NEW] = ['8.0.3-0.0.24000000', '8.0.3-0.1.24001000'];

function judged(...happened: [time: string, what: WorldEventKind, detail?: Record<string, unknown>][]): string[] {
  const events = happened.map(([time, what, detail = {}], index): WorldEvent => {
    return { seq: index + 1, time, host: HOST, what, detail };
  });
  return judgeYear(events, { image: OLD, trustedHosts: [HOST] }, 'Europe/Zurich');
}

it('the judge of the year sees an image removed that a host ran or had booted', () => {
  const removed = { baseImage: OLD, stillBootedBy: [] };
  const time = '2027-01-30T22:00:00.000Z';
  expect(judged([time, 'build-changed', { baseImage: NEW }], [time, 'base-image-removed', removed])).toEqual([]);
  expect(judged([time, 'base-image-removed', removed])).toEqual([expect.stringMatching(/which host-1\S+ ran$/)]);
  expect(
    judged(
      [time, 'build-changed', { baseImage: NEW }],
      [time, 'base-image-removed', { ...removed, stillBootedBy: [HOST] }],
    ),
  ).toEqual([expect.stringMatching(/which host-1\S+ had booted$/)]);
});

it('the judge of the year sees a host that no longer attests with an image that was trusted, and forgives a new image', () => {
  const time = '2027-01-30T22:00:00.000Z';
  expect(judged([time, 'not-attested', { image: NEW }])).toEqual([]);
  expect(
    judged([time, 'base-image-imported', { baseImage: NEW }], [time, 'not-attested', { image: NEW }]),
  ).toHaveLength(1);
  expect(judged([time, 'not-attested', { image: OLD }])).toHaveLength(1);
});

it('the judge of the year knows the night, in summer, in winter, and when the clocks are changed', () => {
  const begun = (time: string) => judged([time, 'maintenance-mode-entering']).length;
  // 22:00 and 05:00 in Zurich: UTC+1 in winter; the last Sunday of March and of October changes between the two.
  expect(['2027-01-30T20:59:59.000Z', '2027-01-30T21:00:00.000Z'].map(begun)).toEqual([1, 0]);
  expect(['2027-01-31T03:59:59.000Z', '2027-01-31T04:00:00.000Z'].map(begun)).toEqual([0, 1]);
  expect(['2027-03-27T21:00:00.000Z', '2027-03-28T02:59:59.000Z', '2027-03-28T03:00:00.000Z'].map(begun)).toEqual([
    0, 0, 1,
  ]);
  expect(['2027-10-30T20:00:00.000Z', '2027-10-31T03:59:59.000Z', '2027-10-31T04:00:00.000Z'].map(begun)).toEqual([
    0, 0, 1,
  ]);
  expect(begun('2027-01-29T22:00:00.000Z')).toBe(1);
});
