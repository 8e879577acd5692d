import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { Part } from '../support/parts';

const run = promisify(execFile);

/** Index servers may be slow, and the bindings are 20 MB. */
const INSTALL_DEADLINE_MS = 300_000;

/** What the environment is made with. */
export const PYTHON_WITH_VENV: Part = {
  name: 'Python 3.9 or newer with venv',
  probe: ['python3', '-c', 'import ensurepip, sys, venv; assert sys.version_info >= (3, 9)'],
  remedy: 'install Python and its venv module (Debian: python3-venv) so that `python3 -m venv` works',
};

/**
 * A Python with exactly the packages of a requirements file, kept in the user's cache directory under their digest:
 * made once, and anew when the file or the Python changes.
 * @returns the interpreter
 * @throws Error with pip's own words when the packages cannot be had
 */
export async function pythonEnvironment(requirements: string): Promise<string> {
  const { stdout: version } = await run('python3', ['-c', 'import sys; print(sys.executable, sys.version)']);
  const digest = createHash('sha256').update(readFileSync(requirements)).update(version).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vta-upgrade');
  const place = join(cache, `conformance-${digest}`);
  const python = join(place, 'bin', 'python');
  if (existsSync(python)) return python;

  mkdirSync(cache, { recursive: true });
  console.warn(`Making the Python environment of the conformance suite in ${place}, once; this takes half a minute.`);
  // Made aside and moved, so that nobody ever finds half of it: run by its interpreter, a moved environment works.
  const draft = mkdtempSync(`${place}-`);
  try {
    await run('python3', ['-m', 'venv', draft]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await run(join(draft, 'bin', 'python'), pip, { timeout: INSTALL_DEADLINE_MS });
    moveUnlessThere(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return python;
}

/** Somebody else may have been faster: theirs is as good. */
function moveUnlessThere(draft: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  try {
    renameSync(draft, place);
  } catch (thrown) {
    if (!existsSync(join(place, 'bin', 'python'))) throw thrown;
  }
}
