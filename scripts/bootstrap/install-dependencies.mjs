import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

/** Installs what package-lock.json names, unless node_modules holds just that already. */
export async function installDependencies(root) {
  const why = reasonToInstall(root);
  if (why === undefined) return;
  // The npm that runs us, where one does; --include=dev since NODE_ENV=production would leave the compiler out.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-progress', '--loglevel=error'];
  const command = npm && npm.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  await run(`Installing dependencies (npm ci), ${why}`, command[0], command[1], root);
  progress('Dependencies are installed');
}

/**
 * npm keeps a copy of the lock file inside node_modules and writes it last: a tree without one is missing or half
 * finished, and one that names other versions is out of date.
 */
function reasonToInstall(root) {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(stamp)) return 'since there are none';
  const wanted = packages(join(root, 'package-lock.json'));
  const installed = packages(stamp);
  for (const path of Object.keys(wanted)) {
    if (path === '') continue; // the project itself
    const there = installed[path];
    if (there ? there.version !== wanted[path].version : !wanted[path].optional) {
      return `since ${path} is not the version of package-lock.json`;
    }
  }
  return undefined;
}

function packages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
