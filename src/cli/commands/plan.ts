import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { TASK_QUEUE } from '../../model/ids';
import type { DigestedPlan } from '../../model/plan';
import { describeFindings } from '../../planner/describe-findings';
import { describePlan } from '../../planner/describe-plan';
import type { planTrustAuthority } from '../../workflows';
import { CliFailure } from '../cli-failure';
import { type Answer, defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { Interrupted, unlessInterrupted } from '../interruption';
import type { WrittenRequest } from '../request-file';
import { readRequest, REQUEST_OPTIONS } from '../request-options';
import { innermostMessage, saidFailure } from '../temporal/failure-of';
import { type Temporal, withTemporal } from '../temporal/with-temporal';
import { requireWorker } from '../temporal/workers';
import { TASK_QUEUE_OPTION } from './task-queue-option';

/** Reading a large infrastructure takes a minute; a plan that nobody waits for any more must not stay open. */
const DEADLINE = '15 minutes';
const TERMINATE_DEADLINE_MS = 2_000;

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
      await requireWorker(temporal, taskQueue);
      io.note(`Reading ${request.infrastructure}; nothing is changed.\n`);
      return answer(await makePlan(temporal, request, taskQueue, io.interrupted()));
    });
  },
});

async function makePlan(
  temporal: Temporal,
  request: WrittenRequest,
  taskQueue: string,
  interrupted: AbortSignal,
): Promise<DigestedPlan> {
  const handle = await temporal.client.workflow.start<typeof planTrustAuthority>('planTrustAuthority', {
    workflowId: `vta-plan:${request.infrastructure}:${randomUUID()}`,
    taskQueue,
    workflowExecutionTimeout: DEADLINE,
    args: [request],
  });
  try {
    return await unlessInterrupted(interrupted, handle.result());
  } catch (error) {
    if (error instanceof Interrupted) {
      await terminate(temporal, handle);
      throw new Interrupted('Interrupted. Planning reads only: nothing was changed.');
    }
    if (error instanceof WorkflowFailedError) throw notPlanned(error);
    throw error;
  }
}

/** Nobody waits for this plan any more; where the server does not take that, the plan ends by its deadline. */
async function terminate({ connection }: Temporal, handle: WorkflowHandle<typeof planTrustAuthority>): Promise<void> {
  await connection
    .withDeadline(Date.now() + TERMINATE_DEADLINE_MS, () => handle.terminate('nobody waits for this plan any more'))
    .catch(() => undefined);
}

function notPlanned(error: WorkflowFailedError): CliFailure {
  const said = saidFailure(error);
  return new CliFailure(
    {
      code: said?.code ?? 'VTA_UNEXPECTED',
      message: said?.message ?? innermostMessage(error),
      state: ['Planning reads only: nothing was changed.'],
      ...(said?.details === undefined ? {} : { details: said.details }),
      exitCode: said?.code === 'VTA_REQUEST_INVALID' ? EXIT.usage : EXIT.failed,
    },
    { cause: error },
  );
}

function answer(result: DigestedPlan): Answer {
  if (result.kind === 'plan') {
    return { exitCode: EXIT.done, json: result, text: describePlan(result.plan, result.digest) };
  }
  const text = ['This upgrade is refused. Nothing was changed.', '', ...describeFindings(result.refusals)].join('\n');
  return { exitCode: EXIT.refused, json: result, text };
}
