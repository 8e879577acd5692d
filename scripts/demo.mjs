import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, ROOT } from './bootstrap.mjs';

// `npm run demo -- --keep`: prepares the clone, then does what an installed `vta-upgrade demo --keep` does.
const { temporal } = await bootstrap();
const demo = spawn(process.execPath, [join(ROOT, 'lib/src/cli/main.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TEMPORAL_CLI_PATH: temporal },
});
// Ctrl-C reaches both processes; the demo cleans up and says how it ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT') demo.kill(signal);
  });
}
demo.once('exit', (code) => process.exit(code ?? 1));
