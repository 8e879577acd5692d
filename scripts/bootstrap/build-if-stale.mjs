import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** What the compiler reads, as in tsconfig.json. */
const SOURCES = ['src', 'worker', 'simulator', 'tsconfig.json', 'package-lock.json'];

/** Compiles into lib, unless lib was made from just these sources. */
export async function buildIfStale(root) {
  const stamp = join(root, 'lib', '.built-from');
  const digest = digestOf(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  rmSync(stamp, { force: true });
  await run('Building', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], root);
  removeOrphans(root);
  writeFileSync(stamp, digest);
}

function digestOf(root) {
  const hash = createHash('sha256');
  for (const name of SOURCES) {
    for (const path of filesBelow(root, name).sort()) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/** The compiler leaves the output of sources that are gone. */
function removeOrphans(root) {
  for (const path of filesBelow(root, 'lib')) {
    const source = path.replace(/^lib./, '').replace(/\.(d\.ts|js|js\.map)$/, '.ts');
    if (source.endsWith('.ts') && !existsSync(join(root, source))) rmSync(join(root, path));
  }
}

/** Paths relative to the root; a name that is a file gives itself, one that is missing nothing. */
function filesBelow(root, name) {
  if (!existsSync(join(root, name))) return [];
  if (name.endsWith('.json')) return [name];
  return readdirSync(join(root, name), { withFileTypes: true }).flatMap((entry) => {
    const path = join(name, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}
