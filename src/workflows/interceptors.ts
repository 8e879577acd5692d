import { workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { AHEAD } from './ahead';
import * as workflows from './index';

/**
 * Keeps a query from carrying a run to where it could not go on.
 *
 * A worker that does not know a run yet answers a query by replaying its history, and the SDK (1.24) replays also what
 * came after the last workflow task. What comes with the next task would be taken after that, while a replay takes both
 * together and in another order: the run would stand still (`TMPRL1100`). So that next task fails, which makes the worker
 * forget the run; the server gives it out again at once, and it is taken from the history, in the right order.
 *
 * What runs ahead is known by the length of its history, which has grown while time and size, both of the start of a
 * workflow task, have not. Only where the server tells sizes, and only for workflows of this package.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  if (!(workflowInfo().workflowType in workflows)) return {};
  let length = 0;
  let startOfTask = '';
  let ahead = false;
  return {
    internals: [
      {
        activate(input, next) {
          const { jobs, historyLength, historySizeBytes, timestamp } = input.activation;
          const onlyAsks = jobs?.every(({ queryWorkflow }) => queryWorkflow) === true;
          const size = String(historySizeBytes ?? 0);
          if (!onlyAsks && size !== '0') {
            const start = `${size} ${String(timestamp?.seconds)} ${String(timestamp?.nanos)}`;
            if (start !== startOfTask && ahead) throw new Error(AHEAD);
            if (start === startOfTask && Number(historyLength) > length) ahead = true;
            length = Number(historyLength);
            startOfTask = start;
          }
          next(input);
        },
      },
    ],
  };
};
