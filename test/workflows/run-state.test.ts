import { describe, expect, it } from 'vitest';
import type { OpenGate } from '../../src/model/progress';
import { renderDetails } from '../../src/workflows/details';
import {
  addFact,
  keptApproval,
  offer,
  openApprovalGate,
  openDecideGate,
  renewGate,
  takeApproval,
} from '../../src/workflows/gates';
import { addWarning, newRunState, recordAudit, recordRefusal, type RunState } from '../../src/workflows/run-state';

/** Rules of the run's state, without Temporal: what is kept, what is asked again, what cannot grow. */
const NOW = new Date('2026-11-25T10:00:00.000Z');
const HOUR = 3_600_000;
const QUESTION = { id: 'plan', question: 'May it?', facts: ['a fact'], digest: 'sha256:1' };

function state(): RunState {
  return newRunState(NOW.toISOString(), 'run-1');
}

function gateOf(run: RunState, id: string): OpenGate {
  const gate = run.gates[id];
  if (gate === undefined) throw new Error(`no gate ${id}`);
  return gate;
}

describe('a gate that is approved or rejected', () => {
  it('stays as it is when it is opened again with the same digest, and is asked anew with another', () => {
    const run = state();
    openApprovalGate(run, QUESTION, NOW, HOUR);
    const first = gateOf(run, 'plan');
    openApprovalGate(run, QUESTION, new Date(NOW.getTime() + HOUR), HOUR);
    expect(run.gates['plan']).toBe(first);
    openApprovalGate(run, { ...QUESTION, digest: 'sha256:2' }, NOW, HOUR);
    expect(gateOf(run, 'plan')).toMatchObject({ digest: 'sha256:2', approvals: { given: [] } });
  });

  it('keeps its approval for this very question only', () => {
    const run = state();
    openApprovalGate(run, QUESTION, NOW, HOUR);
    takeApproval(run, { gate: 'plan', digest: 'sha256:1', by: 'alice' }, NOW);
    expect(keptApproval(run, QUESTION)).toMatchObject({ outcome: 'approved', by: ['alice'] });
    expect(keptApproval(run, { ...QUESTION, digest: 'sha256:2' })).toBeUndefined();
    expect(keptApproval(run, { ...QUESTION, id: 'phase:2' })).toBeUndefined();
  });
});

describe('a gate that asks for a decision', () => {
  it('always offers to try again and to end the run, and escalates when nobody answers', () => {
    const run = state();
    openDecideGate(run, { step: 'backup', attempt: 1, facts: ['no room'] }, NOW, HOUR);
    const gate = gateOf(run, 'decide:backup:1');
    expect(gate.actions).toEqual(['retry', 'abort']);
    renewGate(run, gate.id, new Date(NOW.getTime() + HOUR), HOUR);
    expect(gate).toMatchObject({ reminders: 1, expiresAt: '2026-11-25T12:00:00.000Z' });
    expect(run.audit.recent.at(-1)).toMatchObject({
      what: 'escalation',
      on: 'decide:backup:1',
      why: 'nobody answered in time (escalation 1)',
    });
  });

  it('says once whether skipping is offered, and takes nothing for a gate that was answered', () => {
    const run = state();
    openDecideGate(run, { step: 'host:a', attempt: 1, facts: ['no'] }, NOW, HOUR);
    offer(run, 'decide:host:a:1', 'skip', 'it has changed');
    offer(run, 'decide:host:a:1', 'skip', undefined);
    expect(gateOf(run, 'decide:host:a:1')).toMatchObject({
      actions: ['retry', 'abort'],
      facts: ['no', '"skip" is not offered: it has changed'],
    });
    openDecideGate(run, { step: 'host:b', attempt: 1, facts: ['no'] }, NOW, HOUR);
    offer(run, 'decide:host:b:1', 'skip', undefined);
    offer(run, 'decide:host:b:1', 'skip', undefined);
    expect(gateOf(run, 'decide:host:b:1').actions).toEqual(['retry', 'skip', 'abort']);
    offer(run, 'decide:host:c:1', 'skip', undefined);
    expect(run.gates['decide:host:c:1']).toBeUndefined();
  });
});

describe('how long a step takes', () => {
  it('is not measured when people are asked in it', () => {
    const run = state();
    run.timing = { step: 'host:a', since: 0 };
    openApprovalGate(run, QUESTION, NOW, HOUR);
    expect(run.timing).toBeUndefined();
  });
});

describe('what is told at an open gate beside the failure', () => {
  it('is told once, also by a run that continued as new and looked again', () => {
    const run = state();
    openDecideGate(run, { step: 'host:a', attempt: 1, facts: ['no'] }, NOW, HOUR);
    addFact(run, 'decide:host:a:1', 'maintenance window: open until 5');
    addFact(run, 'decide:host:a:1', 'maintenance window: closed until 22');
    addFact(run, 'decide:host:b:1', 'maintenance window: open until 5');
    expect(gateOf(run, 'decide:host:a:1').facts).toEqual(['no', 'maintenance window: open until 5']);
  });
});

describe('what anybody may send cannot make the state too large to be carried', () => {
  it('refused messages beyond some hundreds are counted, and the count is told', () => {
    const run = state();
    const refusal = { by: 'mallory', name: 'approve', why: 'x'.repeat(100_000) };
    for (let sent = 0; sent < 2_000; sent++) recordRefusal(run, NOW.toISOString(), refusal);
    expect(run.audit.pending.length).toBe(300);
    expect(JSON.stringify(run).length).toBeLessThan(1_000_000);
    run.audit.pending = [];
    recordRefusal(run, NOW.toISOString(), refusal);
    expect(run.audit.pending.map(({ why }) => why?.slice(0, 60))).toEqual([
      '1700 more refused messages or warnings were not recorded one',
      'x'.repeat(60),
    ]);
  });

  it('texts of the audit are cut', () => {
    const run = state();
    const long = 'x'.repeat(10_000);
    recordAudit(run, NOW.toISOString(), { by: long, what: long, on: long, why: long });
    const [line] = run.audit.pending;
    expect([line?.by.length, line?.what.length, line?.on.length, line?.why?.length]).toEqual([200, 200, 2000, 2000]);
  });

  it('warnings are told once, and some hundreds at most', () => {
    const run = state();
    for (let sent = 0; sent < 1_000; sent++) addWarning(run, `warning ${sent % 500}`);
    expect(run.warnings.length).toBe(201);
    expect(run.warnings.at(-1)).toContain('more warnings than are shown');
  });
});

describe('the details for the Web UI', () => {
  it('show texts of people as texts, and end with a paragraph that may be cut off', () => {
    const run = state();
    run.pause = { by: '<b>mallory</b>', reason: '<img src="http://elsewhere.example/x.png"> | a & b' };
    const text = renderDetails('lab', run);
    expect(text).toContain('&lt;b>mallory&lt;/b>: &lt;img src="http://elsewhere.example/x.png"> \\| a &amp; b');
    expect(text).not.toContain('<img');
    expect(text.endsWith('\n\n&nbsp;\n')).toBe(true);
  });
});
