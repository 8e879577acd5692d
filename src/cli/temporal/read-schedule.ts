import {
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleNotFoundError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { PatchReport } from '../../model/patch-report';
import { innermostMessage, saidFailure } from './failure-of';
import { PATCH_WORKFLOW } from './schedule-access';
import type { Temporal } from './with-temporal';

/** A schedule of patch runs as people look at it. Times are ISO. */
export interface ScheduleStatus {
  scheduleId: string;
  paused: boolean;
  note?: string;
  timeZone: string;
  nextTimes: string[];
  overlap: string;
  catchupMs: number;
  /** So many times have started a patch run; were missed, since the server was away; skipped, since one was open. */
  taken: number;
  missed: number;
  skipped: number;
  /** Newest first. */
  results: ScheduledResult[];
}

/** What came of one time of a schedule. */
export interface ScheduledResult {
  /** Of a trigger: when it came. */
  scheduledAt: string;
  workflowId: string;
  outcome: PatchReport['outcome'] | 'under way' | 'failed' | 'cancelled' | 'terminated' | 'timed out' | 'not known';
  summary: string;
  why: string[];
  run?: PatchReport['run'];
}

/** So many results are read; each costs two calls. */
const RESULTS = 5;
const NEXT_TIMES = 5;

/** A schedule with what came of its last times. */
export async function readSchedule(temporal: Temporal, schedule: ScheduleHandle): Promise<ScheduleStatus> {
  const { scheduleId, spec, state, policies, info } = await schedule.describe();
  const recent = info.recentActions.slice(-RESULTS).reverse();
  return {
    scheduleId,
    paused: state.paused,
    ...(state.note === undefined || state.note === '' ? {} : { note: state.note }),
    timeZone: spec.timezone === undefined || spec.timezone === '' ? 'UTC' : spec.timezone,
    nextTimes: info.nextActionTimes.slice(0, NEXT_TIMES).map((time) => time.toISOString()),
    overlap: policies.overlap ?? 'not set',
    catchupMs: policies.catchupWindow,
    taken: info.numActionsTaken,
    missed: info.numActionsMissedCatchupWindow,
    skipped: info.numActionsSkippedOverlap,
    results: await Promise.all(recent.map((action) => resultOf(temporal, action))),
  };
}

/**
 * All schedules that start patch runs, whoever made them, by their ids. The server's list lags behind: one made a moment
 * ago may be missing.
 */
export async function readSchedules(temporal: Temporal): Promise<ScheduleStatus[]> {
  const { schedule } = temporal.client;
  const ids: string[] = [];
  for await (const { scheduleId, action } of schedule.list())
    if (action?.workflowType === PATCH_WORKFLOW) ids.push(scheduleId);
  const read = ids.sort().map((id) => unlessDeleted(readSchedule(temporal, schedule.getHandle(id))));
  return (await Promise.all(read)).filter((status) => status !== undefined);
}

async function unlessDeleted<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

async function resultOf(
  { client }: Temporal,
  { scheduledAt, action }: ScheduleDescription['info']['recentActions'][number],
): Promise<ScheduledResult> {
  const { workflowId, firstExecutionRunId } = action.workflow;
  const base = { scheduledAt: scheduledAt.toISOString(), workflowId };
  const handle = client.workflow.getHandle<(request: unknown) => Promise<PatchReport>>(workflowId, firstExecutionRunId);
  try {
    const { status } = await handle.describe();
    const end = ENDS[status.name];
    if (end !== undefined) return { ...base, ...end, why: [] };
    const { outcome, summary, why, run } = await handle.result();
    return { ...base, outcome, summary, why, ...(run === undefined ? {} : { run }) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      return { ...base, outcome: 'not known', summary: 'The server no longer keeps it.', why: [] };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const said = saidFailure(error);
    const summary = said === undefined ? innermostMessage(error) : `${said.code}: ${said.message}`;
    return { ...base, outcome: 'failed', summary, why: [] };
  }
}

/** Patch runs that have no result. */
const ENDS: Record<string, Pick<ScheduledResult, 'outcome' | 'summary'>> = {
  RUNNING: { outcome: 'under way', summary: 'It reads what is pending, or waits for a worker.' },
  CANCELLED: { outcome: 'cancelled', summary: 'Somebody cancelled it; nothing was started.' },
  TERMINATED: { outcome: 'terminated', summary: 'Somebody terminated it.' },
  TIMED_OUT: { outcome: 'timed out', summary: 'It had a deadline, which passed; nothing was started.' },
};
