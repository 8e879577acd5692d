import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../../src/activities/wait';
import { scalePace } from '../../src/model/pace';

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
