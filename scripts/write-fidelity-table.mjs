import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './bootstrap.mjs';

// `node scripts/write-fidelity-table.mjs`: runs the conformance suite against the simulator and writes what its request
// log says into docs/simulator-fidelity.md. A test asserts that the page is what the log says.
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', 'test/conformance/conformance.test.ts'],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, CI: '1', WRITE_FIDELITY_TABLE: '1' } },
);
process.exit(status ?? 1);
