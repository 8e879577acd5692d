import { CancellationScope } from '@temporalio/workflow';
import type { Run } from './run';
import { recordAudit } from './run-state';

/** Turns a cancel request into an abort at the next safe point: nothing of a run is ever torn off in the middle. */
export function abortOnCancel(run: Run): void {
  CancellationScope.current().cancelRequested.catch(() => {
    const { state } = run;
    if (state.closing !== undefined) return;
    const reason = 'the workflow was asked to cancel, which is taken as abort';
    state.abort ??= { by: 'cancel request', reason };
    recordAudit(state, new Date().toISOString(), { by: 'cancel request', what: 'abort', on: 'run', why: reason });
    run.show();
  });
}
