import { TASK_QUEUE } from '../../model/ids';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { followRun } from '../follow-run';
import { flag } from '../options';
import { renderStartedRun } from '../render/started-run';
import { readRequest, REQUEST_OPTIONS } from '../request-options';
import { startRun } from '../start-run';
import { withTemporal } from '../temporal/with-temporal';
import { TASK_QUEUE_OPTION } from './task-queue-option';

export const start = defineCommand({
  name: 'start',
  summary: 'start an upgrade, and follow it',
  description:
    'Starts the upgrade of an infrastructure and follows it. Nothing is changed before somebody has approved the plan, or ' +
    'the standing approval of the request was found to cover all of it. ' +
    'Of each infrastructure one upgrade can be under way at a time.\n\n' +
    'The upgrade goes on without this command: Ctrl-C detaches from it, `vta-upgrade status` shows it again.',
  arguments: {},
  options: {
    ...REQUEST_OPTIONS,
    detach: flag('start it and return at once'),
    taskQueue: TASK_QUEUE_OPTION,
  },
  examples: [
    {
      title: 'vCenters to 8.0.3.00500, hosts to the desired image of their cluster',
      command: 'vta-upgrade start --infrastructure prod --vcenter 8.0.3.00500',
    },
    {
      title: 'hosts only, to one image, with an approval before each host',
      command:
        'vta-upgrade start --infrastructure prod --esxi 8.0.3-0.0.24674464 --phases 2,4 --approve host --reason CHG-4711',
    },
    { title: 'a request from a file, from a script', command: 'vta-upgrade start --request request.json --detach' },
  ],
  async run({ options, output, io }) {
    const { detach, taskQueue = TASK_QUEUE, ...wanted } = options;
    const request = readRequest(wanted);
    const { infrastructure } = request;
    return await withTemporal(io, async (temporal) => {
      const { workflowId, runId } = await startRun(temporal, request, taskQueue);
      const told = renderStartedRun(request, { workflowId, runId });
      if (detach) return { exitCode: EXIT.done, json: { infrastructure, workflowId, runId }, text: told };
      io.note(`${told}\n`);
      return await followRun(temporal, infrastructure, io, output);
    });
  },
});
