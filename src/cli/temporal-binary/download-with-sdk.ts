import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Attempt, LocateOptions } from './attempt';
import type { CachePaths } from './cache-paths';
import { checkBinary } from './check-binary';
import { runCommand } from './run-command';

/** Some networks drop packets instead of refusing: after this time without a byte the download is given up. */
const SILENCE_MS = 5_000;

/** Run by a child process: only its death ends a download that hangs inside the SDK's native part. */
const DOWNLOAD = `
  const [testing, downloadDir] = process.argv.slice(1);
  const { TestWorkflowEnvironment } = require(testing);
  console.log('asking');
  TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir } } })
    .then((environment) => environment.teardown())
    .then(() => process.exit(0), (error) => { console.error(String(error)); process.exit(1); });
`;

/** Lets the Temporal SDK download a dev server into our cache, as its own test environment does. */
export async function downloadWithSdk(paths: CachePaths, options: LocateOptions): Promise<Attempt> {
  options.log('Asking the Temporal SDK to download a dev server');
  mkdirSync(paths.directory, { recursive: true });
  const directory = mkdtempSync(join(paths.directory, 'download-'));
  const silence = watchForSilence(directory, options.silenceMs ?? SILENCE_MS);
  try {
    const testing = createRequire(__filename).resolve('@temporalio/testing');
    const { exitCode, timedOut, output } = await runCommand(process.execPath, ['-e', DOWNLOAD, testing, directory], {
      env: options.env,
      signal: silence.signal,
      onOutput: silence.begin, // loading the SDK may take some seconds on a busy machine
    });
    if (timedOut) return { problem: 'the download of the SDK stood still' };
    if (exitCode !== 0) return { problem: `the SDK could not download one: ${innermost(output)}` };

    const file = largestFile(directory);
    if (file === undefined) return { problem: 'the SDK downloaded nothing' };
    const problem = await checkBinary(file);
    if (problem !== undefined) return { problem: `what the SDK downloaded does not work: ${problem}` };
    mkdirSync(dirname(paths.downloaded), { recursive: true });
    renameSync(file, paths.downloaded);
    return { path: paths.downloaded };
  } finally {
    silence.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The SDK repeats the address at each level; the cause stands at the end. */
function innermost(output: string): string {
  return (output.trim().split('\n').at(-1) ?? '').split('): ').at(-1) ?? '';
}

/** A signal that is aborted when the files of the directory have not grown for the given time, counted from `begin`. */
function watchForSilence(
  directory: string,
  silenceMs: number,
): { signal: AbortSignal; begin: () => void; stop: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let size = 0;
  const look = () => {
    const now = files(directory).reduce((sum, file) => sum + file.size, 0);
    if (now === size) controller.abort();
    size = now;
  };
  return {
    signal: controller.signal,
    begin: () => (timer ??= setInterval(look, silenceMs)),
    stop: () => clearInterval(timer),
  };
}

function largestFile(directory: string): string | undefined {
  return files(directory).sort((a, b) => b.size - a.size)[0]?.path;
}

function files(directory: string): { path: string; size: number }[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false }); // renamed meanwhile
      return stat?.isFile() ? [{ path, size: stat.size }] : [];
    });
}
