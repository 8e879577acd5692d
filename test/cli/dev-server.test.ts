import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startDevServer } from '../../src/cli/dev-server';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import { writeExecutable } from './support/executable';
import { hasEnded } from './support/has-ended';

let directory: string;
let binary: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vta-dev-server-'));
  binary = (await locateTemporal({ env: process.env, log: () => {} })).path;
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Proof that the namespace works: visibility is asked, and answers. */
async function countRuns(address: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    return (await new Client({ connection }).workflow.count()).count;
  } finally {
    await connection.close();
  }
}

describe('startDevServer', () => {
  it('serves the tests', async () => {
    await expect(countRuns(inject('temporalAddress'))).resolves.toBeGreaterThanOrEqual(0);
  });

  it('answers at once, shows its Web UI, and is gone after close', async () => {
    const server = await startDevServer({ binary, headless: false, logFile: join(directory, 'ui.log') });
    try {
      await expect(countRuns(server.address)).resolves.toBe(0);
      const page = await fetch(server.uiAddress ?? '');
      expect(page.status).toBe(200);
    } finally {
      await server.close();
    }
    await expect(hasEnded(server.pid)).resolves.toBe(true);
  });

  it('shows the log of a server that does not come up', async () => {
    const broken = writeExecutable(join(directory, 'broken'), 'echo "no disk left"; exit 1');
    await expect(
      startDevServer({ binary: broken, headless: true, logFile: join(directory, 'broken.log') }),
    ).rejects.toThrow(/did not come up: it ended with exit code 1\nno disk left/);
  });

  it('says so when the port that was asked for is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = other.address();
    if (taken === null || typeof taken === 'string') throw new Error('no port');
    const logFile = join(directory, 'taken.log');
    try {
      const failure = startDevServer({ binary, port: taken.port, headless: true, logFile });
      await expect(failure).rejects.toThrow('The Temporal dev server did not come up');
      expect(readFileSync(logFile, 'utf8')).toContain(`${taken.port}`);
    } finally {
      other.close();
    }
  });
});
