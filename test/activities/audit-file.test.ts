import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, type ChainedLine, hashOf } from '../../src/activities/audit-chain';
import { createAuditActivities, requireSharedArchive } from '../../src/activities/audit-file';
import { Connections } from '../../src/activities/connections';
import { siteFinder } from '../../src/activities/dependencies';
import { readConfiguration } from '../../worker/configuration';
import { configuredInfrastructures } from '../../worker/main';
import { files, VALID_FILE } from '../support/infrastructure-file';

const CA = readFileSync(join(__dirname, '../worker/ca.pem'), 'utf8');

/** A worker with the archive of that directory. */
function workerIn(directory: string) {
  const configuration = readConfiguration(join(directory, 'vta-upgrade.yaml'));
  const resolveSecret = () => Promise.reject(new Error('no secret is needed'));
  const dependencies = { infrastructures: configuredInfrastructures(configuration), resolveSecret };
  const find = siteFinder(dependencies, ({ infrastructure }) => new Connections(infrastructure, resolveSecret));
  const ref = { infrastructure: 'prod', infrastructureDigest: configuration.digest('prod') };
  const { vtaEnsureAudit } = createAuditActivities(find);
  return {
    archive: find(ref).archive,
    write: async (runId: string, n: number, head?: string) =>
      await vtaEnsureAudit({
        ...ref,
        runId,
        lines: [{ n, at: '2026-01-01T00:00:00Z', by: 'run', what: 'done', on: `step ${n}` }],
        ...(head === undefined ? {} : { head }),
      }),
  };
}

const SITE = { 'vta-upgrade.yaml': VALID_FILE, 'ca.pem': CA };

describe('the audit in the archive', () => {
  it('stays one chain when several workers write at the same time, and one died with the lock', async () => {
    using directory = files(SITE);
    const [one, other] = [workerIn(directory.path), workerIn(directory.path)];
    await one.write('first', 1);
    writeFileSync(one.archive.path('audit.jsonl.lock'), 'a worker that died');
    const numbers = Array.from({ length: 10 }, (_, n) => n + 2);
    await Promise.all(numbers.flatMap((n) => [one.write('first', n), other.write('second', n)]));
    const text = readFileSync(one.archive.path('audit.jsonl'), 'utf8').trimEnd();
    const lines = text.split('\n').map((line) => JSON.parse(line) as ChainedLine);
    expect(lines.length).toBe(21);
    let prev = CHAIN_START;
    for (const { hash, ...line } of lines) {
      expect([line.prev, hash]).toEqual([prev, hashOf(line)]);
      prev = hash;
    }
  });

  it('finds out workers that do not share the archive', async () => {
    using directory = files(SITE);
    using elsewhere = files(SITE);
    const [one, other] = [workerIn(directory.path), workerIn(elsewhere.path)];
    const { head } = await one.write('run', 1);
    await expect(requireSharedArchive(one.archive, 'run')).resolves.toBeUndefined();
    await expect(requireSharedArchive(other.archive, 'run')).rejects.toThrow(/the workers do not share one/);
    await expect(other.write('run', 2, head)).rejects.toThrow(/no longer holds what this run wrote/);
  });
});
