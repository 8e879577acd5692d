import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, setCurrentDetails, startChild, workflowInfo } from '@temporalio/workflow';
import { runWorkflowId } from '../model/ids';
import type { PatchesRead, PatchReport } from '../model/patch-report';
import { plain } from './details';
import { fail } from './failures';
import { readPatches } from './read-plan';
import type { upgradeTrustAuthority } from './upgrade-trust-authority';

/**
 * One time of a schedule: finds out whether anything is to be patched, and starts the run that does it under its fixed
 * id. It ends then; the run goes on by itself. Where a run is open already, it goes on as it was.
 * @param request a PatchRequest as JSON; checked in the first activity
 * @throws ApplicationFailure VTA_REQUEST_INVALID, VTA_PLAN_REFUSED, or why a vCenter could not be read: nothing was changed
 */
export async function patchTrustAuthority(request: unknown): Promise<PatchReport> {
  setCurrentDetails('Reading what is pending. Nothing is being changed.\n\n&nbsp;\n');
  const report = await act(await readPatches(request, workflowInfo().startTime.toISOString()));
  setCurrentDetails(renderReport(report));
  return report;
}

async function act(read: PatchesRead): Promise<PatchReport> {
  const { infrastructure } = read;
  switch (read.kind) {
    case 'refused':
      throw fail(
        'VTA_PLAN_REFUSED',
        `Nothing was changed. What is pending for ${infrastructure} cannot be taken: ${read.refusals.map((r) => `[${r.code}] ${r.subject}: ${r.message} ${r.remedy}`).join(' | ')}`,
        read.refusals,
      );
    case 'nothing to do':
      return {
        infrastructure,
        outcome: 'nothing to do',
        summary: `Nothing to do for ${infrastructure}; nothing was started.`,
        why: read.why,
      };
    case 'missed':
      return missed(read);
    case 'a run is open':
      return runIsOpen(infrastructure);
    case 'pending':
      return await startRun(read);
  }
}

async function startRun({
  infrastructure,
  request,
  why,
}: Extract<PatchesRead, { kind: 'pending' }>): Promise<PatchReport> {
  const workflowId = runWorkflowId(infrastructure);
  try {
    const run = await startChild<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
      workflowId,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Patches of ${infrastructure}`,
      args: [request],
    });
    return {
      infrastructure,
      outcome: 'started',
      summary: `The run ${workflowId} was started to take what is pending.`,
      why,
      run: { workflowId, runId: run.firstExecutionRunId },
    };
  } catch (error) {
    // Somebody started one while this looked.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return runIsOpen(infrastructure);
    throw error;
  }
}

function runIsOpen(infrastructure: string): PatchReport {
  const workflowId = runWorkflowId(infrastructure);
  return {
    infrastructure,
    outcome: 'a run is open',
    summary: `The run ${workflowId} is open and goes on as it was; nothing was started beside it.`,
    why: ['what is pending was not read: the next time of the schedule looks again'],
    run: { workflowId },
  };
}

function missed({ infrastructure, why, nextOpening }: Extract<PatchesRead, { kind: 'missed' }>): PatchReport {
  const next =
    nextOpening === undefined ? 'It does not open within a year.' : `It opens next at ${nextOpening.opensAt}.`;
  return {
    infrastructure,
    outcome: 'missed',
    summary: `The window of ${infrastructure} was missed, nothing was started. ${next}`,
    why: [why],
    ...(nextOpening === undefined ? {} : { nextOpening }),
  };
}

/** The Web UI cuts the last line, hence the throw-away paragraph. */
function renderReport({ infrastructure, outcome, summary, why }: PatchReport): string {
  return [
    `### ${infrastructure}: ${outcome}`,
    plain(summary),
    why.map((line) => `- ${plain(line)}`).join('\n'),
    '&nbsp;\n',
  ].join('\n\n');
}
