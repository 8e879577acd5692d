import { activityInfo, sleep } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { beat, remember, remembered, see, withHeartbeat } from '../../src/activities/beat';
import { pollTools } from '../../src/activities/wait';

/** Runs an activity with a heartbeat every 20 ms; tells the details of each beat. */
async function beats(activity: () => Promise<unknown>, earlier?: unknown): Promise<{ beats: unknown[]; end: unknown }> {
  const environment = new MockActivityEnvironment({ heartbeatDetails: earlier });
  const seen: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => seen.push(details));
  const end = await environment.run(() => withHeartbeat({ pace: { heartbeatMs: 20 } }, activity));
  return { beats: seen, end };
}

describe('an activity', () => {
  it('beats while it works, whatever it does', async () => {
    const { beats: seen } = await beats(() => sleep(120));
    expect(seen.length).toBeGreaterThanOrEqual(2);
  });

  it('costs no beat when it is over at once', async () => {
    expect(await beats(() => Promise.resolve('read'))).toEqual({ beats: [], end: 'read' });
  });

  it('remembers over its beats, also while a task is polled', async () => {
    const { beats: seen, end } = await beats(async () => {
      remember('our task');
      pollTools().heartbeat?.({ task: 'another', operation: 'list' });
      await sleep(60);
      return remembered();
    });
    expect(new Set(seen)).toEqual(new Set(['our task']));
    expect(end).toBe('our task');
  });

  it('knows what the attempt before it remembered, and tells it on', async () => {
    const { beats: seen, end } = await beats(async () => {
      await sleep(60);
      return [remembered(), activityInfo().attempt];
    }, 'of the attempt before');
    expect(new Set(seen)).toEqual(new Set(['of the attempt before']));
    expect(end).toEqual(['of the attempt before', 1]);
  });

  it('tells what its wait last saw beside what it remembers, and the next attempt knows the latter', async () => {
    const { beats: seen } = await beats(async () => {
      remember('our task');
      see('503');
      beat();
      remember({ taskId: 'another' });
      see(undefined);
      beat();
      return await Promise.resolve();
    });
    const [first, second, third, fourth] = seen;
    expect([first, second]).toEqual(['our task', { lastSeen: '503', remembered: 'our task' }]);
    expect([third, fourth]).toEqual([{ lastSeen: '503', remembered: { taskId: 'another' } }, { taskId: 'another' }]);

    const next = await beats(async () => {
      beat();
      see('still 503');
      beat();
      return await Promise.resolve(remembered());
    }, third);
    // What an attempt before saw is not told as seen by this one.
    expect(next.beats).toEqual([{ taskId: 'another' }, { lastSeen: 'still 503', remembered: { taskId: 'another' } }]);
    expect(next.end).toEqual({ taskId: 'another' });
  });

  it('remembers nothing where the attempt before only saw something', async () => {
    expect((await beats(() => Promise.resolve(remembered()), { lastSeen: '503' })).end).toBe(undefined);
  });

  it('cuts what is too long to be read', async () => {
    const { beats: seen } = await beats(async () => {
      see('x'.repeat(5_000));
      beat();
      return await Promise.resolve();
    });
    expect(seen).toEqual([{ lastSeen: `${'x'.repeat(1_000)}…` }]);
  });
});
