import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOURCES = join(__dirname, '..', 'src');
/** All that may stand in the bundle; what a workflow imports of activities are types. */
const BUNDLED = ['model', 'planner', 'workflows'];
/** The bundle holds code of the one and is made by the other. */
const SDK = ['@temporalio/workflow', '@temporalio/worker'];
const DEADLINE_MS = 120_000;
const PRIVATE_DIRECTORY = 0o700;

/**
 * The bundle of the workflows as a file, made once for each version of the workflows and of the SDK. It is made by a child
 * process: a worker that has bundled by itself holds 80 MB more for as long as it lives, and starts 2 s later.
 * @returns path of the bundle
 * @throws Error when it cannot be made
 */
export async function cachedWorkflowBundle(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const file = join(cacheDirectory(env), `workflows-${digest()}.js`);
  if (isOurs(file, 'file')) return file;
  await promisify(execFile)(process.execPath, [join(__dirname, 'bundle-workflows.js'), file], { timeout: DEADLINE_MS });
  return file;
}

/** What decides what the bundle is, in short. */
function digest(): string {
  const hash = createHash('sha256');
  const sources = BUNDLED.map((name) => join(SOURCES, name)).flatMap(scriptsBelow);
  for (const path of [...sources.sort(), ...SDK.map((name) => require.resolve(`${name}/package.json`))])
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex').slice(0, 24);
}

function scriptsBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Where nobody else can put a bundle for this worker to run: in the user's cache, or in a directory of the user's among
 * the temporary ones (service accounts often have no home).
 */
function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const given = env['XDG_CACHE_HOME'];
  const cache = given === undefined || given === '' ? join(homedir(), '.cache') : given;
  for (const directory of [
    join(cache, 'vta-upgrade'),
    join(tmpdir(), `vta-upgrade-${process.getuid?.() ?? 'cache'}`),
  ]) {
    try {
      mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    } catch {
      continue; // not writable
    }
    if (isOurs(directory, 'directory')) return directory;
  }
  throw new Error(`neither ${cache} nor ${tmpdir()} can hold a directory that only this user can write to`);
}

/** True for what is there, belongs to this user, and can be written by nobody else. */
function isOurs(path: string, kind: 'file' | 'directory'): boolean {
  try {
    const stat = lstatSync(path);
    const rightKind = kind === 'file' ? stat.isFile() : stat.isDirectory();
    const owner = process.getuid?.();
    return rightKind && (owner === undefined || (stat.uid === owner && (stat.mode & 0o022) === 0));
  } catch {
    return false;
  }
}
