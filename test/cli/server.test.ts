import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type, typeForJson } from './support/type-command';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vta-server-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('without a server', () => {
  it('says which one was tried, where its address came from, and what to type', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_NAMESPACE: 'upgrades' };
    const { exitCode, stdout, stderr } = await type(['status'], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    for (const part of [
      'VTA_TEMPORAL_UNREACHABLE: No Temporal server answers at 127.0.0.1:1 (namespace upgrades)',
      'TEMPORAL_ADDRESS, TEMPORAL_CONFIG_FILE, TEMPORAL_NAMESPACE',
      'temporal server start-dev',
      'docs/errors.md#vta_temporal_unreachable',
    ]) {
      expect(stderr).toContain(part);
    }
  });

  it('tells a script the same as JSON', async () => {
    await expect(typeForJson(['status'], { env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } })).resolves.toMatchObject({
      exitCode: 1,
      json: { error: { code: 'VTA_TEMPORAL_UNREACHABLE' } },
    });
  });
});

describe('the configuration of the Temporal client', () => {
  function toml(name: string, text: string): string {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  }

  it('is read from the TOML file of the `temporal` CLI, by profile', async () => {
    const path = toml('good.toml', `[profile.lab]\naddress = "${inject('temporalAddress')}"\nnamespace = "default"\n`);
    const env = { TEMPORAL_ADDRESS: '', TEMPORAL_CONFIG_FILE: path, TEMPORAL_PROFILE: 'lab' };
    await expect(typeForJson(['status'], { env })).resolves.toMatchObject({ json: { runs: expect.any(Array) } });
  });

  it('ends with exit code 2 when it cannot be read', async () => {
    const env = { TEMPORAL_CONFIG_FILE: toml('bad.toml', '[profile.default\naddress = 7') };
    const { exitCode, stderr } = await type(['status'], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('VTA_CONFIGURATION_INVALID');
    expect(stderr).toContain('bad.toml');
  });

  it('names a namespace that does not exist', async () => {
    const { exitCode, stderr } = await type(['status', 'lab'], { env: { TEMPORAL_NAMESPACE: 'nowhere' } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VTA_TEMPORAL_UNREACHABLE');
    expect(stderr).toContain('namespace nowhere');
  });
});

describe('without a run', () => {
  it.each([
    ['status', ['status', 'nobody']],
    ['audit', ['audit', 'nobody']],
    ['approve', ['approve', 'nobody', '--gate', 'plan', '--digest', 'x', '--by', 'alice']],
    [
      'decide',
      ['decide', 'nobody', '--step', 'backup', '--attempt', '1', '--action', 'retry', '--by', 'a', '--reason', 'r'],
    ],
    ['pause', ['pause', 'nobody', '--by', 'alice', '--reason', 'r']],
  ])('%s says that there is none, and where to look', async (_, words) => {
    const { exitCode, stdout, stderr } = await type(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('VTA_RUN_NOT_FOUND: There is no run of nobody in the namespace default.');
    expect(stderr).toContain('vta-upgrade status');
  });
});

describe('without a worker', () => {
  it('plan says that nobody polls the task queue, and starts nothing', async () => {
    const { exitCode, stderr } = await type(['plan', '--infrastructure', 'lab', '--task-queue', 'nobody-polls-this']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VTA_WORKER_SILENT: No worker polls the task queue nobody-polls-this');
    expect(stderr).toContain('vta-upgrade worker --config FILE');
  });
});
