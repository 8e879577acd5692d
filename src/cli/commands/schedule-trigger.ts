import { setTimeout as sleep } from 'node:timers/promises';
import { type ScheduleHandle, ScheduleOverlapPolicy } from '@temporalio/client';
import { type Answer, defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { shellLine } from '../shell-words';
import { withSchedule } from '../temporal/schedule-access';
import { withTemporal } from '../temporal/with-temporal';
import { SCHEDULE_ARGUMENTS } from './schedule-options';

/** The server acts on a trigger within a moment. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 200;

export const scheduleTrigger = defineCommand({
  name: 'schedule trigger',
  summary: 'start a patch run now, beside the times of the schedule',
  description:
    'Starts a patch run now, as a time of the schedule would; also while the schedule is paused. It is skipped while the ' +
    'last one is open (exit code 3), and starts no upgrade beside one that is under way.',
  arguments: SCHEDULE_ARGUMENTS,
  options: {},
  examples: [{ title: 'now', command: 'vta-upgrade schedule trigger prod' }],
  async run({ arguments: { infrastructure }, io }) {
    return await withTemporal(io, async (temporal) =>
      withSchedule(temporal, infrastructure, (schedule) => trigger(schedule, infrastructure)),
    );
  },
});

async function trigger(schedule: ScheduleHandle, infrastructure: string): Promise<Answer> {
  const { info: before } = await schedule.describe();
  // Without it the SDK asks for ALLOW_ALL, whatever the policy of the schedule is.
  await schedule.trigger(ScheduleOverlapPolicy.SKIP);
  const look = shellLine(['vta-upgrade', 'schedule', 'show', infrastructure]);
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(LOOK_MS)) {
    const { info } = await schedule.describe();
    const workflowId = info.recentActions.at(-1)?.action.workflow.workflowId;
    if (info.numActionsTaken > before.numActionsTaken && workflowId !== undefined)
      return {
        exitCode: EXIT.done,
        json: { infrastructure, triggered: 'started', workflowId },
        text: `The patch run ${workflowId} has begun.\nWhat came of it: ${look}`,
      };
    if (info.numActionsSkippedOverlap > before.numActionsSkippedOverlap)
      return {
        exitCode: EXIT.refused,
        json: { infrastructure, triggered: 'skipped' },
        text: `Skipped: the last patch run of this schedule is still open. It goes on; without a worker it waits for one.\n${look}`,
      };
  }
  return {
    exitCode: EXIT.failed,
    json: { infrastructure, triggered: 'unknown' },
    text: `The server took the trigger and has not said within ${PATIENCE_MS / 1000} s what came of it.\nLook: ${look}`,
  };
}
