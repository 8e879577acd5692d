import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Attempt, LocateOptions } from './attempt';
import { type CachePaths, TEMPORAL_VERSION } from './cache-paths';
import { checkBinary } from './check-binary';
import { findOnPath } from './find-on-path';
import { tryInstallLock } from './install-lock';
import { runCommand } from './run-command';

/** Names of the directories in which builds work begin so. */
const BUILD = 'build-';
const DEADLINE_MS = 30 * 60_000;
const PROGRESS_MS = 15_000;
const LOCK_POLL_MS = 1_000;

/**
 * Builds the Temporal CLI, which contains the dev server, from its Go module into the cache. Takes about three minutes on
 * two cores, says so and shows that it goes on. Of several processes one builds and the others wait for it.
 */
export async function installWithGo(paths: CachePaths, options: LocateOptions): Promise<Attempt> {
  const go = findOnPath('go', options.env);
  if (go === undefined) return { problem: '`go` is not on the PATH' };

  const started = Date.now();
  const progress = (what: string) => options.log(`${what} (${Math.round((Date.now() - started) / 1000)} s so far)`);
  let waitingFor: number | undefined;
  let lastLine = started;
  for (;;) {
    const lock = tryInstallLock(paths.lock);
    if ('release' in lock) {
      try {
        // The process that held the lock before may have done it.
        if (waitingFor !== undefined && (await checkBinary(paths.built)) === undefined) return { path: paths.built };
        return await build(go, paths, options, progress);
      } finally {
        lock.release();
      }
    }
    if (waitingFor !== lock.holder || Date.now() - lastLine >= PROGRESS_MS) {
      waitingFor = lock.holder;
      lastLine = Date.now();
      progress(`Process ${waitingFor} is building the Temporal CLI: waiting for it`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

async function build(
  go: string,
  paths: CachePaths,
  options: LocateOptions,
  progress: (what: string) => void,
): Promise<Attempt> {
  const module = `github.com/temporalio/cli/cmd/temporal@${TEMPORAL_VERSION}`;
  options.log(`Building the Temporal CLI, once: go install ${module}. This takes about 3 minutes.`);
  const timer = setInterval(() => progress('Still building the Temporal CLI'), options.progressMs ?? PROGRESS_MS);
  removeLeftovers(paths.directory);
  const directory = mkdtempSync(join(paths.directory, BUILD));
  try {
    const { exitCode, timedOut, output } = await runCommand(go, ['install', module], {
      cwd: directory, // not inside somebody's Go workspace
      env: { ...options.env, GOBIN: directory },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (timedOut) return { problem: `\`go install\` did not end in ${DEADLINE_MS / 60_000} minutes` };
    if (exitCode !== 0) return { problem: `\`go install ${module}\` failed: ${lastLines(output)}` };

    const built = join(directory, 'temporal');
    const problem = await checkBinary(built);
    if (problem !== undefined) return { problem: `\`go install\` ended, but the binary does not work: ${problem}` };
    mkdirSync(dirname(paths.built), { recursive: true });
    renameSync(built, paths.built); // whole or not at all, whoever looks
    return { path: paths.built };
  } finally {
    clearInterval(timer);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What builds left that were killed; whoever holds the lock builds alone. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.startsWith(BUILD)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' / ');
}
