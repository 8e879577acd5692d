import { RetryState, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowFailure, TerminatedFailure } from '@temporalio/workflow';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../src/workflows/failures';
import { newRunState, recordRefusal, recordWarning } from '../../src/workflows/run-state';

const CHILD = 'vta-host-lab-esx-1';

describe('a failure of the server, told to people', () => {
  it('names the child that somebody terminated, and what may go on', () => {
    const execution = { workflowId: CHILD, runId: 'r' };
    const cause = new TerminatedFailure(undefined);
    const { NON_RETRYABLE_FAILURE } = RetryState;
    const failure = new ChildWorkflowFailure('default', execution, 'vtaUpgradeHost', NON_RETRYABLE_FAILURE, cause);
    const { code, message } = describeFailure(failure);
    expect(code).toBe('VTA_OUTCOME_UNKNOWN');
    expect(message).toMatch(/terminated the workflow "vta-host-lab-esx-1".*may go on in vCenter.*"retry"/);
  });

  it('names the child of an earlier run that is still open', () => {
    const { code, message } = describeFailure(
      new WorkflowExecutionAlreadyStartedError('Workflow execution already started', CHILD, 'vtaUpgradeHost'),
    );
    expect(code).toBe('VTA_STRANGER_AT_WORK');
    expect(message).toMatch(/"vta-host-lab-esx-1" of an earlier run is still at work.*Wait for its end/);
  });
});

describe('the audit that waits for the archive', () => {
  it('does not grow with what anybody may send, and tells how much it left out', () => {
    const state = newRunState('2026-01-01T00:00:00Z', 'r');
    for (let n = 0; n < 2_000; n += 1) recordWarning(state, '2026-01-01T00:00:01Z', `host:${n}`, 'slow');
    const kept = state.audit.pending.length;
    expect(kept).toBeLessThan(1_000);
    state.audit.pending = [];
    recordRefusal(state, '2026-01-01T00:00:02Z', { by: 'eve', name: 'abort', why: 'no' });
    expect(state.audit.pending.map(({ why }) => why)).toEqual([
      `${2_000 - kept} more refused messages or warnings were not recorded one by one`,
      'no',
    ]);
  });
});
