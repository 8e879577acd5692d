import { constants, open } from 'node:fs/promises';
import type { SecretReference } from '../src/model/infrastructure';
import { systemReason } from './system-reason';

/**
 * Finds the secret behind a reference, each time it is needed: a rotated secret is used without a restart.
 * @param field what the secret is for, such as `prod: trustAuthority.vCenter.password`; named in errors
 * @throws SecretUnresolvedError
 */
export type ResolveSecret = (reference: SecretReference, field: string) => Promise<string>;

/** A secret that cannot be had. Names reference and field, never a value. */
export class SecretUnresolvedError extends Error {
  override readonly name = 'SecretUnresolvedError';
  readonly code = 'VTA_SECRET_UNRESOLVED';

  constructor(
    readonly reference: SecretReference,
    readonly field: string,
    reason: string,
  ) {
    super(`${field}: ${reference} ${reason}`);
  }
}

/** No secret is longer; a longer file is the wrong file. */
const LONGEST_SECRET = 65_536;

const WRITABLE_BY_OTHERS = 0o022;
const READABLE_BY_OTHERS = 0o044;

/**
 * Makes the resolver of a worker.
 *
 * A secret file that others may *write* is refused: who writes it chooses what the worker logs in with. One that others
 * may *read* is used with a warning, once: container platforms mount their secrets like that, behind other walls.
 * @param environment usually `process.env`
 * @param warn called with a sentence for the log
 */
export function createSecretResolver(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): ResolveSecret {
  const warned = new Set<string>();
  return async (reference, field) => {
    const fail = (reason: string) => new SecretUnresolvedError(reference, field, reason);
    const [, scheme, name = ''] = /^(env|file):(.+)$/s.exec(reference) ?? [];
    if (scheme === undefined) throw new SecretUnresolvedError('(not shown)', field, 'is no reference to a secret');
    if (scheme === 'env') {
      const value = environment[name];
      if (value === undefined || value === '') throw fail(value === '' ? 'is empty' : 'is not set');
      return value;
    }
    const { text, mode } = await readSecretFile(name, fail);
    if ((mode & READABLE_BY_OTHERS) !== 0 && !warned.has(name)) {
      warned.add(name);
      warn(`${field}: ${reference} can be read by other accounts of this machine; mode 0600 keeps it from them`);
    }
    return text;
  };
}

async function readSecretFile(
  file: string,
  fail: (reason: string) => SecretUnresolvedError,
): Promise<{ text: string; mode: number }> {
  // Not blocking: opening a named pipe that nobody writes to would wait for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw fail(`cannot be read: ${systemReason(error)}`);
  });
  try {
    // Asked of the open file, so that it cannot be another one by the time it is read.
    const status = await handle.stat();
    if (!status.isFile()) throw fail('is no file');
    const { mode, size } = status;
    if ((mode & WRITABLE_BY_OTHERS) !== 0)
      throw fail('can be written by other accounts and is not trusted: set mode 0600');
    if (size > LONGEST_SECRET) throw fail('is too long to be a secret');
    const text = (await handle.readFile('utf8')).replace(/\r?\n$/, '');
    if (text === '') throw fail('is empty');
    return { text, mode };
  } finally {
    await handle.close();
  }
}
