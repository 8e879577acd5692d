import { join } from 'node:path';
import { ROOT } from './bootstrap.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { run } from './bootstrap/run.mjs';

// Compiles the programs of test/ that run in processes of their own (test/programs.tsconfig.json), with what they import.
try {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await withLock(ROOT, () => run('Compiling', process.execPath, [tsc, '-p', 'test/programs.tsconfig.json'], ROOT));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
