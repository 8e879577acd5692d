import { TASK_QUEUE } from '../../model/ids';
import type { DigestedPlan } from '../../model/plan';
import { describeFindings } from '../../planner/describe-findings';
import { describePlan } from '../../planner/describe-plan';
import { type Answer, defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { makePlan } from '../make-plan';
import { readRequest, REQUEST_OPTIONS } from '../request-options';
import { withTemporal } from '../temporal/with-temporal';
import { TASK_QUEUE_OPTION } from './task-queue-option';

export const plan = defineCommand({
  name: 'plan',
  summary: 'show what an upgrade would do, or every reason against it',
  description:
    'Reads the infrastructure and shows what an upgrade would do, in which order, with warnings and impact, and the ' +
    'digest that an approval names. Or shows every reason against it at once, each with what to do about it (exit ' +
    'code 3). Reads only: nothing is changed.\n\n' +
    'The worker reads, since only the worker has the credentials: this starts the workflow planTrustAuthority.',
  arguments: {},
  options: { ...REQUEST_OPTIONS, taskQueue: TASK_QUEUE_OPTION },
  examples: [
    {
      title: 'vCenters to 8.0.3.00500, hosts to the desired image of their cluster',
      command: 'vta-upgrade plan --infrastructure prod --vcenter 8.0.3.00500',
    },
    {
      title: 'only the Trust Authority side, as JSON',
      command: 'vta-upgrade plan --infrastructure prod --phases 1,2 --reason "CHG-4711, part 1" --output json',
    },
    { title: 'a request from a file', command: 'vta-upgrade plan --request request.json' },
  ],
  async run({ options, io }) {
    const { taskQueue = TASK_QUEUE, ...wanted } = options;
    const request = readRequest(wanted);
    return await withTemporal(io, async (temporal) => {
      return answer(await makePlan(temporal, request, taskQueue, io));
    });
  },
});

function answer(result: DigestedPlan): Answer {
  if (result.kind === 'plan') {
    return { exitCode: EXIT.done, json: result, text: describePlan(result.plan, result.digest) };
  }
  const text = ['This upgrade is refused. Nothing was changed.', '', ...describeFindings(result.refusals)].join('\n');
  return { exitCode: EXIT.refused, json: result, text };
}
