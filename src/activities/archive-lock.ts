import { randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const PAUSE_MS = 50;
/** Whoever holds the lock appends a few lines: one that does not change for this long was left behind by a crash. */
const STALE_MS = 10_000;

/**
 * Does something to a file of the archive that no other worker may do at the same time. The lock is a file beside it,
 * made so that only one can make it. No clock is compared: a lock is left behind when its holder is the same for long.
 * @throws what the file system throws, and what the work throws
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const me = randomUUID();
  let seen: { holder: string | undefined; since: number } | undefined;
  while (!(await made(lock, me))) {
    const holder = await read(lock);
    if (seen === undefined || seen.holder !== holder) seen = { holder, since: performance.now() };
    else if (performance.now() - seen.since > STALE_MS) await rm(lock, { force: true });
    else await setTimeout(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    if ((await read(lock)) === me) await rm(lock, { force: true });
  }
}

async function made(lock: string, content: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function read(lock: string): Promise<string | undefined> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
