import { startVitest } from 'vitest/node';
import { bootstrap } from './bootstrap.mjs';

// Records the workflow histories of this version into test/histories, or those of the tests in record.ts whose title has the
// text that is given: what was recorded before stays as it is. docs/decisions says when.
const { temporal } = await bootstrap();
process.env.TEMPORAL_CLI_PATH = temporal;
const vitest = await startVitest('test', [], {
  watch: false,
  include: ['test/histories/record.ts'],
  ...(process.argv[2] === undefined ? {} : { testNamePattern: process.argv[2] }),
});
await vitest.close();
