import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Takes the lock file if nobody holds it. A lock whose process is gone is taken over.
 *
 * It saves a second build and guards nothing: each build works in a directory of its own and is renamed into place, so two
 * that slip past each other do no harm.
 * @returns a function that gives it back, or the process id of the holder
 */
export function tryInstallLock(path: string): { release(): void } | { holder: number } {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    for (;;) {
      try {
        linkSync(own, path); // unlike create-then-write, never seen empty
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder)) return { holder };
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function readHolder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined; // given back in this moment
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
