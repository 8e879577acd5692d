import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { requiredText } from '../options';
import { withSchedule } from '../temporal/schedule-access';
import { withTemporal } from '../temporal/with-temporal';
import { SCHEDULE_ARGUMENTS, SCHEDULE_BY } from './schedule-options';

export const schedulePause = defineCommand({
  name: 'schedule pause',
  summary: 'let no time of a schedule start anything',
  description:
    'Pauses the schedule: its times start nothing until `vta-upgrade schedule resume`, and are not made up for then. An ' +
    'upgrade that has begun goes on; `vta-upgrade pause` is for that.',
  arguments: SCHEDULE_ARGUMENTS,
  options: { by: SCHEDULE_BY, reason: requiredText('TEXT', 'why; shown with the schedule') },
  examples: [
    { title: 'for a change freeze', command: 'vta-upgrade schedule pause prod --by alice --reason "change freeze"' },
  ],
  async run({ arguments: { infrastructure }, options: { by, reason }, io }) {
    return await withTemporal(io, async (temporal) => {
      await withSchedule(temporal, infrastructure, (schedule) => schedule.pause(`${by}: ${reason}`));
      const text = `The schedule of ${infrastructure} is paused: its times start nothing. An upgrade that has begun goes on.`;
      return { exitCode: EXIT.done, json: { infrastructure, paused: true }, text };
    });
  },
});
