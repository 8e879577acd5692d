import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditActivities } from '../../src/activities/audit-file';
import { Archive } from '../../src/activities/archive';
import type { Site } from '../../src/activities/dependencies';
import type { AuditLine } from '../../src/model/audit';
import { type, typeForJson } from './support/type-command';

/*
 * Audits as the activity writes them, then changed as somebody might change them.
 */
let archive: string;
let file: string;

beforeEach(() => {
  archive = mkdtempSync(join(tmpdir(), 'vta-audit-'));
  file = join(archive, 'audit.jsonl');
});

afterEach(() => rmSync(archive, { recursive: true }));

const { vtaEnsureAudit } = createAuditActivities(() => ({ archive: new Archive(archive) }) as Site);

/** Appends lines `from` to `to` of a run, as a run does at its safe points. */
async function write(runId: string, from: number, to: number, head?: string): Promise<string> {
  const lines = Array.from({ length: to - from + 1 }, (_, index): AuditLine => {
    const n = from + index;
    return {
      n,
      at: `2026-11-25T10:00:0${n}.000Z`,
      by: 'alice',
      what: 'approved',
      on: `host:esx-${n}`,
      why: 'CHG-4711',
    };
  });
  const ref = { infrastructure: 'lab', infrastructureDigest: 'd' };
  return (await vtaEnsureAudit({ ...ref, runId, lines, ...(head === undefined ? {} : { head }) })).head;
}

function change(edit: (lines: string[]) => string[]): void {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${edit(lines).join('\n')}\n`);
}

async function verify(...more: string[]) {
  return await type(['audit', 'verify', '--archive', archive, ...more]);
}

describe('an audit that nobody touched', () => {
  it('of two runs, one after the other, is one chain', async () => {
    await write('run-1', 1, 2);
    await write('run-1', 3, 3);
    const head = await write('run-2', 1, 2);
    const { exitCode, stdout, stderr } = await verify();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`${file}: 5 lines of 2 runs, as they were written.\nLast hash ${head}\n`);
  });

  it('is told to a script, and its file may be named', async () => {
    const head = await write('run-1', 1, 2);
    expect(await typeForJson(['audit', 'verify', file])).toEqual({
      exitCode: 0,
      json: { file, intact: true, lines: 2, runs: [{ run: 'run-1', lines: 2 }], head, notes: [] },
    });
  });

  it('holds the hash that a report names, also after later runs', async () => {
    const head = await write('run-1', 1, 2);
    await write('run-2', 1, 1);
    expect((await verify('--head', head)).exitCode).toBe(0);
  });

  it('is the same when lines were sent twice', async () => {
    const head = await write('run-1', 1, 2);
    expect(await write('run-1', 1, 2)).toBe(head);
    expect((await verify()).stdout).toContain('2 lines of 1 run,');
  });

  it('has a torn line where a write was interrupted and done again', async () => {
    await write('run-1', 1, 2);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, -40)); // the crash
    await write('run-1', 1, 2);
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Note: line 2 is the beginning of the next one');
  });
});

describe('an audit that somebody touched', () => {
  const CASES: [what: string, edit: (lines: string[]) => string[], line: number, why: string][] = [
    ['a reason was changed', (l) => l.map((x, i) => (i === 1 ? x.replace('CHG-4711', 'CHG-1') : x)), 2, 'was changed'],
    ['a name was changed', (l) => l.map((x, i) => (i === 2 ? x.replace('alice', 'mallory') : x)), 3, 'was changed'],
    ['a field was added', (l) => l.map((x, i) => (i === 0 ? x.replace('{', '{"extra":1,') : x)), 1, 'was changed'],
    ['a line was removed', (l) => l.filter((_, i) => i !== 1), 2, 'does not follow the line before it'],
    ['the first line was removed', (l) => l.slice(1), 1, 'does not follow the line before it'],
    ['a line was doubled', (l) => [...l.slice(0, 2), ...l.slice(1)], 3, 'does not follow the line before it'],
    ['two lines changed places', (l) => [l[1] ?? '', l[0] ?? '', ...l.slice(2)], 1, 'does not follow the line before'],
    ['something else was put in', (l) => [...l.slice(0, 1), 'a note', ...l.slice(1)], 2, 'not a line of an audit'],
    ['an empty line was put in', (l) => [...l.slice(0, 1), '', ...l.slice(1)], 2, 'not a line of an audit'],
  ];
  it.each(CASES)('%s', async (_what, edit, line, why) => {
    await write('run-1', 1, 2);
    await write('run-2', 1, 2);
    change(edit);
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`line ${line} is not as it was written: `);
    expect(stdout).toContain(why);
    expect(await typeForJson(['audit', 'verify', file])).toMatchObject({
      exitCode: 1,
      json: { intact: false, problem: { line } },
    });
  });

  it('a line was put in with hashes that fit: the line after it shows it', async () => {
    await write('run-1', 1, 1);
    const first = readFileSync(file, 'utf8');
    await write('run-1', 2, 2);
    const second = readFileSync(file, 'utf8').slice(first.length);
    writeFileSync(file, first);
    await write('forged', 1, 1);
    writeFileSync(file, readFileSync(file, 'utf8') + second);
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(1);
    expect(stdout).toContain('line 3 is not as it was written: it does not follow the line before it');
  });

  it('the last line is torn', async () => {
    await write('run-1', 1, 3);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(1);
    expect(stdout).toContain('line 3 is not as it was written: it is cut off');
    expect(stdout).toContain('Before it: 2 lines of 1 run, good.');
  });

  it('whole lines were cut off at the end: only a hash that was kept elsewhere shows it', async () => {
    const head = await write('run-1', 1, 3);
    change((lines) => lines.slice(0, 2));
    expect((await verify()).exitCode).toBe(0);
    const { exitCode, stdout } = await verify('--head', head);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`there is no line with the hash ${head}`);
  });

  it('and the run that wrote it notices when it goes on', async () => {
    const head = await write('run-1', 1, 3);
    change((lines) => lines.slice(0, 2));
    await expect(write('run-1', 4, 4, head)).rejects.toThrow('no longer holds what this run wrote');
  });
});

describe('wrong usage', () => {
  it.each([
    ['neither file nor archive', ['audit', 'verify'], 'VTA_USAGE_WRONG'],
    ['both', ['audit', 'verify', 'f', '--archive', 'd'], 'VTA_USAGE_WRONG'],
    ['a file that is not there', ['audit', 'verify', '/no/such/file'], 'VTA_ARCHIVE_UNUSABLE'],
  ])('%s', async (_what, words, code) => {
    const { exitCode, stdout, stderr } = await type(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(code);
  });
});
