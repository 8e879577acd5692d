import { spawnSync } from 'node:child_process';

/** A program that some tests need and that does not come with the packages. */
export interface Part {
  readonly name: string;
  /** Command and arguments that prove that it works. */
  readonly probe: readonly [command: string, ...args: string[]];
  /** What to do to have it. */
  readonly remedy: string;
}

export const GO: Part = {
  name: 'Go',
  probe: ['go', 'version'],
  remedy: 'install Go (https://go.dev/dl) so that `go version` works',
};

export const PYTHON: Part = {
  name: 'Python 3.9 or newer',
  probe: ['python3', '-c', 'import os, pty; os.waitstatus_to_exitcode'],
  remedy: 'install Python so that `python3` works',
};

export const CHROMIUM: Part = {
  name: 'Chromium',
  probe: ['chromium', '--version'],
  remedy: 'install it so that `chromium --version` works (Debian: apt-get install chromium)',
};

/**
 * Says whether a part is there. In CI (the variable CI is set) a missing one is an error; elsewhere a line on the
 * console says what was not run, so that nobody takes the silence for a success.
 *
 * @param tests what cannot be run without it
 * @throws Error in CI, naming the part and what to do
 */
export function requirePart(part: Part, tests: string): boolean {
  const [command, ...args] = part.probe;
  if (spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 }).status === 0) return true;
  const missing = `${part.name} is missing, so these tests cannot run: ${tests}. To run them ${part.remedy}.`;
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(missing);
  console.warn(`NOT RUN: ${missing}`);
  return false;
}
