import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, ROOT } from './bootstrap.mjs';

// `npm run bench`, `npm run bench -- worker`: prepares the clone, compiles the benchmark and runs it.
const { temporal } = await bootstrap();
const run = (script, ...args) =>
  spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TEMPORAL_CLI_PATH: temporal },
  }).status ?? 1;
const compiled = run('scripts/build-programs.mjs');
const bench = 'node_modules/.cache/vta-upgrade/programs/test/bench/main.js';
process.exit(compiled || run(bench, ...process.argv.slice(2)));
