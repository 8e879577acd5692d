import { WorkflowFailedError } from '@temporalio/client';
import type { Finding } from '../model/plan';
import type { Progress } from '../model/progress';
import type { Report } from '../model/report';
import { describeFindings } from '../planner/describe-findings';
import { CliFailure } from './cli-failure';
import type { Answer } from './command';
import { EXIT } from './exit-codes';
import { renderProgress } from './render/progress';
import { renderReport } from './render/report';
import { innermostMessage, type SaidFailure, saidFailure } from './temporal/failure-of';
import { readProgress, runOf, statusOf } from './temporal/run-access';
import { withStages } from './temporal/with-stages';
import type { Temporal } from './temporal/with-temporal';

/**
 * Looks at the run of an infrastructure once: what an open one does, how an ended one ended.
 * @throws CliFailure when there is none, when no worker answers for an open one, or when it did not end in order
 */
export async function lookAtRun(temporal: Temporal, infrastructure: string): Promise<Answer> {
  const status = await statusOf(temporal, infrastructure);
  if (status === 'RUNNING' || status === 'CONTINUED_AS_NEW') {
    return ofProgress(await withStages(temporal, await readProgress(temporal, infrastructure)));
  }
  return ofReport(await resultOf(temporal, infrastructure));
}

/** Exit code 4 while a gate is open. */
function ofProgress(progress: Progress): Answer {
  return {
    exitCode: progress.gates.length > 0 ? EXIT.waiting : EXIT.done,
    json: { kind: 'open', progress },
    text: renderProgress(progress).join('\n'),
  };
}

/** Exit code 0 for a run that did what it was to do. */
export function ofReport(report: Report): Answer {
  const good = report.outcome === 'completed' || report.outcome === 'nothing to do';
  return {
    exitCode: good ? EXIT.done : EXIT.failed,
    json: { kind: 'ended', report },
    text: renderReport(report).join('\n'),
  };
}

/**
 * The report of a run, once it has ended.
 * @throws CliFailure when it failed, was terminated or timed out
 */
export async function resultOf(temporal: Temporal, infrastructure: string): Promise<Report> {
  try {
    return await runOf(temporal, infrastructure).result();
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw endedBadly(infrastructure, error);
    throw error;
  }
}

function endedBadly(infrastructure: string, error: WorkflowFailedError): CliFailure {
  const said = saidFailure(error);
  if (said === undefined) {
    return new CliFailure(
      {
        code: 'VTA_RUN_ENDED_BADLY',
        message: `The last run of ${infrastructure} did not end in order: ${innermostMessage(error)}`,
        state: ['A host or vCenter that it had begun may still be at work; the next plan shows and waits for that.'],
        next: [`vta-upgrade plan --infrastructure ${infrastructure}`],
      },
      { cause: error },
    );
  }
  const refusals = refusalsIn(said);
  return new CliFailure(
    {
      code: said.code,
      message: refusals ? `The upgrade of ${infrastructure} is refused. Nothing was changed.` : said.message,
      state: refusals ? describeFindings(refusals) : [],
      ...(said.details === undefined ? {} : { details: said.details }),
      exitCode: refusals ? EXIT.refused : said.code === 'VTA_REQUEST_INVALID' ? EXIT.usage : EXIT.failed,
    },
    { cause: error },
  );
}

function refusalsIn({ code, details }: SaidFailure): Finding[] | undefined {
  return code === 'VTA_PLAN_REFUSED' && Array.isArray(details) ? (details as Finding[]) : undefined;
}
