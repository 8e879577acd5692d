import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { renderSchedule } from '../render/schedule';
import { readSchedule } from '../temporal/read-schedule';
import { withSchedule } from '../temporal/schedule-access';
import { withTemporal } from '../temporal/with-temporal';
import { SCHEDULE_ARGUMENTS } from './schedule-options';

export const scheduleShow = defineCommand({
  name: 'schedule show',
  summary: 'show the schedule of an infrastructure, and what came of its last times',
  description:
    'Shows the next times, and of the last ones what came of each: an upgrade was started; there was nothing to do, and ' +
    'why; an upgrade was open; its window was missed; or it failed. Beside them, how many times the server missed or ' +
    'skipped. Changes nothing.',
  arguments: SCHEDULE_ARGUMENTS,
  options: {},
  examples: [{ title: 'what came of it', command: 'vta-upgrade schedule show prod' }],
  async run({ arguments: { infrastructure }, io }) {
    return await withTemporal(io, async (temporal) => {
      const status = await withSchedule(temporal, infrastructure, (schedule) => readSchedule(temporal, schedule));
      return { exitCode: EXIT.done, json: status, text: renderSchedule(status) };
    });
  },
});
