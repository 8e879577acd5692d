import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type DevServer, startDevServer } from '../../src/cli/dev-server';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import { prebuiltWorkflowBundle } from './temporal-server-bundle';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the dev server that all test files share; its namespace is `default`. */
    temporalAddress: string;
    /** File with the bundle of `src/workflows`, for `workflowBundle: { codePath }`; empty while there are no workflows. */
    workflowBundlePath: string;
  }
}

/** Starts one Temporal dev server and bundles the workflows once, before any test; stops the server after all. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-test-'));
  const log = (line: string) => process.stderr.write(`${line}\n`);
  let server: DevServer | undefined;
  const teardown = async () => {
    await server?.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const { path: binary } = await locateTemporal({ env: process.env, log });
    server = await startDevServer({ binary, headless: true, logFile: join(directory, 'temporal.log') });
    project.provide('temporalAddress', server.address);
    const workflows = join(__dirname, '../../src/workflows/index.ts');
    project.provide('workflowBundlePath', existsSync(workflows) ? await prebuiltWorkflowBundle(workflows) : '');
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
