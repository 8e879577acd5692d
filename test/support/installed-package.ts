import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { built } from './parts-built';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

/** A project of somebody else that has the packed package installed, and nothing of this repository. */
export interface InstalledPackage {
  directory: string;
  /** Paths in the tarball. */
  packed: string[];
  remove(): void;
}

/** Builds, packs and installs the package. Takes half a minute: once for each test file. */
export async function installPackage(): Promise<InstalledPackage> {
  await built('src/cli/main');
  const directory = mkdtempSync(join(tmpdir(), 'vta-package-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
      cwd: ROOT,
      maxBuffer: 64 * 1024 * 1024,
    });
    const [tarball] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    if (tarball === undefined) throw new Error(`npm pack: ${stdout}`);
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'user', version: '1.0.0', private: true }));
    const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await run('npm', ['install', ...flags, join(directory, tarball.filename)], { cwd: directory });
    return { directory, packed: tarball.files.map(({ path }) => path), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
