import { existsSync } from 'node:fs';
import { runCommand } from './run-command';

/** A healthy binary answers in a fraction of a second; a cold disk may need some. */
const CHECK_DEADLINE_MS = 10_000;

/**
 * Runs a `temporal` executable once before it is trusted: an install that ended, or a file of that name, is no proof.
 * @returns what is wrong with it, or undefined for a binary that works
 */
export async function checkBinary(path: string, deadlineMs = CHECK_DEADLINE_MS): Promise<string | undefined> {
  if (!existsSync(path)) return 'there is no such file';
  const signal = AbortSignal.timeout(deadlineMs);
  const { exitCode, timedOut, output } = await runCommand(path, ['server', 'start-dev', '--help'], { signal });
  if (timedOut) return `\`server start-dev --help\` gave no answer in ${deadlineMs / 1000} s`;
  const lastLine = output.trim().split('\n').at(-1) ?? '';
  if (exitCode !== 0) return `\`server start-dev --help\` ended with exit code ${exitCode}: ${lastLine}`;
  if (!output.includes('--dynamic-config-value')) return 'it runs, but has no `server start-dev` command';
  return undefined;
}
