import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { PatchReport } from '../../src/model/patch-report';
import type { DigestedPlan } from '../../src/model/plan';
import { writeListings } from '../support/document-listings';
import { installPackage, type InstalledPackage } from '../support/installed-package';
import { recordedHistories } from '../histories/history-file';

/*
 * A host application as somebody else writes it: the listings of docs/plugin.md, compiled and run in a project that has
 * the packed package and nothing of this repository, against a simulator of that package.
 */
const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

let user: InstalledPackage;
let simulator: ChildProcess;
let ready: { infrastructure: string; infrastructureFile: string; requestFile: string; control: string };
let client: Client;

beforeAll(async () => {
  client = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
  user = await installPackage();
  const { directory } = user;
  const command = join(directory, 'node_modules/vta-upgrade/lib/src/cli/main.js');
  simulator = spawn(process.execPath, [command, 'simulator', '--scenario', 'smallest', '--output', 'json'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writeListings(join(ROOT, 'docs/plugin.md'), directory);
  const compilerOptions = {
    target: 'es2022',
    module: 'node20',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true, // the declarations of the SDK do not compile by themselves
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  writeFileSync(join(directory, 'dist-ways.cjs'), WAYS);
  ready = await firstLine(simulator);
}, 300_000);

afterAll(async () => {
  simulator.kill('SIGTERM');
  await once(simulator, 'exit');
  await client.connection.close();
  user.remove();
});

async function firstLine<T>(child: ChildProcess): Promise<T> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as T;
}

/** Starts workflows of both sides on a task queue, as their users do. */
async function runBoth(taskQueue: string) {
  const request: unknown = JSON.parse(readFileSync(ready.requestFile, 'utf8'));
  const id = () => `plugin-${randomUUID()}`;
  const change = client.workflow.execute<(system: string) => Promise<string>>('announceChange', {
    taskQueue,
    workflowId: id(),
    args: ['billing'],
  });
  const plan = client.workflow.execute<(request: unknown) => Promise<DigestedPlan>>('planTrustAuthority', {
    taskQueue,
    workflowId: id(),
    args: [request],
  });
  const patch = client.workflow.execute<(request: unknown) => Promise<PatchReport>>('patchTrustAuthority', {
    taskQueue,
    workflowId: id(),
    args: [{ infrastructure: ready.infrastructure }],
  });
  return { change: await change, plan: await plan, patch: await patch };
}

const BOTH = {
  change: 'CHG-4711 for billing',
  plan: { kind: 'plan', digest: expect.stringMatching(/./) },
  patch: { outcome: 'nothing to do' },
};

/** Ways of giving the plugin, other than the one of src/worker.ts; each prints what it logged when it stopped. */
const WAYS = `
const { NativeConnection, Runtime, DefaultLogger, Worker } = require('@temporalio/worker');
const { VtaUpgradePlugin } = require('vta-upgrade');
const activities = require('./dist/activities.js');
const warnings = [];
Runtime.install({ logger: new DefaultLogger('WARN', ({ message }) => warnings.push(message)) });
const [way, taskQueue, configFile] = process.argv.slice(2);
const plugin = new VtaUpgradePlugin({ configFile });
const workflowsPath = require.resolve('./dist/workflows.js');
const ways = {
  'on the connection': () => ({ on: [plugin], workflowsPath }),
  'on the worker, whose workflows re-export ours': () => ({ plugins: [plugin], workflowsPath: require.resolve('./dist/all-workflows.js') }),
  'with a bundle made with the plugin': async () => {
    await require('./dist/bundle.js').bundle('./bundle.js');
    return { on: [plugin], plugins: [plugin], workflowBundle: { codePath: require.resolve('./bundle.js') } };
  },
  'with a bundle made by re-exporting': async () => {
    await require('./dist/bundle-by-hand.js').bundleByHand('./by-hand.js');
    return { plugins: [plugin], workflowBundle: { codePath: require.resolve('./by-hand.js') } };
  },
};
(async () => {
  const { on = [], ...options } = await ways[way]();
  const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS, plugins: on });
  const worker = await Worker.create({ connection, taskQueue, activities, ...options });
  process.stdout.write('ready\\n');
  await worker.run();
  await connection.close();
  process.stdout.write(JSON.stringify(warnings));
})();
`;

describe('the listings of docs/plugin.md', { timeout: 120_000 }, () => {
  it('compile', async () => {
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: user.directory });
    expect(existsSync(join(user.directory, 'dist/worker.js'))).toBe(true);
  });

  it('run workflows of both sides, contact nothing before, and end every session after', async () => {
    const taskQueue = `host-${randomUUID()}`;
    const worker = spawn(process.execPath, ['dist/worker.js'], {
      cwd: user.directory,
      stdio: ['ignore', 'inherit', 'ignore'],
      env: environment({ TASK_QUEUE: taskQueue, VTA_CONFIG: ready.infrastructureFile }),
    });
    expect(await runBoth(taskQueue)).toMatchObject(BOTH);
    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
    const sessions = await sessionRequests();
    expect(sessions.opened).toBeGreaterThan(0);
    expect(sessions.ended).toBe(sessions.opened);
  });

  it('replay the recorded histories of this package, and notice one that it would not have made', async () => {
    const [history] = recordedHistories().filter(({ name }) => name.endsWith('/plan.json'));
    const file = join(user.directory, 'plan.json');
    writeFileSync(file, history?.text ?? '');
    const replay = `require('./dist/replay.js').replay('plan.json').then(() => console.log('same'), (e) => console.log(e.name))`;
    expect(await asUser(replay)).toBe('same');
    writeFileSync(file, history?.text.replace('vtaReadPlan', 'vtaReadSomething') ?? '');
    expect(await asUser(replay)).toMatch(/DeterminismViolationError$/);
  });

  it('start a rehearsal', async () => {
    const start = `require('./dist/rehearsal.js').rehearsal().then(async ({ simulator, plugin }) => {
      console.log(plugin.name, simulator.ready.infrastructure); await simulator.close(); })`;
    expect(await asUser(start)).toBe('vta-upgrade.VtaUpgradePlugin lab');
  });
});

describe('the plugin', { timeout: 120_000 }, () => {
  it.each([
    'on the connection',
    'on the worker, whose workflows re-export ours',
    'with a bundle made with the plugin',
    'with a bundle made by re-exporting',
  ])('runs workflows of both sides: %s', async (way) => {
    const taskQueue = `host-${randomUUID()}`;
    const worker = spawn(process.execPath, ['dist-ways.cjs', way, taskQueue, ready.infrastructureFile], {
      cwd: user.directory,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment({}),
    });
    let printed = '';
    worker.stdout.on('data', (chunk) => (printed += String(chunk)));
    expect(await runBoth(taskQueue)).toMatchObject(BOTH);
    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
    expect(printed).toBe('ready\n[]');
  });

  it.each([
    ['a workflow in TypeScript', 'clash.ts', 'export async function vtaUpgradeHost(): Promise<void> {}'],
    [
      'one that stands there only when the code runs',
      'clash.js',
      `exports['plan' + 'TrustAuthority'] = async () => 1;`,
    ],
  ])('refuses a host that has a workflow by the name of ours: %s', async (_, file, code) => {
    writeFileSync(join(user.directory, file), code);
    expect(await asUser(made(`workflowsPath: require.resolve('./${file}')`))).toMatch(
      /^NameClashError: .*(planTrustAuthority|vtaUpgradeHost)\. Rename/,
    );
  });

  it('refuses a host that has an activity by the name of ours, and a second plugin object', async () => {
    expect(await asUser(made('activities: { vtaReadPlan: async () => 1 }'))).toMatch(/^NameClashError: .*vtaReadPlan/);
    expect(await asUser(made('plugins: [plugin, new VtaUpgradePlugin({ configFile })]'))).toMatch(
      /^NameClashError: .*one and the same plugin object/,
    );
  });

  it('refuses a configuration that cannot be used, before anything is contacted', async () => {
    writeFileSync(join(user.directory, 'bad.yaml'), 'infrastructure: {}');
    expect(await asUser(made('', 'bad.yaml'))).toMatch(/^ConfigurationError: bad\.yaml cannot be used/);
  });

  it('contacts no vCenter as long as the worker does not run', async () => {
    const before = await requests();
    expect(await asUser(made(''))).toBe('created');
    expect(await requests()).toEqual(before);
  });

  it('leaves a bundle without our workflows alone, and warns', async () => {
    const bundle = `await bundleWorkflowCode({ workflowsPath: require.resolve('./dist/workflows.js') })`;
    const printed = await asUser(made(`workflowBundle: ${bundle}`));
    expect(printed).toMatch(/^The workflowBundle of this worker has no workflows of vta-upgrade: .*\ncreated$/);
  });
});

/** Code that makes a worker with the plugin, does not run it, and prints what came of it. */
function made(options: string, configFile = ready.infrastructureFile): string {
  return `
    const { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');
    const { VtaUpgradePlugin } = require('vta-upgrade');
    Runtime.install({ logger: new DefaultLogger('WARN', ({ message }) => console.log(message)) });
    const configFile = ${JSON.stringify(configFile)};
    const plugin = new VtaUpgradePlugin({ configFile });
    (async () => {
      const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
      try {
        await Worker.create({ connection, taskQueue: 'unused', plugins: [plugin], ${options} });
        console.log('created');
      } catch (error) {
        console.log(error.name + ': ' + error.message.replaceAll('\\n', ' '));
      }
      process.exit();
    })();`;
}

async function asUser(code: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['-e', code], { cwd: user.directory, env: environment({}) });
  return stdout.trim();
}

function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, TEMPORAL_ADDRESS: inject('temporalAddress'), ...own };
}

async function requests(): Promise<{ method: string; path: string; operation: string | null }[]> {
  const answer = await fetch(`${ready.control}/requests`);
  return (await answer.json()) as { method: string; path: string; operation: string | null }[];
}

async function sessionRequests(): Promise<{ opened: number; ended: number }> {
  const all = await requests();
  const rest = (method: string) => all.filter((one) => one.path === '/api/session' && one.method === method).length;
  const soap = (operation: string) => all.filter((one) => one.operation === operation).length;
  return { opened: rest('POST') + soap('Login'), ended: rest('DELETE') + soap('Logout') };
}
