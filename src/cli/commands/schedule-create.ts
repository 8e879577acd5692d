import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { formatDuration, parseDuration } from '../../model/duration';
import { patchScheduleId, TASK_QUEUE } from '../../model/ids';
import { checkPatchRequest } from '../../model/patch-request.schema';
import { CliFailure } from '../cli-failure';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { flag, optional, requiredText, text } from '../options';
import { renderSchedule } from '../render/schedule';
import { readRequestFile, wrongUsage } from '../request-file';
import { shellLine } from '../shell-words';
import { readSchedule } from '../temporal/read-schedule';
import { PATCH_WORKFLOW } from '../temporal/schedule-access';
import { withTemporal } from '../temporal/with-temporal';
import { SCHEDULE_ARGUMENTS } from './schedule-options';
import { TASK_QUEUE_OPTION } from './task-queue-option';

const CATCHUP_MS = 10 * 60_000;
/** The server takes no less. */
const SHORTEST_CATCHUP_MS = 10_000;

export const scheduleCreate = defineCommand({
  name: 'schedule create',
  summary: 'make the schedule of patch runs of an infrastructure',
  description:
    'Makes the schedule of patch runs of an infrastructure; there can be one. At each of its times the workflow ' +
    `${PATCH_WORKFLOW} finds out what is pending, and starts an upgrade if anything is to be done. Nothing is started ` +
    'while an upgrade is under way, and a time that the server missed is not made up for.\n\n' +
    'The request says what may be taken, and what of it without asking (docs/operations/patching-on-a-schedule.md).',
  arguments: SCHEDULE_ARGUMENTS,
  options: {
    request: requiredText('FILE', 'request of the patch runs as JSON or YAML'),
    cron: requiredText('TIMES', 'when, as cron writes it: minute, hour, day of month, month, day of week'),
    timeZone: requiredText('NAME', 'time zone in which the times are meant, such as Europe/Zurich'),
    catchup: optional(
      'DURATION',
      `how late a time may be started when the server was away; without it ${formatDuration(CATCHUP_MS)}`,
      parseCatchup,
    ),
    paused: flag('make it paused: nothing is started before it is resumed'),
    by: text('NAME', 'your name; shown with the schedule'),
    reason: text('TEXT', 'why; shown with the schedule'),
    taskQueue: TASK_QUEUE_OPTION,
  },
  examples: [
    {
      title: 'on Saturdays at nine in the evening',
      command:
        'vta-upgrade schedule create prod --request patch.json --cron "0 21 * * SAT" --time-zone Europe/Zurich --by alice --reason CHG-4711',
    },
  ],
  async run({ arguments: { infrastructure }, options, io }) {
    const { request: file, cron, timeZone, catchup, paused, by, reason, taskQueue = TASK_QUEUE } = options;
    const request = readRequestFile(file, checkPatchRequest);
    if (request.infrastructure !== infrastructure)
      throw wrongUsage(`The request is for ${request.infrastructure}, not for ${infrastructure}.`);
    const note = [by, reason].filter((part) => part !== undefined).join(': ');
    return await withTemporal(io, async (temporal) => {
      const scheduleId = patchScheduleId(infrastructure);
      const schedule = await made(
        infrastructure,
        temporal.client.schedule.create({
          scheduleId,
          spec: { cronExpressions: [cron], timezone: timeZone },
          policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchup ?? CATCHUP_MS },
          state: { paused, ...(note === '' ? {} : { note }) },
          action: {
            type: 'startWorkflow',
            workflowType: PATCH_WORKFLOW,
            workflowId: scheduleId,
            taskQueue,
            staticSummary: `Patches of ${infrastructure}`,
            args: [request],
          },
        }),
      );
      const status = await readSchedule(temporal, schedule);
      return { exitCode: EXIT.done, json: status, text: renderSchedule(status) };
    });
  },
});

function parseCatchup(given: string): number {
  const milliseconds = parseDuration(given);
  if (milliseconds === undefined || milliseconds < SHORTEST_CATCHUP_MS)
    throw new Error(`It must be a duration such as 10m, not shorter than ${formatDuration(SHORTEST_CATCHUP_MS)}.`);
  return milliseconds;
}

async function made<T>(infrastructure: string, creation: Promise<T>): Promise<T> {
  try {
    return await creation;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) throw exists(infrastructure);
    // What the SDK makes of the server's INVALID_ARGUMENT: times or a zone that are none.
    if (error instanceof TypeError) throw wrongUsage(`The server does not take this schedule: ${error.message}`);
    throw error;
  }
}

function exists(infrastructure: string): CliFailure {
  return new CliFailure({
    code: 'VTA_SCHEDULE_EXISTS',
    message: `There is a schedule ${patchScheduleId(infrastructure)} already; there can be one.`,
    state: ['It stays as it was.'],
    next: [
      `${shellLine(['vta-upgrade', 'schedule', 'show', infrastructure])}      shows it`,
      `${shellLine(['vta-upgrade', 'schedule', 'delete', infrastructure])}    deletes it, so that it can be made anew`,
    ],
    exitCode: EXIT.refused,
  });
}
