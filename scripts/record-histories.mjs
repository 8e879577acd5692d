import { startVitest } from 'vitest/node';
import { bootstrap } from './bootstrap.mjs';

// Records the workflow histories of this version into test/histories; docs/decisions says when.
const { temporal } = await bootstrap();
process.env.TEMPORAL_CLI_PATH = temporal;
const vitest = await startVitest('test', [], { watch: false, include: ['test/histories/record.ts'] });
await vitest.close();
