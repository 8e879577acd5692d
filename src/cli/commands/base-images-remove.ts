import { TASK_QUEUE } from '../../model/ids';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { followRun } from '../follow-run';
import { flag, requiredText } from '../options';
import { REMOVAL_OPTIONS, removalRequest } from '../removal-request';
import { shellLine } from '../shell-words';
import { startRun } from '../start-run';
import { withTemporal } from '../temporal/with-temporal';
import { TASK_QUEUE_OPTION } from './task-queue-option';

export const baseImagesRemove = defineCommand({
  name: 'base-images remove',
  summary: 'remove the base images that may go, once somebody has approved the list',
  description:
    'Starts a run that removes the base images that nothing needs any more and does nothing else. Nothing is removed ' +
    'before somebody has approved the list (gate base-image-removal). Each image is judged again right before it goes, ' +
    'and after each one the attestation of every host is watched: an image that turns out to be needed is imported again ' +
    'at once. Left unanswered, all images stay.\n\n' +
    'Of each infrastructure one run can be under way at a time, be it an upgrade or a removal.',
  arguments: { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') },
  options: { ...REMOVAL_OPTIONS, detach: flag('start it and return at once'), taskQueue: TASK_QUEUE_OPTION },
  examples: [
    { title: 'what may go, and be asked', command: 'vta-upgrade base-images remove prod' },
    {
      title: 'images that no host has run for 30 days',
      command: 'vta-upgrade base-images remove prod --keep-for 720h',
    },
  ],
  async run({ arguments: { infrastructure }, options, output, io }) {
    const { detach, taskQueue = TASK_QUEUE, ...wanted } = options;
    const request = removalRequest(infrastructure, wanted);
    return await withTemporal(io, async (temporal) => {
      const { workflowId, runId } = await startRun(temporal, request, taskQueue);
      const told = [
        `The removal of base images of ${infrastructure} has begun (workflow ${workflowId}, run ${runId}).`,
        `Follow it:        ${shellLine(['vta-upgrade', 'status', infrastructure, '--follow'])}`,
        `Approve the list: ${shellLine(['vta-upgrade', 'approve', infrastructure, '--gate', 'base-image-removal'])} --by NAME`,
      ].join('\n');
      if (detach) return { exitCode: EXIT.done, json: { infrastructure, workflowId, runId }, text: told };
      io.note(`${told}\n`);
      return await followRun(temporal, infrastructure, io, output);
    });
  },
});
