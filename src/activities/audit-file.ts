import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import type { AuditLine } from '../model/audit';
import type { Activities } from './activities';
import type { FindSite } from './dependencies';
import { refuse } from './to-failure';

const FILE = 'audit.jsonl';
const START = 'start';

/** A line of the file: its `hash` covers the line before it, so nothing can be changed or taken out unseen. */
interface ChainedLine extends AuditLine {
  run: string;
  prev: string;
  hash: string;
}

/** The audit file of the archive: appended to, never rewritten. */
export function createAuditActivities(site: FindSite): Pick<Activities, 'vtaEnsureAudit'> {
  return {
    async vtaEnsureAudit(input) {
      const { archive } = site(input);
      const before = await archive.read(FILE);
      const { lines, torn } = readChain(before?.toString('utf8') ?? '');
      if (input.head !== undefined && !lines.some((line) => line.hash === input.head))
        throw refuse(
          'VTA_ARCHIVE_UNUSABLE',
          `The audit file ${archive.path(FILE)} no longer holds what this run wrote to it: it was replaced or cut, or another archive is mounted. Put it back and retry.`,
        );
      const known = lines.filter((line) => line.run === input.runId).map((line) => line.n);
      const missing = input.lines.filter((line) => !known.includes(line.n));
      let prev = lines.at(-1)?.hash ?? START;
      const chained = missing.map((line) => {
        const whole = chain(line, input.runId, prev);
        prev = whole.hash;
        return whole;
      });
      if (before === undefined) await archive.write(FILE, '');
      await append(archive.path(FILE), chained, torn);
      return { head: prev };
    },
  };
}

/** The hash of a line: SHA-256 over its fields in alphabetical order, `prev` among them. */
export function hashOf(line: Omit<ChainedLine, 'hash'>): string {
  const entries = Object.entries(line).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(entries)).digest('hex')}`;
}

function chain(line: AuditLine, run: string, prev: string): ChainedLine {
  const whole = { ...line, run, prev };
  return { ...whole, hash: hashOf(whole) };
}

/** Reads the lines; a last line without its end was torn by a crash and is not counted. */
function readChain(text: string): { lines: ChainedLine[]; torn: boolean } {
  const parts = text.split('\n');
  const rest = parts.pop() ?? '';
  return { lines: parts.filter((part) => part !== '').flatMap(parseLine), torn: rest !== '' };
}

function parseLine(text: string): ChainedLine[] {
  try {
    return [JSON.parse(text) as ChainedLine];
  } catch {
    return []; // a torn line that a later append closed; `audit verify` names it
  }
}

async function append(path: string, lines: ChainedLine[], torn: boolean): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile((torn ? '\n' : '') + lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}
