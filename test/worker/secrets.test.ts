import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSecretResolver, SecretUnresolvedError } from '../../worker/secrets';
import { files } from '../support/infrastructure-file';

const FIELD = 'prod: trustAuthority.vCenter.password';

function resolver(environment: Record<string, string> = {}) {
  const warnings: string[] = [];
  return { resolve: createSecretResolver(environment, (message) => warnings.push(message)), warnings };
}

describe('a secret in the environment', () => {
  it('is found by name, as it is', async () => {
    const { resolve } = resolver({ TA: ' hunter2\n' });
    expect(await resolve('env:TA', FIELD)).toBe(' hunter2\n');
  });

  it.each([
    ['is not set', {}],
    ['is empty', { TA: '' }],
  ])('that %s is an error with code, field and reference', async (reason, environment) => {
    await expect(resolver(environment).resolve('env:TA', FIELD)).rejects.toMatchObject({
      code: 'VTA_SECRET_UNRESOLVED',
      reference: 'env:TA',
      message: `${FIELD}: env:TA ${reason}`,
    });
  });

  it('is read again each time', async () => {
    const environment: Record<string, string> = { TA: 'old' };
    const resolve = createSecretResolver(environment, () => undefined);
    await resolve('env:TA', FIELD);
    environment['TA'] = 'new';
    expect(await resolve('env:TA', FIELD)).toBe('new');
  });
});

describe('a secret in a file', () => {
  it.each([
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['hunter2', 'hunter2'],
    ['hunter2\n\n', 'hunter2\n'],
    ['-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n', '-----BEGIN KEY-----\nAAAA\n-----END KEY-----'],
  ])('%j is %j: one newline at its end is the editor’s', async (content, secret) => {
    using directory = files({ secret: content });
    const { resolve, warnings } = resolver();
    expect(await resolve(`file:${path.join(directory.path, 'secret')}`, FIELD)).toBe(secret);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['missing', 'nope', 'cannot be read: there is no such file'],
    ['empty', 'empty', 'is empty'],
    ['empty but for a newline', 'newline', 'is empty'],
    ['too long', 'long', 'is too long to be a secret'],
    ['a directory', '.', 'is no file'],
    ['a pipe that nobody writes to', 'pipe', 'is no file'],
  ])('that is %s is an error and no wait', async (_what, name, reason) => {
    using directory = files({ empty: '', newline: '\n', long: 'x'.repeat(70_000) });
    execFileSync('/usr/bin/env', ['mkfifo', path.join(directory.path, 'pipe')]);
    const file = path.join(directory.path, name);
    await expect(resolver().resolve(`file:${file}`, FIELD)).rejects.toThrow(`${FIELD}: file:${file} ${reason}`);
  });

  it('that others may read is used with a warning, once, without the secret', async () => {
    using directory = files({ secret: 'hunter2' });
    const file = path.join(directory.path, 'secret');
    chmodSync(file, 0o644);
    const { resolve, warnings } = resolver();
    expect(await resolve(`file:${file}`, FIELD)).toBe('hunter2');
    await resolve(`file:${file}`, FIELD);
    expect(warnings).toEqual([
      `${FIELD}: file:${file} can be read by other accounts of this machine; mode 0600 keeps it from them`,
    ]);
  });

  it.each([0o620, 0o602, 0o666])('that others may write (mode %o) is refused', async (mode) => {
    using directory = files({ secret: 'hunter2' });
    const file = path.join(directory.path, 'secret');
    chmodSync(file, mode);
    const attempt = resolver().resolve(`file:${file}`, FIELD);
    await expect(attempt).rejects.toThrow(SecretUnresolvedError);
    await expect(attempt).rejects.toThrow('can be written by other accounts');
    await expect(attempt).rejects.not.toThrow('hunter2');
  });
});

it.each(['hunter2', 'vault:hunter2', '', 'env:'])(
  'what is no reference (%j) is refused without being repeated',
  async (text) => {
    const error = await resolver()
      .resolve(text, FIELD)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SecretUnresolvedError);
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  },
);
