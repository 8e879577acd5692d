import { describe, expect, it } from 'vitest';
import { renderProgress } from '../../src/cli/render/progress';
import type { ItemState, Progress } from '../../src/model/progress';

function progress(states: ItemState[], changes: Partial<Progress> = {}): Progress {
  const items = states.map((state, index) => ({ name: `esx-${index + 1}`, state }));
  return {
    infrastructure: 'lab',
    startedAt: '2026-11-25T10:00:00.000Z',
    state: 'running',
    now: 'Phase 2.',
    phases: [{ number: 2, title: 'Trust Authority Hosts', state: 'running', items }],
    gates: [],
    warnings: [],
    ...changes,
  };
}

const bar = (states: ItemState[]) => renderProgress(progress(states))[3];

describe('the bar of a phase', () => {
  it.each<[string, ItemState[], string]>([
    ['nothing done', ['pending', 'pending'], '[░░░░░░░░░░░░░░░░░░░░] 0/2 running'],
    ['half', ['done', 'running'], '[██████████░░░░░░░░░░] 1/2 running'],
    ['one of three', ['done', 'failed', 'pending'], '[██████░░░░░░░░░░░░░░] 1/3 running'],
    ['one left out', ['done', 'skipped', 'pending', 'pending'], '[█████–––––░░░░░░░░░░] 1/4 running'],
    ['all', ['done', 'done', 'done'], '[████████████████████] 3/3 running'],
  ])('%s', (_what, states, end) => {
    expect(bar(states)).toBe(`Phase 2, Trust Authority Hosts: ${end}`);
  });

  it('is full only when nothing is missing: 95 of 96 is not', () => {
    const states = Array.from({ length: 96 }, (_, index): ItemState => (index < 95 ? 'done' : 'running'));
    expect(bar(states)).toContain('░] 95/96');
  });
});

it('shows a reference host by that name, not as a phase', () => {
  const items = [{ name: 'test-1', state: 'running' as const, detail: 'its base image is next' }];
  const phases = [{ number: 'reference' as const, title: 'Reference host', state: 'running' as const, items }];
  expect(renderProgress(progress([], { phases })).slice(3)).toEqual([
    'Reference host: [░░░░░░░░░░░░░░░░░░░░] 0/1 running',
    '  ▶ test-1  its base image is next',
  ]);
});

it('says who asked for a pause that has not taken effect, and who ends the run', () => {
  const lines = renderProgress(
    progress(['running'], {
      paused: { by: 'alice', reason: 'storage alarm' },
      aborting: { by: 'bob', reason: 'window is over' },
    }),
  );
  expect(lines.slice(2, 4)).toEqual([
    '  Pauses at the next safe point, asked by alice: storage alarm',
    '  Being ended by bob: window is over',
  ]);
});
