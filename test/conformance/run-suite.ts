import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { ROUTES } from '../../simulator/api/rest/routes';
import type { Simulator } from '../../simulator/simulator';

/** How one check of the suite ended. */
export interface CheckResult {
  check: string;
  ok: boolean;
  message: string;
  milliseconds: number;
}

/** How the programs of the suite are run. */
export const OPTIONS = {
  cwd: __dirname,
  env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' },
};

/** Names of all checks, without running any. */
export async function listChecks(python: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(python, ['-m', 'suite', '--list'], OPTIONS);
  return JSON.parse(stdout) as string[];
}

/**
 * Runs the suite against a simulator, which it leaves changed.
 * @param signal ends it
 * @returns results by name; a check without one was not reached
 * @throws Error with what it wrote to stderr when it broke down
 */
export async function runSuite(
  python: string,
  simulator: Simulator,
  directory: string,
  signal: AbortSignal,
): Promise<Map<string, CheckResult>> {
  const ready = join(directory, 'ready.json');
  const answered = join(directory, 'answered.json');
  writeFileSync(ready, JSON.stringify(simulator.ready), { mode: 0o600 });
  writeFileSync(answered, JSON.stringify(ROUTES.map((route) => route.operation.key)));
  const child = spawn(python, ['-m', 'suite', '--ready', ready, '--answered', answered], { ...OPTIONS, signal });
  const results = new Map<string, CheckResult>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const result = JSON.parse(line) as CheckResult;
    results.set(result.check, result);
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`the suite ended with ${exitCode}: ${complaints}`);
  return results;
}
