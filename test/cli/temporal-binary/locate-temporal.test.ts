import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachePaths } from '../../../src/cli/temporal-binary/cache-paths';
import { tryInstallLock } from '../../../src/cli/temporal-binary/install-lock';
import { locateTemporal, TemporalNotFound } from '../../../src/cli/temporal-binary/locate-temporal';
import { WORKING_TEMPORAL, writeExecutable } from '../support/executable';

const HANGING = 'exec sleep 600';
const BROKEN = 'echo "Segmentation fault" >&2; exit 139';
/** Stands where Go would: "builds" a script. */
const GO = `
echo "$*" >> "$0.calls"
sleep 0.5
printf '%s' '#!/bin/sh${WORKING_TEMPORAL}' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"`;

let home: string;
let lines: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vta-locate-'));
  lines = [];
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A machine on which nothing can be downloaded, with the given programs on its PATH. */
function machine(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: [join(home, 'bin'), '/usr/bin', '/bin'].join(':'),
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    HTTPS_PROXY: 'http://127.0.0.1:1',
    ...env,
  };
}

function locate(env: NodeJS.ProcessEnv, more: { silenceMs?: number; progressMs?: number } = {}) {
  return locateTemporal({ env, log: (line) => lines.push(line), checkMs: 2_000, ...more });
}

const onPath = (name: string, body: string) => writeExecutable(join(home, 'bin', name), body);

describe('locateTemporal', () => {
  it('takes what TEMPORAL_CLI_PATH names before anything else', async () => {
    onPath('temporal', WORKING_TEMPORAL);
    const named = writeExecutable(join(home, 'mine', 'temporal'), WORKING_TEMPORAL);
    await expect(locate(machine({ TEMPORAL_CLI_PATH: named }))).resolves.toEqual({
      path: named,
      from: 'TEMPORAL_CLI_PATH',
    });
  });

  it.each([
    ['is missing', undefined, 'there is no such file'],
    ['is broken', BROKEN, 'ended with exit code 139: Segmentation fault'],
    ['hangs', HANGING, 'gave no answer in 2 s'],
    ['is another program', 'exit 0', 'it runs, but has no `server start-dev` command'],
  ])('refuses a TEMPORAL_CLI_PATH that %s, although others are there', async (_, body, problem) => {
    onPath('temporal', WORKING_TEMPORAL);
    const named = join(home, 'mine', 'temporal');
    if (body !== undefined) writeExecutable(named, body);
    const failure = locate(machine({ TEMPORAL_CLI_PATH: named }));
    await expect(failure).rejects.toThrow(TemporalNotFound);
    await expect(failure).rejects.toThrow(`TEMPORAL_CLI_PATH names ${named}`);
    await expect(failure).rejects.toThrow(problem);
  });

  it('takes `temporal` from the PATH before our cache', async () => {
    const installed = onPath('temporal', WORKING_TEMPORAL);
    writeExecutable(cachePaths(machine()).built, WORKING_TEMPORAL);
    await expect(locate(machine())).resolves.toEqual({ path: installed, from: 'PATH' });
  });

  it.each([
    ['broken', BROKEN],
    ['hanging', HANGING],
  ])('passes over a %s `temporal` on the PATH and takes the cached one', async (_, body) => {
    onPath('temporal', body);
    const cached = writeExecutable(cachePaths(machine()).built, WORKING_TEMPORAL);
    await expect(locate(machine())).resolves.toEqual({ path: cached, from: 'cache' });
  });

  it('does not take a file on the PATH that may not be executed', async () => {
    chmodSync(onPath('temporal', WORKING_TEMPORAL), 0o644);
    const cached = writeExecutable(cachePaths(machine()).downloaded, WORKING_TEMPORAL);
    await expect(locate(machine())).resolves.toEqual({ path: cached, from: 'cache' });
  });

  it('builds with Go when nothing else gives one, shows that it goes on, and finds it in the cache afterwards', async () => {
    onPath('go', GO);
    const built = cachePaths(machine()).built;
    await expect(locate(machine(), { progressMs: 100 })).resolves.toEqual({ path: built, from: 'go install' });
    expect(lines).toContainEqual(expect.stringContaining('This takes about 3 minutes'));
    expect(lines).toContainEqual(expect.stringMatching(/^Still building the Temporal CLI \(\d+ s so far\)$/));
    await expect(locate(machine())).resolves.toEqual({ path: built, from: 'cache' });
    expect(readdirSync(join(home, 'cache', 'vta-upgrade')).sort()).toEqual(['temporal-v1.5.1']);
  });

  it('replaces a cached binary that no longer runs', async () => {
    onPath('go', GO);
    writeExecutable(cachePaths(machine()).built, BROKEN);
    await expect(locate(machine())).resolves.toMatchObject({ from: 'go install' });
    await expect(locate(machine())).resolves.toMatchObject({ from: 'cache' });
  });

  it('gives up a download that stands still', async () => {
    onPath('go', GO);
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    try {
      const started = Date.now();
      const env = machine({ HTTPS_PROXY: `http://127.0.0.1:${address.port}` });
      await expect(locate(env, { silenceMs: 2_000 })).resolves.toMatchObject({ from: 'go install' });
      expect(sockets.length).toBeGreaterThan(0); // it was really asked
      expect(Date.now() - started).toBeLessThan(10_000);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  it('names each way that was tried, and the choices, when all fail', async () => {
    onPath('go', 'echo "go: no network" >&2; exit 1');
    const failure = await locate(machine()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TemporalNotFound);
    const text = String(failure);
    for (const part of [
      'PATH: no `temporal` on it',
      `${cachePaths(machine()).built}: there is no such file`,
      'Download: the SDK could not download one',
      'Go: `go install github.com/temporalio/cli/cmd/temporal@v1.5.1` failed: go: no network',
      'set TEMPORAL_CLI_PATH',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('does not trust a build that ended well and left something that does not run', async () => {
    onPath('go', `printf '#!/bin/sh\\nexit 3' > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"`);
    await expect(locate(machine())).rejects.toThrow('`go install` ended, but the binary does not work');
    expect(existsSync(cachePaths(machine()).built)).toBe(false);
  });

  it('lets one of two build while the other waits for it', async () => {
    const go = onPath('go', GO);
    const lock = tryInstallLock(cachePaths(machine()).lock);
    if (!('release' in lock)) throw new Error('the lock is not free');
    const waiting = locate(machine());
    await expect
      .poll(() => lines, { timeout: 20_000 })
      .toContainEqual(expect.stringContaining(`Process ${process.pid} is building`));
    writeExecutable(cachePaths(machine()).built, WORKING_TEMPORAL);
    lock.release();
    await expect(waiting).resolves.toMatchObject({ path: cachePaths(machine()).built });
    expect(existsSync(`${go}.calls`)).toBe(false);
  });

  it('takes over the lock of a build that was killed, and removes what it left', async () => {
    onPath('go', GO);
    const { lock, directory } = cachePaths(machine());
    writeExecutable(join(directory, 'build-a1b2c3', 'half'), '');
    writeFileSync(lock, '999999999\n');
    await expect(locate(machine())).resolves.toMatchObject({ from: 'go install' });
    expect(readdirSync(directory)).toEqual(['temporal-v1.5.1']);
  });
});
