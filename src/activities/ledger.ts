import { activityInfo, getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ledgerWorkflowId, runWorkflowId } from '../model/ids';
import type { Inventory, LeftBehind } from '../model/inventory';
import type { ApplyPolicyChange, ClusterSubject, LedgerState } from '../model/ledger';
import type { Pace } from '../model/pace';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import { policyIsAsBefore } from './apply-policy';
import { vCenterName } from './connections';
import type { Site } from './dependencies';
import { findOwnDraft } from './own-draft';
import { refuse } from './to-failure';
import { callOptions } from './wait';

/** A worker that was started a moment ago, or is busy, answers the next time. */
const LOOKS = 3;

/**
 * What earlier runs left behind, by the ledger, and how the last one ended. What the open run has changed for a while is
 * not left behind.
 * @throws ApplicationFailure VTA_LEDGER_SILENT when there is a ledger and it does not answer: nothing is guessed
 */
export async function readLeftBehind(site: Site, pace: Pace): Promise<Pick<Inventory, 'leftBehind' | 'lastRun'>> {
  const { name } = site.infrastructure;
  const ledger = await readLedger(name, pace);
  if (ledger === undefined) return { leftBehind: [] };
  const openRun = ledger.changes.length === 0 ? undefined : await openRunOf(name);
  const leftBehind: LeftBehind[] = [];
  for (const change of ledger.changes) {
    if (change.runId === openRun) continue;
    leftBehind.push({
      change,
      ...(change.kind === 'apply-policy' ? { policy: await policyNow(site, change, pace) } : {}),
      ...(change.kind === 'draft' ? { draft: await draftNow(site, change.subject, pace) } : {}),
    });
  }
  return { leftBehind, ...(ledger.lastRun === undefined ? {} : { lastRun: ledger.lastRun }) };
}

/** One that somebody ended still tells what it held, for as long as the server keeps it. */
export async function readLedger(infrastructure: string, pace: Pace): Promise<LedgerState | undefined> {
  const client = getClient();
  const id = ledgerWorkflowId(infrastructure);
  const handle = client.workflow.getHandle(id);
  try {
    await handle.describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
  let problem = '';
  for (let looks = 0; looks < LOOKS; looks++) {
    try {
      return await client.withDeadline(Date.now() + pace.callMs, () => handle.query<LedgerState>('ledger'));
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
  }
  const { taskQueue } = await handle.describe();
  throw refuse(
    'VTA_LEDGER_SILENT',
    `The ledger ${id} is there but does not answer (${problem}), so it is not known what an earlier run left behind. Nothing was changed. See that a worker polls its task queue "${taskQueue}", then start again.`,
  );
}

/** First execution id of the run that is open, if it is not the one that asks. */
async function openRunOf(infrastructure: string): Promise<string | undefined> {
  const id = runWorkflowId(infrastructure);
  if (activityInfo().workflowExecution?.workflowId === id) return undefined;
  try {
    const { status, raw } = await getClient().workflow.getHandle(id).describe();
    return status.name === 'RUNNING' ? (raw.workflowExecutionInfo?.firstRunId ?? undefined) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function policyNow(
  site: Site,
  { subject, before }: ApplyPolicyChange,
  pace: Pace,
): Promise<NonNullable<LeftBehind['policy']>> {
  return await unlessGone(site, subject, async () => {
    const { applyPolicies } = await site.connections.vCenter(subject.vCenter);
    const { policy } = await applyPolicies.configured(subject.id, callOptions(pace));
    return policyIsAsBefore(policy, before.policy) ? 'as before' : 'changed';
  });
}

async function draftNow(site: Site, subject: ClusterSubject, pace: Pace): Promise<NonNullable<LeftBehind['draft']>> {
  return await unlessGone(site, subject, async () =>
    (await findOwnDraft(site, subject, pace)) === undefined ? 'none' : 'there',
  );
}

/** `gone` when no configured vCenter has the cluster any more. */
async function unlessGone<T>(
  { connections }: Site,
  { vCenter }: ClusterSubject,
  look: () => Promise<T>,
): Promise<T | 'gone'> {
  if (!connections.endpoints().some((endpoint) => vCenterName(endpoint) === vCenter)) return 'gone';
  try {
    return await look();
  } catch (error) {
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return 'gone';
    throw error;
  }
}
