import { configDefaults, defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...byHand()],
    // Native Temporal code lives better in processes than in threads; two, since each may hold a worker of 300 MB.
    pool: 'forks',
    maxWorkers: 2,
    // Tests of whole runs mostly wait; three at a time in each process leave them the time that they wait for.
    maxConcurrency: 3,
    // Whole runs on two busy cores: CONTRIBUTING.md says what follows from a second try. None where all goes by a seed.
    retry: process.env['CI'] === undefined ? 0 : 1,
    sequence: { sequencer: SlowestFirst },
    globalSetup: ['test/support/temporal-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 15_000,
    restoreMocks: true,
  },
});

/** They take minutes and a server of their own: `YEAR=1 npm test -- test/year`, `NIGHTS=1 npm test -- test/year`. */
function byHand(): string[] {
  const files = { YEAR: '**/year-of-patches.test.ts', NIGHTS: '**/ten-nights.test.ts' };
  return Object.entries(files).flatMap(([variable, file]) => (process.env[variable] === undefined ? [file] : []));
}
