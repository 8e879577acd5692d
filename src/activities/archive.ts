import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from './archive-lock';
import { refuse } from './to-failure';

/** What others may not read: backups name key servers and accounts. */
const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** SHA-256 as everywhere in this product: `sha256:` and hexadecimal. */
export function sha256(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The directory that all workers of an infrastructure share: backups, base-image files, reports, the audit. */
export class Archive {
  constructor(readonly directory: string) {}

  path(...below: string[]): string {
    return join(this.directory, ...below);
  }

  /**
   * Writes a file whole or not at all: a crash leaves the old file or the new one, never half of one.
   * @returns path below the archive and digest, which is all that a history may carry
   * @throws ApplicationFailure VTA_ARCHIVE_UNUSABLE
   */
  async write(below: string, content: Buffer | string): Promise<{ path: string; sha256: string }> {
    const path = this.path(below);
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
      const file = await open(temporary, 'wx', PRIVATE_FILE);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw unusable(this.directory, error);
    }
    return { path: below, sha256: sha256(content) };
  }

  /**
   * Does something to a file while no other worker does (those that lock it, too).
   * @throws ApplicationFailure VTA_ARCHIVE_UNUSABLE, and what the work throws
   */
  async alone<T>(below: string, work: () => Promise<T>): Promise<T> {
    const path = this.path(below);
    try {
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
      return await withLock(path, work);
    } catch (error) {
      throw isSystemError(error) ? unusable(this.directory, error) : error;
    }
  }

  /** The content of a file, or undefined if there is none. */
  async read(below: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.path(below));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unusable(this.directory, error);
    }
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unusable(directory: string, error: unknown) {
  const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return refuse(
    'VTA_ARCHIVE_UNUSABLE',
    `The archive "${directory}" cannot be read or written (${why}). Make it a directory of the worker's user that all workers share, then retry.`,
  );
}
