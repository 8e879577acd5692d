import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runWorkflowId } from '../../src/model/ids';
import { hostsRequest, hostsSite, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, progressOf } from '../support/people';
import { approve, openGate, startRehearsal } from '../support/rehearsal';
import { closedWindow } from '../support/windows';
import { temporalCli } from './support/temporal-cli';
import { type } from './support/type-command';

/** What waits for its maintenance window is shown, and begun now by our command or by the plain `temporal` CLI. */
it('shows the wait for a window with the command that ends it, and takes it from both CLIs', async () => {
  const temporal = await temporalCli();
  const directory = mkdtempSync(join(tmpdir(), 'vta-window-'));
  await using lab = await startRehearsal(hostsSite());
  const name = lab.infrastructure;
  const file = join(directory, 'request.json');
  writeFileSync(file, JSON.stringify(hostsRequest(name, { window: closedWindow() })));
  const started = await type(['plan', '--request', file, '--task-queue', lab.taskQueue]);
  expect(started.stdout).toMatch(/begun only in the maintenance window: \d\d:\d\d to \d\d:\d\d \(UTC\)/);
  rmSync(directory, { recursive: true });

  const run = await lab.start(hostsRequest(name, { window: closedWindow() }));
  await approve(run, await openGate(run, ({ id }) => id === 'plan'));
  const waits = async (step: string) =>
    await eventually(`${step} waits`, async () => {
      const { window, now } = await progressOf(run);
      return window?.step === step && now === window.why ? window : undefined;
    });
  await waits(`host:${TA_1}`);
  const { stdout, exitCode } = await type(['status', name]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`${name}: waiting for its window (started `);
  expect(stdout).toContain(`To begin it now: vta-upgrade resume ${name} --now host:${TA_1} --by NAME --reason TEXT`);
  expect(stdout).toMatch(/· ta-host-2\.lab\.example {2}staged/);

  const words = ['resume', name, '--now', `host:${TA_1}`, '--by', 'alice'];
  const without = await type(words);
  expect(without.exitCode).toBe(3);
  expect(without.stderr).toContain('Field "reason" is missing');
  const taken = await type([...words, '--reason', 'CHG-4711']);
  expect(taken.exitCode).toBe(0);
  expect(taken.stdout).toContain(`host:${TA_1} is begun now`);

  await waits(`host:${TA_2}`);
  const metadata = await temporal('workflow', 'metadata', '--workflow-id', runWorkflowId(name));
  expect(metadata.stdout).toContain('**Waits for its maintenance window**');
  expect(metadata.stdout).toContain(`"now": "host:${TA_2}"`);
  const payload = JSON.stringify({ now: `host:${TA_2}`, by: 'bob', reason: 'CHG-4712' });
  const update = ['--workflow-id', runWorkflowId(name), '--name', 'resume', '--input', payload];
  expect((await temporal('workflow', 'update', 'execute', ...update)).exitCode).toBe(0);
  await eventually('the second host is done', async () =>
    (await progressOf(run)).phases[1]?.items.every(({ state }) => state === 'done'),
  );
  const lines = (await auditOf(run)).filter(({ what }) => what === 'resume now');
  expect(lines.map(({ by, on, why }) => [by, on, why])).toEqual([
    ['alice', `host:${TA_1}`, 'CHG-4711'],
    ['bob', `host:${TA_2}`, 'CHG-4712'],
  ]);
  expect((await type(['abort', name, '--by', 'bob', '--reason', 'seen enough'])).exitCode).toBe(0);
  await run.result();
}, 120_000);
