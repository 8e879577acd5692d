import { ROOT } from './bootstrap.mjs';
import { buildIfStale } from './bootstrap/build-if-stale.mjs';
import { withLock } from './bootstrap/lock.mjs';

// Brings lib up to date, for tests that run the product in a process of its own.
try {
  await withLock(ROOT, () => buildIfStale(ROOT));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
