import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vta-tally-'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'vitest.config.mjs'), "export default { test: { include: ['*.check.mjs'] } };");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs files with vitest and our reporter, and reads what it counted. */
async function tally(files: Record<string, string>): Promise<unknown> {
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(directory, `${name}.check.mjs`), `import { describe, it, beforeAll } from 'vitest';\n${body}`);
  }
  const file = join(directory, 'tally.json');
  const args = ['run', '--root', directory, `--reporter=${join(ROOT, 'scripts/tally-reporter.mjs')}`];
  await new Promise<void>((resolve) => {
    const env = { ...process.env, TALLY_FILE: file };
    execFile(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: directory, env }, () =>
      resolve(),
    );
  });
  return JSON.parse(readFileSync(file, 'utf8'));
}

it('what passed and what failed is counted over all files', async () => {
  const files = { a: "it('a', () => {}); it('b', () => { throw new Error('no'); });", b: "it('c', () => {});" };
  await expect(tally(files)).resolves.toEqual({ passed: 2, failed: 1, skipped: [], secondTry: [] });
});

it('a file that cannot be loaded is a failure, although none of its tests ran', async () => {
  await expect(tally({ a: "import './gone.mjs'; it('a', () => {});" })).resolves.toMatchObject({ failed: 1 });
});

it('a hook that fails is a failure', async () => {
  const body = "describe('s', () => { beforeAll(() => { throw new Error('no'); }); it('a', () => {}); });";
  await expect(tally({ a: body })).resolves.toMatchObject({ passed: 0, failed: 1 });
});

it('an error that nobody caught is a failure, although every test passed', async () => {
  const body =
    "it('a', () => { setTimeout(() => { throw new Error('late'); }, 0); });\nit('b', async () => { await new Promise((r) => setTimeout(r, 50)); });";
  await expect(tally({ a: body })).resolves.toEqual({ passed: 2, failed: 1, skipped: [], secondTry: [] });
});

it('what did not run is named', async () => {
  const body = "describe('s', () => { it.runIf(false)('a', () => {}); });";
  await expect(tally({ a: body })).resolves.toEqual({
    passed: 0,
    failed: 0,
    skipped: ['a.check.mjs: s > a'],
    secondTry: [],
  });
});

it('what passed only at the second try is named, with what it failed with at first', async () => {
  const body = "let tries = 0; it('a', { retry: 1 }, () => { if (++tries === 1) throw new Error('too slow'); });";
  await expect(tally({ a: body })).resolves.toEqual({
    passed: 1,
    failed: 0,
    skipped: [],
    secondTry: ['a.check.mjs: a: too slow'],
  });
});
