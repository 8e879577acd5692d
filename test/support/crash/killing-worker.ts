import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { createActivities } from '../../../src/activities/create-activities';
import { configuredInfrastructures } from '../../../worker/main';
import { readConfiguration } from '../../../worker/configuration';
import { createSecretResolver } from '../../../worker/secrets';
import type { KillPoint, Moment } from './kill-points';

/** What a killing worker is told, as JSON in its one argument. */
export interface KillingWorkerInput {
  address: string;
  taskQueue: string;
  configFile: string;
  /** File with the workflow bundle. */
  workflowBundle: string;
  /** File that takes a line for each activity; shared by all workers of a run, which is how they count on. */
  journal: string;
  kills: KillPoint[];
  /** How long an activity may take to end when the worker is asked to stop. */
  graceMs: number;
}

/** A line of the journal. */
export interface JournalLine {
  execution: number;
  /** Milliseconds since 1970. */
  at: number;
  pid: number;
  activity: string;
  attempt: number;
  /** Set on the second line of an execution at which the worker killed itself. */
  killed?: Moment;
}

/*
 * A worker in a process of its own, made of the product's parts as worker/main.ts makes one, that kills itself (SIGKILL)
 * exactly at chosen points. The points are in an interceptor of this worker: the product has no hook for it.
 */
async function main(input: KillingWorkerInput): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const configuration = readConfiguration(input.configFile);
  const connection = await connectPatiently(input.address);
  const { activities, close } = createActivities({
    infrastructures: configuredInfrastructures(configuration),
    resolveSecret: createSecretResolver(process.env, (message) => process.stderr.write(`${message}\n`)),
  });
  const worker = await Worker.create({
    connection,
    taskQueue: input.taskQueue,
    workflowBundle: { codePath: input.workflowBundle },
    activities,
    interceptors: { activity: [killer(input)] },
    // A killed worker's queue of its own is given up on at once instead of after 10 s.
    stickyQueueScheduleToStartTimeout: '300ms',
    shutdownGraceTime: input.graceMs,
  });
  await worker.run();
  await close();
  await connection.close();
}

async function connectPatiently(address: string): Promise<NativeConnection> {
  for (;;) {
    try {
      return await NativeConnection.connect({ address });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function killer({ journal, kills }: KillingWorkerInput): ActivityInterceptorsFactory {
  let executions = existsSync(journal) ? lastExecution(journal) : 0;
  const write = (line: JournalLine) => appendFileSync(journal, `${JSON.stringify(line)}\n`);
  return ({ info }) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(call, next) {
        executions += 1;
        const line = {
          execution: executions,
          at: Date.now(),
          pid: process.pid,
          activity: info.activityType,
          attempt: info.attempt,
        };
        write(line);
        const point = kills.find(({ execution }) => execution === line.execution);
        const die = () => {
          write({ ...line, at: Date.now(), ...(point && { killed: point.moment }) });
          process.kill(process.pid, 'SIGKILL');
        };
        if (point?.moment === 'before') die();
        const timer = point?.moment === 'during' ? setTimeout(die, point.delayMs) : undefined;
        try {
          return await next(call);
        } finally {
          clearTimeout(timer);
          // What ends sooner than its kill dies at its end: no point is lost.
          if (point !== undefined) die();
        }
      },
    };
    return { inbound };
  };
}

function lastExecution(journal: string): number {
  const last = readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return last === '' ? 0 : (JSON.parse(last) as JournalLine).execution;
}

main(JSON.parse(process.argv[2] ?? '') as KillingWorkerInput).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
