import { TASK_QUEUE } from '../../model/ids';
import { defineCommand } from '../command';
import { requiredText } from '../options';
import { imageLine, planRemoval } from '../plan-removal';
import { removalRequest } from '../removal-request';
import { TASK_QUEUE_OPTION } from './task-queue-option';

export const baseImagesList = defineCommand({
  name: 'base-images list',
  summary: 'show the base images that are trusted, and when hosts last attested with them',
  description:
    'Shows the ESXi base images that the Trust Authority Cluster of an infrastructure trusts, when a host last attested ' +
    'with each (8.0.1 and later), and whether the archive holds its file. Reads only: nothing is changed.',
  arguments: { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') },
  options: { taskQueue: TASK_QUEUE_OPTION },
  examples: [{ title: 'what is trusted', command: 'vta-upgrade base-images list prod' }],
  async run({ arguments: { infrastructure }, options: { taskQueue = TASK_QUEUE }, io }) {
    return await planRemoval(removalRequest(infrastructure, {}), taskQueue, io, ({ review: { images } }) => ({
      json: images.map(({ version, displayName, lastAttested, file }) => ({
        version,
        displayName,
        lastAttested,
        file,
      })),
      text: images.length === 0 ? ['No base image is trusted.'] : images.flatMap(imageLine),
    }));
  },
});
