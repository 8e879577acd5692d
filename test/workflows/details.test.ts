import { describe, expect, it } from 'vitest';
import { DECISIONS } from '../../src/model/messages';
import { renderDetails } from '../../src/workflows/details';
import { offer, openApprovalGate, openDecideGate } from '../../src/workflows/gates';
import { newRunState, type RunState } from '../../src/workflows/run-state';

const NOW = new Date('2026-11-25T10:00:00Z');

/** The payloads in the details, as somebody would copy them. */
function payloads(state: RunState): unknown[] {
  const blocks = renderDetails('prod', state).matchAll(/```json\n(.*)\n```/g);
  return [...blocks].map(([, text = '']) => JSON.parse(text) as unknown);
}

describe('the details of the Web UI show, of an open gate,', () => {
  it('each decision that can be taken, with its payload and what it does', () => {
    const state = newRunState('t', 'r');
    openDecideGate(state, { step: 'host:a', attempt: 2, facts: ['it failed'] }, NOW, 1000);
    offer(state, 'decide:host:a:2', 'skip', undefined);
    const by = { by: '<your name>', reason: '<why>' };
    expect(payloads(state)).toEqual(
      ['retry', 'skip', 'abort'].map((action) => ({ step: 'host:a', attempt: 2, action, ...by })),
    );
    const text = renderDetails('prod', state);
    expect(text).toContain('To leave it out and go on, send an update or signal `decide`:');
    expect(text).not.toContain('revert');
  });

  it('none that people may take without its payload', () => {
    const state = newRunState('t', 'r');
    openDecideGate(state, { step: 's', attempt: 1, facts: [], actions: [...DECISIONS] }, NOW, 1000);
    expect(payloads(state).map((payload) => (payload as { action: string }).action)).toEqual([...DECISIONS]);
  });

  it('how it is approved and how it is rejected, whose payload is the same', () => {
    const state = newRunState('t', 'r');
    openApprovalGate(state, { id: 'plan', question: 'May it?', facts: [], digest: 'sha256:1' }, NOW, 1000);
    expect(payloads(state)).toEqual([{ gate: 'plan', digest: 'sha256:1', by: '<your name>', reason: '<why>' }]);
    expect(renderDetails('prod', state)).toContain('update or signal `approve`. Say no: `reject`.');
  });
});
