import { renameSync, writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { composeWorkflows } from '../src/plugin/compose-workflows';

/*
 * Bundles the workflows into the file that is named by its one argument. A program of its own, run by the worker: what
 * bundling takes of memory goes with it.
 */
async function main(file: string): Promise<void> {
  const { code } = await bundleWorkflowCode(composeWorkflows({ logger: new DefaultLogger('ERROR') }));
  const temporary = `${file}.${process.pid}.part`;
  writeFileSync(temporary, code, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
