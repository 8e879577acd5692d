import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileFunction } from 'node:vm';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { writeListings } from './document-listings';

const ROOT = join(__dirname, '../..');

/** What the example of docs/plugin.md leaves to the site. */
export interface HandsOfTheSite {
  bootOtherBank(host: string, build: string, operationId: string): Promise<void>;
  restartOnHost(host: string, service: string, operationId: string): Promise<void>;
}

type SiteHookWorker = (connection: NativeConnection, taskQueue: string) => Promise<Worker>;

/** Runs the worker that docs/plugin.md shows for a site's own activities, on a task queue of the test. */
export async function startSiteHookWorker(taskQueue: string, hands: HandsOfTheSite): Promise<AsyncDisposable> {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const worker = await (await documentedWorker(hands))(connection, taskQueue);
  const running = worker.run();
  return {
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/** The listing as it stands in the page, with the two functions that it declares. */
async function documentedWorker(hands: HandsOfTheSite): Promise<SiteHookWorker> {
  compiled ??= compileListing('site-hooks');
  const exported: { siteHookWorker?: SiteHookWorker } = {};
  const parameters = ['require', 'exports', 'bootOtherBank', 'restartOnHost'];
  const run = compileFunction(await compiled, parameters) as (...given: unknown[]) => void;
  run(createRequire(__filename), exported, hands.bootOtherBank, hands.restartOnHost);
  if (exported.siteHookWorker === undefined) throw new Error('docs/plugin.md has no siteHookWorker');
  return exported.siteHookWorker;
}

let compiled: Promise<string> | undefined;

/** As CommonJS; its types are checked where all listings of the page are compiled (test/package). */
async function compileListing(name: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-listings-'));
  try {
    writeListings(join(ROOT, 'docs/plugin.md'), directory);
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const words = ['--ignoreConfig', '--noCheck', '--module', 'node20', '--target', 'es2022', '--outDir', directory];
    await promisify(execFile)(process.execPath, [compiler, ...words, join(directory, 'src', `${name}.ts`)]);
    return readFileSync(join(directory, `${name}.js`), 'utf8');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
