import { type ChildProcess, spawn } from 'node:child_process';

export interface LeashOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** File descriptor that takes standard output and error; not given: both are pipes. */
  logFd?: number;
}

/** A child process that does not outlive this one. */
export interface LeashedProcess {
  child: ChildProcess;
  /** Id of the process, and of its process group. */
  pid: number;
  /** Resolves with the exit code, or null after a signal. */
  ended: Promise<number | null>;
  /** Ends the process and all that it started: asked first, killed after the given milliseconds. */
  stop(graceMs: number): Promise<void>;
}

/*
 * The shell replaces itself by the command (same process id). The subshell in the background reads from a pipe that only
 * this process holds open: when the read ends, for whatever reason this process ended (SIGKILL included), it ends the
 * whole group, at first politely: a Node process with Temporal's native part survives SIGTERM. The group's id cannot be
 * given to others meanwhile, since the subshell itself belongs to it.
 */
const LEASH = [
  'exec 3<&0', // a command in the background loses its standard input
  "( trap '' TERM; read -r _ <&3; kill -s TERM -- -$$; sleep 5; kill -s KILL -- -$$ ) >/dev/null 2>&1 &",
  'exec "$@" </dev/null 3<&-',
].join('\n');

/**
 * Starts a command that ends when this process ends, however it ends: a killed test run or demo leaves no server behind.
 * Needs a POSIX shell. A command that cannot be run ends with exit code 126 or 127.
 */
export function spawnOnLeash(command: string, args: readonly string[], options: LeashOptions = {}): LeashedProcess {
  const output = options.logFd ?? 'pipe';
  const child = spawn('/bin/sh', ['-c', LEASH, command, command, ...args], {
    detached: true, // a group of its own, so that stop() reaches what the command started
    stdio: ['pipe', output, output],
    ...(options.env ? { env: options.env } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('/bin/sh could not be started');

  child.stdin?.on('error', () => {}); // EPIPE: the other end has gone, which is what was wanted
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      killGroup(pid); // what it left behind, and the leash
      child.stdin?.destroy();
      resolve(code);
    });
  });

  return {
    child,
    pid,
    ended,
    async stop(graceMs) {
      child.stdin?.destroy();
      const timer = setTimeout(() => killGroup(pid), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // no such group: it ended by itself
  }
}
