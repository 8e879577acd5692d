import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { type LeashedProcess, spawnOnLeash } from '../../src/cli/spawn-on-leash';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';

/** The built product, as an operator runs it; the benchmark is started in the root of the clone. */
const MAIN = resolve('lib/src/cli/main.js');
const DEADLINE_MS = 60_000;

/** What the benchmark needs of the simulator's ready file. */
export interface Ready {
  control: string;
  infrastructure: string;
  infrastructureFile: string;
  requestFile: string;
}

/** Processes of one measurement, and the folder with their files. All end with `close()`, at the latest with this process. */
export class Parts implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-bench-'));
  private readonly processes: LeashedProcess[] = [];

  /** `vta-upgrade simulator` for a scenario. @returns its ready file and how long it took, in milliseconds */
  async simulator(scenario: ScenarioInput): Promise<{ ready: Ready; process: LeashedProcess; startMs: number }> {
    const scenarioFile = join(this.directory, 'scenario.json');
    const readyFile = join(this.directory, 'ready.json');
    writeFileSync(scenarioFile, JSON.stringify(scenario));
    const site = join(this.directory, 'site');
    const began = performance.now();
    const files = ['--scenario', scenarioFile, '--ready-file', readyFile, '--directory', site];
    const process = this.vtaUpgrade('simulator', files);
    await this.until('the simulator', 'simulator', () => existsSync(readyFile));
    const startMs = performance.now() - began;
    return { ready: JSON.parse(readFileSync(readyFile, 'utf8')) as Ready, process, startMs };
  }

  /** A Temporal dev server in memory, with its metrics. */
  async temporal(): Promise<{ address: string; metrics: string }> {
    const { path } = await locateTemporal({ env: process.env, log: () => undefined });
    const [port, metricsPort] = [await freePort(), await freePort()];
    const unthrottled = ['transfer', 'timer', 'visibility'].flatMap((queue) => [
      '--dynamic-config-value',
      `history.${queue}ProcessorMaxPollRPS=1000`,
    ]);
    const place = ['--ip', '127.0.0.1', '--port', `${port}`, '--metrics-port', `${metricsPort}`, '--headless'];
    this.start('temporal', path, ['server', 'start-dev', ...place, '--log-level', 'error', ...unthrottled]);
    const address = `127.0.0.1:${port}`;
    await this.until('the Temporal server', 'temporal', () => answers(address));
    return { address, metrics: `http://127.0.0.1:${metricsPort}/metrics` };
  }

  /** `vta-upgrade worker`. @returns once it polls for work */
  async worker(address: string, ready: Ready): Promise<LeashedProcess> {
    const before = this.log('worker').split('worker started').length;
    const worker = this.vtaUpgrade('worker', ['--config', ready.infrastructureFile], { TEMPORAL_ADDRESS: address });
    await this.until('the worker', 'worker', () => this.log('worker').split('worker started').length > before);
    return worker;
  }

  log(name: string): string {
    const file = join(this.directory, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  private vtaUpgrade(command: string, args: string[], env: NodeJS.ProcessEnv = {}): LeashedProcess {
    return this.start(command, process.execPath, [MAIN, command, ...args], env);
  }

  private start(name: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): LeashedProcess {
    const log = openSync(join(this.directory, `${name}.log`), 'a', 0o600);
    const started = spawnOnLeash(command, args, { env: { ...process.env, ...env }, logFd: log });
    closeSync(log);
    this.processes.push(started);
    return started;
  }

  private async until(what: string, log: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${what} did not come up:\n${this.log(log)}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop(8_000)));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function answers(address: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1_000 });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
