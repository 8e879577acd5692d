import { formatDuration } from '../../model/duration';
import type { ScheduledResult, ScheduleStatus } from '../temporal/read-schedule';

/** A schedule of patch runs for a terminal: when, how it was, what came of it. */
export function renderSchedule(status: ScheduleStatus): string {
  const { scheduleId, paused, note, timeZone, nextTimes, overlap, catchupMs, taken, missed, skipped, results } = status;
  return [
    `${scheduleId}${paused ? ': PAUSED, its times start nothing' : ''}`,
    ...(note === undefined ? [] : [`  note: ${note}`]),
    ...(nextTimes.length === 0
      ? ['  next: at no time']
      : nextTimes.map((time) => `  next: ${written(time, timeZone)}`)),
    `  overlap ${overlap.toLowerCase().replaceAll('_', ' ')}, catch-up window ${formatDuration(catchupMs)}`,
    `  ${taken} started, ${missed} missed since the server was away, ${skipped} skipped since one was open`,
    ...(results.length === 0 ? ['No time of it has come yet.'] : results.flatMap((each) => result(each, timeZone))),
  ].join('\n');
}

function result({ scheduledAt, workflowId, outcome, summary, why, run }: ScheduledResult, timeZone: string): string[] {
  return [
    `${written(scheduledAt, timeZone)}: ${outcome}`,
    `  ${summary}`,
    ...why.map((line) => `  - ${line}`),
    ...(run === undefined ? [] : [`  run ${run.workflowId}`]),
    `  ${workflowId}`,
  ];
}

/** One line and the last result, for the list. */
export function renderInList(status: ScheduleStatus): string {
  const { scheduleId, paused, timeZone, nextTimes, missed, skipped, results } = status;
  const [next] = nextTimes;
  const when = paused ? 'paused' : next === undefined ? 'no next time' : `next ${written(next, timeZone)}`;
  const [last] = results;
  return [
    `${scheduleId}  ${when}; ${missed} missed, ${skipped} skipped`,
    last === undefined
      ? '  no time of it has come yet'
      : `  last ${written(last.scheduledAt, timeZone)}: ${last.outcome}: ${last.summary}`,
  ].join('\n');
}

/** A time as the schedule means it, and as all others read it: `Sat 2026-11-28 21:00 Europe/Zurich (…Z)`. */
function written(time: string, timeZone: string): string {
  const at = new Date(time);
  const day = at.toLocaleDateString('en-GB', { timeZone, weekday: 'short' });
  const local = at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return `${day} ${local} ${timeZone} (${time})`;
}
