import { setTimeout } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker, type LogEntry } from '@temporalio/worker';
import { createActivities } from '../src/activities/create-activities';
import { TASK_QUEUE } from '../src/model/ids';
import { readConfiguration, type Configuration } from './configuration';
import { createSecretResolver } from './secrets';
import { interceptorsPath, workflowsPath } from '../src/plugin/compose-workflows';
import { cachedWorkflowBundle } from './workflow-bundle';

/** How long an activity may take to end by itself when the worker is asked to stop; then it is cancelled and resumed elsewhere. */
const SHUTDOWN_GRACE = '30 seconds';
/** How long a run's next task waits for the worker that knows it; after that any worker takes it. Replaying a run is cheap. */
const STICKY_QUEUE_WAIT = '3 seconds';
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Runs a worker until SIGINT or SIGTERM. Waits for a Temporal server that is not there yet. Which server, namespace and
 * credentials comes from the environment and files of the `temporal` CLI (TEMPORAL_ADDRESS and so on).
 * @throws ConfigurationError when the file is not valid: nothing was contacted
 */
export async function runWorker(options: { configFile: string; taskQueue?: string }): Promise<void> {
  const configuration = readConfiguration(options.configFile);
  Runtime.install({ logger: new DefaultLogger('INFO', writeLogLine) });
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const asked = askedToStop();
  const connection = await connectPatiently(connectionOptions, asked.stop);
  if (connection === undefined) {
    log('INFO', 'stopped before there was a Temporal server');
    return;
  }
  const { activities, close } = createActivities({
    infrastructures: configuredInfrastructures(configuration),
    resolveSecret: createSecretResolver(process.env, (message) => log('WARN', message)),
  });
  try {
    const worker = await Worker.create({
      connection,
      ...(namespace === undefined ? {} : { namespace }),
      taskQueue: options.taskQueue ?? TASK_QUEUE,
      ...(await workflowCode()),
      activities,
      shutdownGraceTime: SHUTDOWN_GRACE,
      stickyQueueScheduleToStartTimeout: STICKY_QUEUE_WAIT,
    });
    log('INFO', 'worker started', { infrastructures: Object.keys(configuration.infrastructures) });
    const running = worker.run();
    if (asked.stop.aborted) worker.shutdown();
    asked.leaveToWorker();
    await running;
  } finally {
    await close();
    await connection.close();
  }
}

/** The bundle of the workflows from the cache. Where that cannot be had the worker bundles by itself, which costs it memory. */
async function workflowCode() {
  try {
    return { workflowBundle: { codePath: await cachedWorkflowBundle() } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log('WARN', 'the workflows are bundled in this process, since they could not be bundled beside it', { why });
    return { workflowsPath, interceptors: { workflowModules: [interceptorsPath] } };
  }
}

/** What activities need of the configuration. */
export function configuredInfrastructures(configuration: Configuration) {
  return Object.fromEntries(
    Object.entries(configuration.infrastructures).map(([name, infrastructure]) => [
      name,
      { infrastructure, digest: configuration.digest(name) },
    ]),
  );
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The SDK takes these signals for its workers; while there is none, nobody would obey them. */
function askedToStop(): { stop: AbortSignal; leaveToWorker: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of STOP_SIGNALS) process.on(signal, abort);
  return {
    stop: controller.signal,
    leaveToWorker: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, abort);
    },
  };
}

/** @returns undefined when the worker was asked to stop meanwhile */
async function connectPatiently(
  options: ReturnType<typeof loadClientConnectConfig>['connectionOptions'],
  stop: AbortSignal,
): Promise<NativeConnection | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await Promise.race([NativeConnection.connect(options), stopped]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log('WARN', 'no Temporal server yet; trying again', { address: options.address ?? 'localhost:7233', why });
      await setTimeout(pause, undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return undefined;
    }
  }
}

function log(level: string, message: string, more: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...more })}\n`);
}

function writeLogLine({ level, message, timestampNanos, meta }: LogEntry): void {
  const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  process.stderr.write(`${JSON.stringify({ at, level, message, ...meta }, printable)}\n`);
}

function printable(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return typeof value === 'bigint' ? value.toString() : value;
}
