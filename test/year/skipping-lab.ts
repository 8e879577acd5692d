import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker, type ActivityInterceptorsFactory } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { createActivities } from '../../src/activities/create-activities';
import { loadScenario } from '../../simulator/scenarios/load-scenario';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { configuredInfrastructures } from '../../worker/main';
import { readConfiguration } from '../../worker/configuration';
import { createSecretResolver } from '../../worker/secrets';
import { MovingClock } from '../support/moving-clock';
import { startSkippingServer } from '../support/skipping-server';

export const TASK_QUEUE = 'vta-upgrade';
export const HOUR = 3_600_000;

/** Whether an activity is the moment, by its type. */
type Moment = (activity: string) => boolean;

/**
 * A Temporal server whose time skips, a worker and a simulated site, all on one time: that of the server. Time goes on as
 * ever while something is in work, and skips while nothing is.
 */
export class SkippingLab implements AsyncDisposable {
  readonly client: Client;
  readonly log: string[];
  private worker: { stop: () => void; stopped: Promise<void>; isStopped: boolean } | undefined;
  private leaveAt: Moment | undefined;
  private sleeping: Promise<void> = Promise.resolve();

  private constructor(
    private readonly environment: TestWorkflowEnvironment,
    private readonly clock: MovingClock,
    readonly simulator: Simulator,
    log: string[],
  ) {
    // Not the client of the environment, which lets time skip whenever a result is awaited.
    this.client = new Client({ connection: environment.connection });
    this.log = log;
  }

  static async start(scenario: ScenarioInput): Promise<SkippingLab> {
    const log: string[] = [];
    Runtime.install({ logger: new DefaultLogger('WARN', (entry) => log.push(`${entry.message} ${text(entry.meta)}`)) });
    const environment = await startSkippingServer();
    const clock = new MovingClock();
    await clock.moveTo(await environment.currentTimeMs());
    const simulator = await startSimulator({ scenario: loadScenario(scenario), clock });
    const lab = new SkippingLab(environment, clock, simulator, log);
    await lab.startWorker({ leaves: true });
    return lab;
  }

  now(): Promise<number> {
    return this.environment.currentTimeMs();
  }

  /**
   * Sleeps until a time of the server; what a worker does meanwhile is done in its own time. Ends early, with false, when
   * the worker leaves meanwhile.
   */
  async sleepUntil(at: number): Promise<boolean> {
    const { worker } = this;
    const sleep = this.sleep(at);
    this.sleeping = sleep;
    if (worker === undefined || worker.isStopped) {
      await sleep;
      return true;
    }
    const left = await Promise.race([sleep.then(() => false), worker.stopped.then(() => true)]);
    if (!left) await this.clock.moveTo(await this.now());
    return !left;
  }

  /**
   * This server locks its time when a child ends, until the parent has taken note of it; a parent that ended before never
   * does. To be called once for each such child, when it has ended.
   */
  async forgetParent(): Promise<void> {
    await this.testService.unlockTimeSkipping({});
  }

  /**
   * Lets time pass while no worker is there. What waits for a worker keeps the server's time from skipping, as if it were
   * in work; that is put out of force meanwhile.
   * @param waiting how many tasks wait for a worker
   */
  async sleepWithoutWorker(at: number, waiting: number): Promise<void> {
    if (this.worker?.isStopped === false) throw new Error('there is a worker');
    const { testService } = this;
    for (let each = 0; each < waiting; each++) await testService.unlockTimeSkipping({});
    // The sleep that the worker left in the middle of goes on: two at a time would unlock the time twice.
    await this.sleeping;
    await this.sleep(at);
    for (let each = 0; each < waiting; each++) await testService.lockTimeSkipping({});
    await this.clock.moveTo(await this.now());
  }

  /**
   * @param leaves keeps no workflows in memory, which is slow: this server goes on sending tasks to the worker that kept a
   * workflow, after that has left
   */
  async startWorker({ leaves }: { leaves: boolean }): Promise<void> {
    const configuration = readConfiguration(this.simulator.ready.infrastructureFile);
    const { activities, close } = createActivities({
      infrastructures: configuredInfrastructures(configuration),
      resolveSecret: createSecretResolver(process.env, (message) => this.log.push(message)),
      now: () => this.clock.now(),
    });
    const worker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: { codePath: inject('workflowBundlePath') },
      activities,
      interceptors: { activity: [this.onServerTime()] },
      ...(leaves ? { maxCachedWorkflows: 0 } : {}),
      shutdownGraceTime: '20s',
    });
    const state = { stop: () => worker.shutdown(), stopped: Promise.resolve(), isStopped: false };
    state.stopped = worker.run().then(async () => {
      state.isStopped = true;
      await close();
    });
    this.worker = state;
  }

  async stopWorker(): Promise<void> {
    const { worker } = this;
    if (worker === undefined || worker.isStopped) return;
    worker.stop();
    await worker.stopped;
  }

  /** The worker takes no more work from the moment on at which it does this; what it does is finished. */
  stopWorkerAt(moment: Moment): void {
    this.leaveAt = moment;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopWorker();
    await this.simulator.close();
    await this.environment.teardown();
  }

  private get testService() {
    const { testService } = this.environment.connection;
    if (testService === undefined) throw new Error('this server cannot skip time');
    return testService;
  }

  private async sleep(at: number): Promise<void> {
    const milliseconds = at - (await this.now());
    if (milliseconds > 0) await this.environment.sleep(milliseconds);
  }

  /** Time stands still for nobody while an activity is in work, so it has skipped before one begins, or not at all. */
  private onServerTime(): ActivityInterceptorsFactory {
    return ({ info }) => ({
      inbound: {
        execute: async (input, next) => {
          await this.clock.moveTo(await this.now());
          if (this.leaveAt?.(info.activityType) === true) {
            this.leaveAt = undefined;
            this.worker?.stop();
          }
          return await next(input);
        },
      },
    });
  }
}

function text(meta: unknown): string {
  return JSON.stringify(meta, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)) ?? '';
}
