import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { composeWorkflows } from '../../src/plugin/compose-workflows';

const ROOT = join(__dirname, '../..');
/** All that may stand in the bundle. */
const SOURCES = ['src/model', 'src/planner', 'src/workflows', 'src/activities', 'src/plugin', 'package-lock.json'];

/**
 * The workflow bundle as a file, made once for all test files; kept until a source changes.
 * @param workflowsPath the module that exports the workflows
 */
export async function prebuiltWorkflowBundle(workflowsPath: string): Promise<string> {
  const directory = join(ROOT, 'node_modules', '.cache', 'vta-upgrade');
  const file = join(directory, `workflow-bundle-${digestOfSources()}.js`);
  if (existsSync(file)) return file;

  const { code } = await bundleWorkflowCode(composeWorkflows({ workflowsPath, logger: new DefaultLogger('WARN') }));
  mkdirSync(directory, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, code);
  renameSync(temporary, file);
  return file;
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesBelow).sort())
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(name: string): string[] {
  const path = join(ROOT, name);
  if (!existsSync(path)) return [];
  if (name.endsWith('.json')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
