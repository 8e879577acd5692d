import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { text } from '../options';
import { withSchedule } from '../temporal/schedule-access';
import { withTemporal } from '../temporal/with-temporal';
import { SCHEDULE_ARGUMENTS, SCHEDULE_BY } from './schedule-options';

export const scheduleResume = defineCommand({
  name: 'schedule resume',
  summary: 'let the times of a paused schedule start patch runs again',
  description: 'Lets a schedule go on that was paused, from its next time on. What came meanwhile is not made up for.',
  arguments: SCHEDULE_ARGUMENTS,
  options: { by: SCHEDULE_BY, reason: text('TEXT', 'why; shown with the schedule') },
  examples: [{ title: 'after the freeze', command: 'vta-upgrade schedule resume prod --by alice' }],
  async run({ arguments: { infrastructure }, options: { by, reason = 'resumed' }, io }) {
    return await withTemporal(io, async (temporal) => {
      await withSchedule(temporal, infrastructure, (schedule) => schedule.unpause(`${by}: ${reason}`));
      const said = `The schedule of ${infrastructure} goes on with its next time.`;
      return { exitCode: EXIT.done, json: { infrastructure, paused: false }, text: said };
    });
  },
});
