import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { withSchedule } from '../temporal/schedule-access';
import { withTemporal } from '../temporal/with-temporal';
import { SCHEDULE_ARGUMENTS } from './schedule-options';

export const scheduleDelete = defineCommand({
  name: 'schedule delete',
  summary: 'delete the schedule of an infrastructure',
  description:
    'Deletes the schedule: it starts nothing any more, and what it counted is gone. Patch runs and upgrades that have begun ' +
    'go on.',
  arguments: SCHEDULE_ARGUMENTS,
  options: {},
  examples: [{ title: 'to make it anew', command: 'vta-upgrade schedule delete prod' }],
  async run({ arguments: { infrastructure }, io }) {
    return await withTemporal(io, async (temporal) => {
      await withSchedule(temporal, infrastructure, (schedule) => schedule.delete());
      const text = `The schedule of ${infrastructure} is deleted. What has begun goes on.`;
      return { exitCode: EXIT.done, json: { infrastructure, deleted: true }, text };
    });
  },
});
