import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import { ledgerWorkflowId } from '../model/ids';
import type { ObservedBoot } from '../model/boots';
import { applyPolicyChangeId, draftChangeId, hostChangeId } from '../model/ledger';
import type { ClusterSubject, LedgerChange, LedgerEntry, LedgerState } from '../model/ledger';
import type { PlannedHost } from '../model/plan';
import type { Recovery } from '../model/recovery';
import type { ApplyPolicySnapshot } from '../model/work';
import { describeFailure, fail, isStepFailure } from './failures';
import type { vtaLedger } from './ledger';
import { enter } from './ledger-state';
import { ledgerWriteSignal } from './message-definitions';
import type { Run } from './run';

/** Somebody may start or end the ledger between two tries, but not for ever. */
const TRIES = 5;

/**
 * Writes into the ledger and returns when the server has accepted it: only then may a change that is recorded be made.
 * What was over before and waited to be written goes along. Each entry tells again what this run has open, so that a
 * ledger which somebody ended, and which is started again here, has lost nothing that the run still knows.
 * @throws ApplicationFailure VTA_LEDGER_SILENT when it can be neither told nor started: nothing was changed
 */
async function writeLedger(run: Run, entry: LedgerEntry): Promise<void> {
  const { ledger } = run.state;
  const settle = [...ledger.over, ...(entry.settle ?? [])];
  const kept = ledger.open.filter(({ id }) => !settle.includes(id));
  const known = new Set(kept.map(({ id }) => id));
  const record = [...kept, ...(entry.record ?? []).filter(({ id }) => !known.has(id))];
  const { observed = [] } = ledger;
  const boots = observed.length === 0 ? {} : { observed };
  await CancellationScope.nonCancellable(() => deliver(run, { ...entry, ...boots, settle, record }));
  // What came to an end meanwhile waits for the next time.
  const { over, observed: more = [] } = run.state.ledger;
  run.state.ledger = {
    open: record,
    over: over.filter((id) => !settle.includes(id)),
    observed: more.filter((one) => !observed.includes(one)),
  };
}

/**
 * Settles a change with the next entry: the ledger may believe for a while that something is still changed, for whoever
 * reads it looks at the host or cluster itself.
 */
export function settleLater({ state }: Run, id: string): void {
  const { open, over } = state.ledger;
  if (open.some((change) => change.id === id) && !over.includes(id)) over.push(id);
}

/** Writes what waits to be written, before people are waited for; a failure is told and left to the next time. */
export async function writeWhatWaits(run: Run, ended?: LedgerEntry['ended']): Promise<void> {
  const { over, observed = [] } = run.state.ledger;
  if (over.length === 0 && observed.length === 0 && ended === undefined) return;
  try {
    await writeLedger(run, ended === undefined ? {} : { ended });
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    run.warn(`The ledger could not be written: ${describeFailure(error).message}`);
  }
}

/** Records that a cluster's apply policy is changed for a while, before it is. */
export async function recordApplyPolicy(
  run: Run,
  { name, id, vCenter }: ClusterSubject,
  before: ApplyPolicySnapshot,
): Promise<void> {
  const subject = { name, id, vCenter };
  const change = { kind: 'apply-policy' as const, id: applyPolicyChangeId(subject), ...ofRun(run), subject, before };
  await recordOnce(run, change);
}

/** Records that a draft of a cluster's desired image is made, before it is. */
export async function recordDraft(run: Run, { name, id, vCenter }: ClusterSubject): Promise<void> {
  const subject = { name, id, vCenter };
  await recordOnce(run, { kind: 'draft', id: draftChangeId(subject), ...ofRun(run), subject, before: {} });
}

/** The draft was committed, or none was needed: none of the account is there. */
export function settleDraft(run: Run, cluster: Pick<ClusterSubject, 'vCenter' | 'id'>): void {
  settleLater(run, draftChangeId(cluster));
}

/** Records that a host is in maintenance mode for a while, before it is put there. */
export async function recordMaintenanceMode(
  run: Run,
  { name, uuid, cluster, vCenter }: PlannedHost,
  { version, build }: { version: string; build: string },
): Promise<void> {
  const kind = 'maintenance-mode' as const;
  const subject = { name, uuid, cluster, vCenter };
  await recordOnce(run, { kind, id: hostChangeId(kind, uuid), ...ofRun(run), subject, before: { version, build } });
}

/** The host is no longer in a maintenance mode of the run. */
export function settleMaintenanceMode(run: Run, { uuid }: { uuid: string }): void {
  settleLater(run, hostChangeId('maintenance-mode', uuid));
}

/** Records that a failed host is out of its cluster, with all that brings it back, before it is removed. */
export async function recordHostRemoved(run: Run, recovery: Recovery): Promise<void> {
  const kind = 'host-removed' as const;
  const { name, uuid, cluster, vCenter } = recovery.host;
  const subject = { name, uuid, cluster, vCenter };
  await recordOnce(run, {
    kind,
    id: hostChangeId(kind, uuid),
    ...ofRun(run),
    subject,
    before: { ...recovery, done: [...recovery.done] },
  });
}

/** Tells the ledger, with the next entry, what a Trusted Host booted (R12, R13). */
export function recordBootLater({ state }: Run, observed: ObservedBoot): void {
  state.ledger.observed = [...(state.ledger.observed ?? []), observed];
}

/** The host was added again, verified and is in service: nothing of its recovery is left. */
export function settleRecovery(run: Run, { uuid }: { uuid: string }): void {
  settleHostRemoved(run, { uuid });
  settleMaintenanceMode(run, { uuid });
}

/** The host was not removed after all, or is in its cluster again for good. */
export function settleHostRemoved(run: Run, { uuid }: { uuid: string }): void {
  settleLater(run, hostChangeId('host-removed', uuid));
}

/** What the server has accepted is not sent again, unless its end waits to be written. */
async function recordOnce(run: Run, change: LedgerChange): Promise<void> {
  const { open, over } = run.state.ledger;
  if (open.some(({ id }) => id === change.id) && !over.includes(change.id)) return;
  await writeLedger(run, { record: [change] });
}

function ofRun({ state }: Run): { runId: string; at: string } {
  return { runId: state.runId, at: new Date().toISOString() };
}

async function deliver(run: Run, entry: LedgerEntry): Promise<void> {
  const workflowId = ledgerWorkflowId(run.infrastructure);
  let problem = '';
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await getExternalWorkflowHandle(workflowId).signal(ledgerWriteSignal, entry);
      return;
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      problem = error.message;
    }
    try {
      await startChild<typeof vtaLedger>('vtaLedger', {
        workflowId,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `ledger of ${run.infrastructure}`,
        args: [{ infrastructure: run.infrastructure, known: enter(lastRunOf(run), entry) }],
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      problem = error.message; // somebody else was faster: it can be told now
    }
  }
  throw fail(
    'VTA_LEDGER_SILENT',
    `The ledger ${workflowId} could be neither told nor started: ${problem} Nothing is changed before it is recorded there.`,
  );
}

/** An earlier ledger may have been ended by somebody; what it held of changes is among those that the run has open. */
function lastRunOf({ state }: Run): LedgerState {
  const lastRun = state.plan?.lastRun;
  return { changes: [], ...(lastRun === undefined ? {} : { lastRun }) };
}
