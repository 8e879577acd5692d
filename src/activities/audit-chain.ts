import { createHash } from 'node:crypto';
import type { AuditLine } from '../model/audit';

/** Name of the audit in the archive. */
export const AUDIT_FILE = 'audit.jsonl';

/** What the first line follows. */
export const CHAIN_START = 'start';

/** A line of the file: its `hash` covers the line before it, so nothing can be changed or taken out unseen. */
export interface ChainedLine extends AuditLine {
  /** First execution run id of the run that wrote it. */
  run: string;
  /** Hash of the line before, of whichever run. */
  prev: string;
  hash: string;
}

/** The hash of a line: SHA-256 over its fields in alphabetical order, `prev` among them. */
export function hashOf(line: Omit<ChainedLine, 'hash'>): string {
  const entries = Object.entries(line).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(entries)).digest('hex')}`;
}

/** Makes a line the next one of the chain. */
export function chain(line: AuditLine, run: string, prev: string): ChainedLine {
  const whole = { ...line, run, prev };
  return { ...whole, hash: hashOf(whole) };
}
