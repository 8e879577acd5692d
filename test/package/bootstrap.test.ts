import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');

/** A clone of a very small project, with our scripts. */
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'vta-clone-'));
  cpSync(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true });
  write('package.json', { name: 'small', version: '1.0.0', engines: { node: '>=20.19' } });
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  mkdirSync(join(clone, path, '..'), { recursive: true });
  writeFileSync(join(clone, path), typeof content === 'string' ? content : JSON.stringify(content));
}

function node(...args: string[]): Promise<{ exitCode: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: clone }, (error, _stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stderr }),
    );
  });
}

describe('a Node that is too old', () => {
  it.each(['test.mjs', 'demo.mjs'])('is told so by %s before anything is done', async (script) => {
    write('package.json', { name: 'small', engines: { node: '>=99.1' } });
    const { exitCode, stderr } = await node(join('scripts', script));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`small needs Node 99.1 or newer; this is Node ${process.versions.node}`);
    expect(readdirSync(clone).sort()).toEqual(['package.json', 'scripts']);
  });
});

describe('dependencies', () => {
  const INSTALL = `
    import { installDependencies } from './scripts/bootstrap/install-dependencies.mjs';
    import { withLock } from './scripts/bootstrap/lock.mjs';
    await withLock(process.cwd(), () => installDependencies(process.cwd()));`;
  const install = () => node('--input-type=module', '-e', INSTALL);

  function needs(version: string): void {
    const dependencies = { part: 'file:part' };
    write('part/package.json', { name: 'part', version });
    write('package.json', { name: 'small', version: '1.0.0', dependencies });
    write('package-lock.json', {
      name: 'small',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'small', version: '1.0.0', dependencies },
        'node_modules/part': { resolved: 'part', link: true },
        part: { version },
      },
    });
  }

  it('are installed when there are none, and then left alone', async () => {
    needs('1.0.0');
    expect((await install()).stderr).toContain('Installing dependencies (npm ci), since there are none');
    expect(existsSync(join(clone, 'node_modules/part/package.json'))).toBe(true);
    await expect(install()).resolves.toEqual({ exitCode: 0, stderr: '' });
  });

  it('are installed again when package-lock.json names another version', async () => {
    needs('1.0.0');
    await install();
    needs('1.1.0');
    expect((await install()).stderr).toContain('since part is not the version of package-lock.json');
    await expect(install()).resolves.toEqual({ exitCode: 0, stderr: '' });
  });

  it('are installed by one of two processes that begin at once', async () => {
    needs('1.0.0');
    const both = await Promise.all([install(), install()]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(both.filter(({ stderr }) => stderr.includes('Installing dependencies'))).toHaveLength(1);
  });

  it('that cannot be installed end it with what npm says', async () => {
    write('package-lock.json', { name: 'small', version: '1.0.0', lockfileVersion: 3, packages: {} });
    write('package.json', { name: 'small', version: '1.0.0', dependencies: { part: 'file:part' } });
    const { exitCode, stderr } = await install();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('package.json and package-lock.json');
  });
});

describe('the build', () => {
  const build = () => node('scripts/build.mjs');
  const output = (name: string) => join(clone, 'lib/src', `${name}.js`);

  beforeEach(() => {
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    write('tsconfig.json', {
      compilerOptions: { module: 'node20', target: 'es2022', outDir: 'lib', rootDir: '.', types: [], strict: true },
      include: ['src'],
    });
    write('src/one.ts', 'export const one = 1;');
    write('src/two.ts', 'export const two = 2;');
  });

  it('is made once, and again when a source changes', async () => {
    expect((await build()).stderr).toContain('Building');
    const made = statSync(output('one')).mtimeMs;
    await expect(build()).resolves.toEqual({ exitCode: 0, stderr: '' });
    expect(statSync(output('one')).mtimeMs).toBe(made);
    write('src/one.ts', 'export const one = 11;');
    expect((await build()).stderr).toContain('Building');
  });

  it('keeps nothing of a source that is gone', async () => {
    await build();
    rmSync(join(clone, 'src/two.ts'));
    await build();
    expect([existsSync(output('one')), existsSync(output('two'))]).toEqual([true, false]);
  });

  it('that fails shows why, and is tried again', async () => {
    write('src/two.ts', "export const two: number = 'two';");
    for (let attempt = 0; attempt < 2; attempt++) {
      const { exitCode, stderr } = await build();
      expect(exitCode).toBe(1);
      expect(stderr).toContain('src/two.ts(1,14): error TS2322');
    }
  });
});
