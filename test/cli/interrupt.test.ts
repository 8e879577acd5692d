import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { startDevServer } from '../../src/cli/dev-server';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import { files } from '../support/infrastructure-file';
import { built } from '../support/parts-built';

/** The compiled command as a process of its own, and Ctrl-C. */
let main: string;
let temporal: string;

beforeAll(async () => {
  main = await built('src/cli/main');
  ({ path: temporal } = await locateTemporal({ env: process.env, log: () => undefined }));
}, 120_000);

class Command {
  told = '';
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(words: string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [main, ...words], {
      env: { PATH: process.env.PATH, TEMPORAL_CONFIG_FILE: '/no/such/file', TEMPORAL_CLI_PATH: temporal, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (chunk: Buffer) => (this.told += chunk.toString()));
  }

  async says(text: string): Promise<void> {
    await expect.poll(() => this.told, { timeout: 60_000, interval: 50 }).toContain(text);
  }

  async interrupted(): Promise<number | null> {
    this.child.kill('SIGINT');
    const [code] = (await once(this.child, 'close', { signal: AbortSignal.timeout(20_000) })) as [number | null];
    return code;
  }
}

function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host ?? '');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('Ctrl-C', { timeout: 90_000 }, () => {
  it.each([
    ['while its parts come up', 'Starting a Temporal dev server'],
    ['in the middle of the upgrade', 'Phase 1: ▶ ta-vc.lab.example'],
  ])('ends a demo %s, with all that it started', async (_, moment) => {
    using directory = files({});
    const demo = new Command(['demo', '--yes', '--scenario', 'smallest', '--directory', directory.path]);
    await demo.says(moment);
    const code = await demo.interrupted();
    expect(demo.told).toMatch(/Interrupted: ending the worker, .*in this order\.\nAll parts of the demo have ended\./);
    expect(demo.told).toContain(directory.path);
    expect(code).toBe(130);
    for (const [address] of demo.told.matchAll(/127\.0\.0\.1:\d+/g))
      await expect(answers(address)).resolves.toBe(false);
  });

  it('detaches from a run although the server is away', async () => {
    using directory = files({});
    const server = await startDevServer({ binary: temporal, headless: true, logFile: join(directory.path, 'log') });
    try {
      const env = { TEMPORAL_ADDRESS: server.address };
      const follower = new Command(['start', '--infrastructure', 'lab', '--task-queue', 'nobody'], env);
      await follower.says('status lab --follow');
      await server.close();
      await follower.says('Looking again until it answers.');
      // The SDK tries again by itself, a moment later each time: one such try is under way.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await expect(follower.interrupted()).resolves.toBe(0);
      expect(follower.told).toContain('Detached. The upgrade of lab goes on.');
      expect(follower.told).not.toContain('Error');
    } finally {
      await server.close();
    }
  });

  it('ends a plan that nobody has made yet, on the server too', async () => {
    const address = inject('temporalAddress');
    const taskQueue = 'a-plan-of-nobody';
    const client = new Client({ connection: await Connection.connect({ address }) });
    // Somebody polls, and hands no task out again.
    const request = { namespace: 'default', taskQueue: { name: taskQueue }, identity: 'nobody' };
    const poll = client.withDeadline(Date.now() + 60_000, () => client.workflowService.pollWorkflowTaskQueue(request));
    poll.catch(() => undefined);
    const plan = new Command(['plan', '--infrastructure', 'never-made', '--task-queue', taskQueue], {
      TEMPORAL_ADDRESS: address,
    });
    await plan.says('Reading never-made');
    const { workflowExecution } = await poll;
    await expect(plan.interrupted()).resolves.toBe(130);
    expect(plan.told).toContain('Interrupted. Planning reads only: nothing was changed.');
    const { status } = await client.workflow.getHandle(workflowExecution?.workflowId ?? '').describe();
    expect(status.name).toBe('TERMINATED');
    await client.connection.close();
  });
});
