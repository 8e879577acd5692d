import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LeashedProcess, spawnOnLeash } from '../../../src/cli/spawn-on-leash';

const ROOT = join(__dirname, '../../..');
/** Where scripts/build-programs.mjs leaves what it compiles. */
const PROGRAMS = join(ROOT, 'node_modules/.cache/vta-upgrade/programs');

let compiling: Promise<unknown> | undefined;

/**
 * Compiles the programs of the tests once.
 * @param path of the source below the root, without extension, such as `test/support/crash/killing-worker`
 * @returns path of the compiled file
 */
export async function compiledProgram(path: string): Promise<string> {
  compiling ??= promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-programs.mjs')]);
  await compiling;
  return join(PROGRAMS, `${path}.js`);
}

/** A worker in a process of its own that is started again, at once, whenever it ends. */
export class WorkerKeeper {
  /** Exit codes of the processes that ended; null: by a signal. */
  readonly exits: (number | null)[] = [];
  private current: LeashedProcess | undefined;
  private keep = true;
  /** The process that was killed last; it may not have been collected yet. */
  private hit: number | undefined;

  /** @param command of the worker, run by Node; what it prints goes to the file */
  constructor(
    private readonly command: readonly string[],
    private readonly logFile: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.start();
  }

  /** Id of the process that works now. */
  get pid(): number {
    return this.current?.pid ?? 0;
  }

  /**
   * Sends a signal to the worker of this moment. When this returns after SIGKILL, the worker does nothing more.
   * @returns false when there is none to be hit: it was killed a moment ago
   */
  signal(signal: 'SIGKILL' | 'SIGTERM'): boolean {
    const child = this.current?.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null || this.hit === child.pid)
      return false;
    if (signal === 'SIGKILL') this.hit = child.pid;
    return child.kill(signal);
  }

  /** Ends the worker for good. */
  async stop(): Promise<void> {
    this.keep = false;
    await this.current?.stop(5_000);
  }

  /** What the workers printed, for a test that failed. */
  log(): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-30).join('\n');
  }

  private start(): void {
    const log = openSync(this.logFile, 'a');
    const started = spawnOnLeash(process.execPath, this.command, { env: this.env, logFd: log });
    closeSync(log);
    this.current = started;
    void started.ended.then((code) => {
      this.exits.push(code);
      if (this.keep) this.start();
    });
  }
}
