import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { beat } from '../../src/activities/beat';
import { waitUntil } from '../../src/activities/wait';
import { scalePace } from '../../src/model/pace';
import { NotSent } from '../../src/vsphere/errors';

const pace = { ...scalePace(1), pollMs: 20 };
const MINUTE = 60_000;

/** Waits in an attempt that was scheduled then (milliseconds ago, on the server's clock); tells what the looks were told. */
async function wait(times: { firstScheduled: number; scheduled: number; skew?: number }, looks: number) {
  const now = Date.now() + (times.skew ?? 0);
  const environment = new MockActivityEnvironment({
    scheduledTimestampMs: now - times.firstScheduled,
    currentAttemptScheduledTimestampMs: now - times.scheduled,
  });
  const told: boolean[] = [];
  const activity = async () =>
    await waitUntil({
      what: 'It',
      code: 'VTA_DEADLINE_PASSED',
      pace,
      deadlineMs: 10 * MINUTE,
      remedy: 'Retry.',
      look: (_remember, _remembered, late) => {
        told.push(late);
        return Promise.resolve(told.length < looks ? { pending: 'not yet' } : { done: true });
      },
    });
  const end = await environment.run(activity).catch((error: unknown) => String(error));
  return { told, end };
}

describe('the deadline of a wait', () => {
  it('lets a look that comes after it see what is true, and says that it is late', async () => {
    const longAgo = { firstScheduled: 20 * MINUTE, scheduled: 20 * MINUTE };
    expect(await wait(longAgo, 1)).toEqual({ told: [true], end: true });
    const { told, end } = await wait(longAgo, 3);
    expect(told).toEqual([true]);
    expect(end).toMatch(/did not happen within 600 s\. Last seen: not yet\. Retry\./);
  });

  it('counts the attempts before', async () => {
    expect((await wait({ firstScheduled: 11 * MINUTE, scheduled: 0 }, 1)).told).toEqual([true]);
    expect((await wait({ firstScheduled: 8 * MINUTE, scheduled: 0 }, 3)).told).toEqual([false, false, false]);
  });

  it('does not take a clock that differs from the server for time that has passed', async () => {
    const attempt = { firstScheduled: 8 * MINUTE, scheduled: 0 };
    expect((await wait({ ...attempt, skew: -4 * MINUTE }, 2)).told).toEqual([false, false]);
    expect((await wait({ ...attempt, firstScheduled: 11 * MINUTE, skew: 4 * MINUTE }, 1)).told).toEqual([true]);
  });
});

it('a wait tells with its heartbeat what it last saw, until it is over', async () => {
  const now = Date.now();
  const environment = new MockActivityEnvironment({
    scheduledTimestampMs: now,
    currentAttemptScheduledTimestampMs: now,
  });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  const looks = [{ pending: 'the task is running; Still on it: vm-1.' }, new NotSent('GET /api', 'refused', 'ta-vc')];
  await environment.run(async () => {
    await waitUntil({
      what: 'It',
      code: 'VTA_DEADLINE_PASSED',
      pace,
      deadlineMs: MINUTE,
      remedy: 'Retry.',
      look: async () => {
        const next = looks.shift();
        if (next instanceof Error) throw next;
        return await Promise.resolve(next ?? { done: true });
      },
    });
    beat();
  });
  expect(beats).toEqual([
    { lastSeen: 'the task is running; Still on it: vm-1.' },
    { lastSeen: 'GET /api: not sent (refused): ta-vc' },
    undefined,
  ]);
});
