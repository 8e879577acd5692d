import { startVitest } from 'vitest/node';
import { bootstrap } from './bootstrap.mjs';

// `npm run test:crash`: the worker is killed at every boundary of every activity of a run in which a host is brought back;
// `npm run test:crash -- trusted` (or `trust-authority`) does it for one kind of host.
const { temporal } = await bootstrap();
process.env.TEMPORAL_CLI_PATH = temporal;
const vitest = await startVitest('test', [], {
  watch: false,
  include: ['test/crash/matrix.ts'],
  ...(process.argv[2] === undefined ? {} : { testNamePattern: `a ${process.argv[2]} host` }),
});
await vitest.close();
