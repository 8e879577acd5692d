import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { progressNews, renderProgress } from '../../src/cli/render/progress';
import { sightsOf } from '../../src/cli/temporal/last-seen';
import type { Progress } from '../../src/model/progress';

const beat = (details: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(details)] });
const at = (seconds: number) => ({ seconds: seconds as never, nanos: 0 });
const unreachable = { message: 'it answers 503', applicationFailureInfo: { type: 'VTA_UNREACHABLE' } };

describe('what a pending activity last saw', () => {
  it('is read from its heartbeat', () => {
    expect(sightsOf([{ heartbeatDetails: beat({ lastSeen: 'it answers 503', remembered: 'task-7' }) }])).toEqual([
      'last seen: it answers 503',
    ]);
  });

  it('is nothing where it only remembers, as activities of earlier versions did', () => {
    const remembered = ['task-7', { taskId: 'task-7' }, null].map((details) => ({ heartbeatDetails: beat(details) }));
    expect(sightsOf([...remembered, {}])).toEqual([]);
  });

  it('is the failure of the try before, unless something was seen after that', () => {
    const failed = { attempt: 3, lastFailure: unreachable, lastAttemptCompleteTime: at(20) };
    const seen = { heartbeatDetails: beat({ lastSeen: 'it installs' }) };
    expect(sightsOf([failed])).toEqual(['try 2 failed: VTA_UNREACHABLE: it answers 503']);
    expect(sightsOf([{ ...failed, ...seen, lastHeartbeatTime: at(10) }])).toEqual([
      'try 2 failed: VTA_UNREACHABLE: it answers 503',
    ]);
    expect(sightsOf([{ ...failed, ...seen, lastHeartbeatTime: at(30) }])).toEqual(['last seen: it installs']);
  });

  it('is never the text of an error that is none of ours', () => {
    const text = JSON.stringify([
      sightsOf([{ lastFailure: { message: 'hunter2', applicationFailureInfo: { type: 'TypeError' } } }]),
      sightsOf([{ lastFailure: { message: 'hunter2', timeoutFailureInfo: {} } }]),
      sightsOf([{ lastFailure: { message: 'hunter2', canceledFailureInfo: {} } }]),
    ]);
    expect(text).toMatch(/try 1 failed: an error that is none of ours.*fell silent.*was stopped/);
    expect(text).not.toContain('hunter2');
  });
});

describe('the progress of a run', () => {
  const progress = (own: string, host: string): Progress => ({
    infrastructure: 'lab',
    startedAt: '2026-11-25T10:00:00.000Z',
    state: 'running',
    now: 'Phase 2.',
    lastSeen: [own],
    phases: [
      {
        number: 2,
        title: 'Trust Authority Hosts',
        state: 'running',
        items: [{ name: 'esx-1', state: 'running', detail: 'Entering maintenance mode.', lastSeen: [host] }],
      },
    ],
    gates: [],
    warnings: [],
  });

  it('shows beside the run and each host what it last saw', () => {
    expect(renderProgress(progress('last seen: not healthy', 'last seen: Still on it: vm-1.'))).toEqual([
      'lab: running (started 2026-11-25T10:00:00.000Z)',
      '  Phase 2.',
      '  last seen: not healthy',
      '',
      'Phase 2, Trust Authority Hosts: [░░░░░░░░░░░░░░░░░░░░] 0/1 running',
      '  ▶ esx-1  Entering maintenance mode.',
      '      last seen: Still on it: vm-1.',
    ]);
  });

  it('tells as news what was not seen before, but not that a number has changed', () => {
    const before = progress('last seen: 5 %', 'last seen: it answers 503');
    expect(progressNews(before, progress('last seen: 45 %', 'last seen: it installs'))).toEqual([
      'esx-1: last seen: it installs',
    ]);
    expect(progressNews(undefined, before)).toContain('esx-1: last seen: it answers 503');
  });
});
