import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './bootstrap/build-if-stale.mjs';
import { installDependencies } from './bootstrap/install-dependencies.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { progress } from './bootstrap/progress.mjs';
import { requireNode } from './bootstrap/require-node.mjs';

/** The folder of the clone. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Makes a fresh clone ready to run: dependencies, build, a Temporal dev server. What is there already is kept, so that a
 * second call takes a moment. Uses Node's own modules only, since nothing else may be there yet.
 * Ends the process with exit code 1 and a clear message when something cannot be had.
 * @returns {Promise<{ temporal: string }>} path of the `temporal` executable
 */
export async function bootstrap() {
  requireNode();
  try {
    await withLock(ROOT, async () => {
      await installDependencies(ROOT);
      await buildIfStale(ROOT);
    });
    const require = createRequire(import.meta.url);
    const { locateTemporal } = require('../lib/src/cli/temporal-binary/locate-temporal.js');
    const { path, from } = await locateTemporal({ env: process.env, log: progress });
    progress(`Ready. Temporal dev server: ${path} (${from})`);
    return { temporal: path };
  } catch (error) {
    console.error(error.message);
    return process.exit(1);
  }
}
