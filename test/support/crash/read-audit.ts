import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of the audit file, as the archive holds it. */
export interface AuditFileLine {
  n: number;
  by: string;
  what: string;
  on: string;
  why?: string;
  run: string;
  prev: string;
  hash: string;
}

/** The audit of the archive and everything that is wrong with it, a sentence each. */
export interface AuditFile {
  lines: AuditFileLine[];
  broken: string[];
}

/**
 * Reads the audit file of one run and checks it by the rule of docs/concepts.md, not by the product's code: each line's
 * hash covers its fields and the hash of the line before; the lines of the run are numbered 1, 2, 3, each there once.
 */
export function readAudit(archive: string): AuditFile {
  const text = readFileSync(join(archive, 'audit.jsonl'), 'utf8');
  const broken: string[] = [];
  if (!text.endsWith('\n')) broken.push('the last line is torn');
  const lines = text
    .trimEnd()
    .split('\n')
    .flatMap((line, index): AuditFileLine[] => {
      try {
        return [JSON.parse(line) as AuditFileLine];
      } catch {
        broken.push(`line ${index + 1} is torn: ${line.slice(0, 40)}`);
        return [];
      }
    });
  let prev = 'start';
  for (const [index, line] of lines.entries()) {
    const { hash, ...rest } = line;
    if (line.prev !== prev) broken.push(`line ${index + 1} does not follow the line before it`);
    if (hash !== hashOf(rest)) broken.push(`line ${index + 1} was changed`);
    if (line.n !== index + 1) broken.push(`line ${index + 1} has the number ${line.n}`);
    prev = hash;
  }
  return { lines, broken };
}

function hashOf(fields: object): string {
  const sorted = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`;
}
