import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { renderInList } from '../render/schedule';
import { readSchedules } from '../temporal/read-schedule';
import { withTemporal } from '../temporal/with-temporal';

export const scheduleList = defineCommand({
  name: 'schedule list',
  summary: 'list the schedules of patch runs',
  description:
    'Lists every schedule that starts patch runs, also one that was made with the `temporal` CLI under another id: its ' +
    'next time, what came of the last one, and how many were missed or skipped. Changes nothing. One that was made a ' +
    "moment ago may be missing: the server's list lags behind.",
  arguments: {},
  options: {},
  examples: [{ title: 'all of them', command: 'vta-upgrade schedule list' }],
  async run({ io }) {
    return await withTemporal(io, async (temporal) => {
      const schedules = await readSchedules(temporal);
      const text =
        schedules.length === 0
          ? `No schedule of patch runs is known in the namespace ${temporal.namespace}.`
          : schedules.map(renderInList).join('\n');
      return { exitCode: EXIT.done, json: { schedules }, text };
    });
  },
});
