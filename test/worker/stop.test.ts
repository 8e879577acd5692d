import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, VALID_FILE } from '../support/infrastructure-file';
import { built } from '../support/parts-built';

const CA = readFileSync(join(__dirname, 'ca.pem'), 'utf8');

describe('a worker that waits for its Temporal server', { timeout: 120_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops at the first %s', async (signal) => {
    const main = await built('src/cli/main');
    using directory = files({ 'vta-upgrade.yaml': VALID_FILE, 'ca.pem': CA });
    const file = join(directory.path, 'vta-upgrade.yaml');
    const child = spawn(process.execPath, [main, 'worker', '--config', file], {
      env: { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:9' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(told)));
      child.stderr.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        if (told.includes('no Temporal server yet')) resolve();
      });
    });
    child.kill(signal);
    const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(15_000) })) as [number | null];
    expect([code, told]).toEqual([0, expect.stringContaining('stopped before there was a Temporal server')]);
  });
});
