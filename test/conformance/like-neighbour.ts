import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { Simulator } from '../../simulator/simulator';
import { OPTIONS } from './run-suite';

/** Two Trust Authority Hosts as VMware's SDKs read them. */
export interface Likeness {
  /** How many values of a host were compared. */
  compared: number;
  /** Why any two healthy hosts differ, with the number of values that do. */
  byNature: Record<string, number>;
  /** What differs without such a reason, a line each. */
  differences: string[];
  /** What the Trust Authority Cluster says of all its hosts together: healths, and what the bindings did not know. */
  cluster: Record<string, unknown>;
}

/**
 * Reads a host and its neighbour with pyvmomi and VMware's Automation SDK, and compares all that they tell.
 * @param host by the first part of its name
 */
export async function compareWithNeighbour(
  python: string,
  { ready }: Simulator,
  host: string,
  neighbour: string,
): Promise<Likeness> {
  const file = join(dirname(ready.caFile), 'ready.json');
  writeFileSync(file, JSON.stringify(ready), { mode: 0o600 });
  const words = ['-m', 'suite.like_neighbour', '--ready', file, host, neighbour];
  const { stdout } = await promisify(execFile)(python, words, { ...OPTIONS, timeout: 120_000 });
  return JSON.parse(stdout) as Likeness;
}
