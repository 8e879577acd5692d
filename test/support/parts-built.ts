import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

/**
 * Compiles the product into `lib` unless that is up to date, for tests that run it in a process of its own.
 * @param path of the source without extension, such as `src/cli/main`
 * @returns path of the compiled file
 */
export async function built(path: string): Promise<string> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
  return join(ROOT, 'lib', `${path}.js`);
}
