import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type InstalledPackage } from '../support/installed-package';

/*
 * The package as its users get it: packed, installed into an empty folder, and used from there.
 */
const ROOT = join(__dirname, '../..');
const run = promisify(execFile);
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

interface Manifest {
  name: string;
  version: string;
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  peerDependencies: Record<string, string>;
}

let user: InstalledPackage;
let directory: string;
let packed: string[];

beforeAll(async () => {
  user = await installPackage();
  ({ directory, packed } = user);
}, 300_000);

afterAll(() => user.remove());

/** Runs code in the user's folder, where the package is only what was installed. */
async function asUser(code: string, ...flags: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...flags, '-e', code], { cwd: directory });
  return stdout.trim();
}

describe('the packed files', () => {
  it('are compiled code, declarations, schemas and documents, and nothing of the workshop', () => {
    const odd = packed.filter(
      (path) => !/^(lib\/(src|worker|simulator)\/.+\.(js|d\.ts|js\.map|json)|schemas\/.+\.json|docs\/.+)$/.test(path),
    );
    expect(odd.filter((path) => /^(lib|schemas|docs)\//.test(path))).toEqual([]);
    expect(odd.sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].filter((path) => readdirSync(ROOT).includes(path)),
    );
  });

  it('hold the licence', () => {
    expect(packed).toContain('LICENSE');
  });

  it('hold what package.json points at', () => {
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : [target.types, target.default],
    );
    for (const target of [...targets, ...Object.values(manifest.bin)]) {
      expect(packed).toContain(target.replace('./', ''));
    }
  });
});

describe('the installed package', () => {
  it('has a command that answers', async () => {
    const { stdout } = await run('npx', ['--no-install', 'vta-upgrade', '--help'], { cwd: directory });
    expect(stdout).toContain('Usage: vta-upgrade');
    const { stdout: version } = await run('npx', ['--no-install', 'vta-upgrade', '--version'], { cwd: directory });
    expect(version.trim()).toBe(manifest.version);
  });

  it.each(Object.keys(manifest.exports))('can be required and imported: %s', async (subpath) => {
    const name = join(manifest.name, subpath);
    const names = (value: string) => `console.log(Object.keys(${value}).filter((n) => n !== 'default').sort().join())`;
    const required = await asUser(names(`require('${name}')`));
    if (subpath.endsWith('.json')) return;
    const imported = await asUser(`import * as it from '${name}'; ${names('it')}`, '--input-type=module');
    expect(required.length).toBeGreaterThan(0);
    // Node reads the names of a CommonJS module without running it; what it misses cannot be imported by name.
    expect(imported.split(',').filter((one) => !['__esModule', 'module.exports'].includes(one))).toEqual(
      required.split(','),
    );
  });

  it('keeps its inside to itself', async () => {
    await expect(asUser(`require('${manifest.name}/lib/src/cli/main.js')`)).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  it('shares one copy of each Temporal package with its user', () => {
    const inside = join(directory, 'node_modules', manifest.name, 'node_modules');
    expect(() => readdirSync(join(inside, '@temporalio'))).toThrow('ENOENT');
    const shared = readdirSync(join(directory, 'node_modules', '@temporalio'));
    for (const name of Object.keys(manifest.peerDependencies))
      expect(shared).toContain(name.replace('@temporalio/', ''));
  });

  it('runs its simulator from there, with the scenarios inside', async () => {
    const module = join(directory, 'node_modules', manifest.name, manifest.bin[manifest.name] ?? '');
    const child = execFile(process.execPath, [module, 'simulator', '--scenario', 'smallest', '--output', 'json']);
    const ready = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (chunk: unknown) => resolve(String(chunk)));
      child.once('exit', (code) => reject(new Error(`the simulator ended with exit code ${code}`)));
    });
    child.kill('SIGTERM');
    expect(JSON.parse(ready)).toMatchObject({ control: expect.stringContaining('http://127.0.0.1:') });
  });
});
