import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CliFailure } from '../cli-failure';
import { startDevServer, type DevServer } from '../dev-server';
import { unlessInterrupted } from '../interruption';
import type { Io } from '../io';
import { spawnOnLeash, type LeashedProcess } from '../spawn-on-leash';
import { locateTemporal } from '../temporal-binary/locate-temporal';

/** What the simulator writes once everything answers (simulator/write-files.ts). */
export interface ReadyFile {
  trustAuthority: { vCenter: string; cluster: string };
  trusted: { vCenter: string; clusters: string[] }[];
  username: string;
  password: string;
  caFile: string;
  control: string;
  infrastructure: string;
  infrastructureFile: string;
  requestFile: string;
}

/** The running parts of a demo, each a process of its own as in production. */
export interface Parts {
  server: DevServer;
  ready: ReadyFile;
  /** For commands of this CLI: the server of the demo. */
  env: NodeJS.ProcessEnv;
  workerLog: string;
  /** Ends the worker, then what it worked on and the server. */
  close(): Promise<void>;
}

const READY_DEADLINE_MS = 30_000;
const STOP_GRACE_MS = 8_000;
const MAIN = join(__dirname, '..', 'main.js');

/**
 * Starts a Temporal dev server, a simulator and a worker, in this order; all end with this process.
 * @param directory takes the files of all of them
 * @param interrupted when it is aborted, those that are there already are ended again
 * @throws CliFailure when one of them does not come up, with the end of its log; Interrupted
 */
export async function startParts(
  io: Io,
  directory: string,
  scenario: string,
  interrupted: AbortSignal,
): Promise<Parts> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = (name: string) => join(directory, `${name}.log`);
  const children: LeashedProcess[] = [];
  let starting: Promise<DevServer> | undefined;
  const close = async (): Promise<void> => {
    for (const child of children.toReversed()) await child.stop(STOP_GRACE_MS);
    const server = await starting?.catch(() => undefined);
    await server?.close();
  };
  const startChild = (name: string, args: string[], env: NodeJS.ProcessEnv): LeashedProcess => {
    const logFd = openSync(log(name), 'a', 0o600);
    try {
      const child = spawnOnLeash(process.execPath, [MAIN, ...args], { logFd, env });
      children.push(child);
      return child;
    } finally {
      closeSync(logFd);
    }
  };
  try {
    const locating = locateTemporal({ env: io.env, log: (line) => io.note(`${line}\n`) });
    const { path: binary } = await unlessInterrupted(interrupted, locating);
    const readyFile = join(directory, 'ready.json');
    rmSync(readyFile, { force: true }); // of an earlier demo in this directory
    const simulator = startChild(
      'simulator',
      ['simulator', '--scenario', scenario, '--ready-file', readyFile, '--directory', join(directory, 'site')],
      io.env,
    );
    starting = startDevServer({ binary, headless: false, logFile: log('temporal') });
    const server = await unlessInterrupted(interrupted, starting);
    const ready = await unlessInterrupted(interrupted, waitForReadyFile(readyFile, simulator, log('simulator')));
    const env = { ...io.env, TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'default' };
    startChild('worker', ['worker', '--config', ready.infrastructureFile], env);
    return { server, ready, env, workerLog: log('worker'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function waitForReadyFile(file: string, simulator: LeashedProcess, logFile: string): Promise<ReadyFile> {
  let exitCode: number | null | undefined;
  void simulator.ended.then((code) => (exitCode = code));
  const until = Date.now() + READY_DEADLINE_MS;
  while (!existsSync(file)) {
    if (exitCode !== undefined || Date.now() > until)
      throw new CliFailure({
        code: 'VTA_UNEXPECTED',
        message: `The simulator did not come up${exitCode === undefined ? '' : ` (exit code ${exitCode})`}.`,
        state: readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15),
      });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return JSON.parse(readFileSync(file, 'utf8')) as ReadyFile;
}
