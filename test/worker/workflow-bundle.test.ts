import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/parts-built';

/** Asks the built worker for its bundle, as a process of its own, with a cache of the test's. */
async function bundle(cache: string): Promise<string> {
  const module = await built('worker/workflow-bundle');
  const script = `require(${JSON.stringify(module)}).cachedWorkflowBundle().then((file) => process.stdout.write(file))`;
  const env = { ...process.env, XDG_CACHE_HOME: cache, TMPDIR: join(cache, 'tmp') };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
  return stdout;
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the bundle of the workflows', { timeout: 120_000 }, () => {
  const caches: string[] = [];
  const newCache = () => {
    const cache = mkdtempSync(join(tmpdir(), 'vta-upgrade-cache-'));
    mkdirSync(join(cache, 'tmp'));
    caches.push(cache);
    return cache;
  };
  let cache: string;
  let made: string;
  beforeAll(async () => {
    cache = newCache();
    made = await bundle(cache);
  }, 120_000);
  afterAll(() => {
    for (const one of caches) rmSync(one, { recursive: true, force: true });
  });

  it('is made in the cache of the user, for the user alone', () => {
    expect(dirname(made)).toBe(join(cache, 'vta-upgrade'));
    expect(mode(made)).toBe('600');
    expect(mode(dirname(made))).toBe('700');
    expect(readFileSync(made, 'utf8')).toContain('upgradeTrustAuthority');
    expect(readdirSync(dirname(made))).toEqual([basename(made)]);
  });

  it('is made once', async () => {
    writeFileSync(made, '// as it was left');
    expect(await bundle(cache)).toBe(made);
    expect(readFileSync(made, 'utf8')).toBe('// as it was left');
  });

  it('is not taken from a directory that others may write to', async () => {
    const open = newCache();
    mkdirSync(join(open, 'vta-upgrade'));
    chmodSync(join(open, 'vta-upgrade'), 0o777);
    writeFileSync(join(open, 'vta-upgrade', basename(made)), 'somebody else wrote this');
    const elsewhere = await bundle(open);
    expect(dirname(dirname(elsewhere))).toBe(join(open, 'tmp'));
    expect(readFileSync(elsewhere, 'utf8')).toContain('upgradeTrustAuthority');
  });
});
