import { TASK_QUEUE } from '../../model/ids';
import { wrapLines } from '../../planner/wrap-lines';
import { defineCommand } from '../command';
import { requiredText } from '../options';
import { imageLine, planRemoval } from '../plan-removal';
import { REMOVAL_OPTIONS, removalRequest } from '../removal-request';
import { TASK_QUEUE_OPTION } from './task-queue-option';

export const baseImagesPlanRemoval = defineCommand({
  name: 'base-images plan-removal',
  summary: 'show which base images may go, and why the others must stay',
  description:
    'Shows for each trusted ESXi base image whether it may go or must stay, and why. An image stays as long as a host ' +
    'runs it, may have booted it fully last, attested with it lately or may be reverted to it; while any host or its last ' +
    'full boot is unknown, nothing may go. Reads only: nothing is changed.',
  arguments: { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') },
  options: { ...REMOVAL_OPTIONS, taskQueue: TASK_QUEUE_OPTION },
  examples: [
    { title: 'what may go', command: 'vta-upgrade base-images plan-removal prod' },
    { title: 'for another program', command: 'vta-upgrade base-images plan-removal prod --output json' },
  ],
  async run({ arguments: { infrastructure }, options: { taskQueue = TASK_QUEUE, ...wanted }, io }) {
    return await planRemoval(removalRequest(infrastructure, wanted), taskQueue, io, ({ review }) => ({
      json: review,
      text: [
        ...(review.blocked.length === 0 ? [] : ['Nothing may be removed now:']),
        ...review.blocked.flatMap((why) => wrapLines(why, '  - ')),
        ...review.images.flatMap((image) => [
          ...imageLine(image),
          ...image.why.flatMap((why) => wrapLines(why, image.mayGo ? '  may go: ' : '  stays: ')),
        ]),
      ],
    }));
  },
});
