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
  /** Kills are numbered by first attempts: what is called again after a kill does not move the points that follow. */
  firstAttempts?: boolean;
  /** How long an activity may take to end when the worker is asked to stop. */
  graceMs: number;
  /** How long the server waits for a worker to take a task of a run that it knows already; default 300. */
  stickyMs?: number;
}

/** A line of the journal. */
export interface JournalLine {
  execution: number;
  /** How many activities were called for the first time by then. */
  first: number;
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
    // Workflows run in this thread: one that starts so often need not load the SDK for a second one each time.
    debugMode: true,
    // A killed worker's queue of its own is given up on at once instead of after 10 s.
    stickyQueueScheduleToStartTimeout: input.stickyMs ?? 300,
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

/** How long a worker takes to tell the server what an activity gave. */
const RECORDED_AFTER_MS = 60;

function killer({ journal, kills, firstAttempts }: KillingWorkerInput): ActivityInterceptorsFactory {
  let { executions, first } = existsSync(journal) ? counted(journal) : { executions: 0, first: 0 };
  const write = (line: JournalLine) => appendFileSync(journal, `${JSON.stringify(line)}\n`);
  return ({ info }) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(call, next) {
        executions += 1;
        if (info.attempt === 1) first += 1;
        const line = {
          execution: executions,
          first,
          at: Date.now(),
          pid: process.pid,
          activity: info.activityType,
          attempt: info.attempt,
        };
        write(line);
        const number = firstAttempts !== true ? executions : info.attempt === 1 ? first : undefined;
        const point = kills.find(({ execution }) => execution === number);
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
          if (point?.moment === 'recorded') setTimeout(die, RECORDED_AFTER_MS);
          // What ends sooner than its kill dies at its end: no point is lost.
          else if (point !== undefined) die();
        }
      },
    };
    return { inbound };
  };
}

function counted(journal: string): { executions: number; first: number } {
  const last = readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  if (last === '') return { executions: 0, first: 0 };
  const { execution: executions, first } = JSON.parse(last) as JournalLine;
  return { executions, first };
}

main(JSON.parse(process.argv[2] ?? '') as KillingWorkerInput).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
