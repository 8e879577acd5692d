import { configDefaults, defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A year takes two minutes and a server of its own: `YEAR=1 npm test -- test/year`.
    exclude: [...configDefaults.exclude, ...(process.env['YEAR'] === undefined ? ['**/year-of-patches.test.ts'] : [])],
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
