import { CHAIN_START, hashOf, type ChainedLine } from '../activities/audit-chain';

/** What a look at an audit file found. */
export interface AuditVerdict {
  /** Lines that are whole and follow one another. */
  lines: number;
  /** The runs that wrote them, in the order of their first lines. */
  runs: { run: string; lines: number }[];
  /** Hash of the last good line. */
  head?: string;
  /** The first line that is not as the runs wrote it; what comes after it proves nothing. */
  problem?: { line: number; why: string };
  /** What is unusual and explained. */
  notes: string[];
}

/**
 * Reads the audit of an archive from its first line and stops at the first that is not as it was written.
 *
 * A chain shows what was changed, taken out or put in. It cannot show that its end was cut off, nor that all of it was
 * written anew: for that it is compared with a hash that was kept elsewhere.
 * @param head hash that the file must hold, as the report of a run names it
 */
export function verifyAudit(text: string, head?: string): AuditVerdict {
  const parts = text.split('\n');
  const rest = parts.pop() ?? '';
  const verdict: AuditVerdict = { lines: 0, runs: [], notes: [] };
  let headSeen = false;
  for (const [index, part] of parts.entries()) {
    const line = readLine(part);
    if (line === undefined && part !== '' && parts[index + 1]?.startsWith(part)) {
      verdict.notes.push(`line ${index + 1} is the beginning of the next one: a write was interrupted and done again`);
      continue;
    }
    const why = line === undefined ? 'it is not a line of an audit' : whyWrong(line, verdict);
    if (line === undefined || why !== undefined)
      return { ...verdict, problem: { line: index + 1, why: why ?? 'unreadable' } };
    take(line, verdict);
    headSeen ||= line.hash === head;
  }
  const last = parts.length + 1;
  if (rest !== '') {
    const why =
      'it is cut off: a write was interrupted, or the end was removed. The next write of an open run closes it';
    return { ...verdict, problem: { line: last, why } };
  }
  if (head !== undefined && !headSeen)
    return { ...verdict, problem: { line: last, why: `there is no line with the hash ${head}: the end was cut off` } };
  return verdict;
}

function take(line: ChainedLine, verdict: AuditVerdict): void {
  verdict.lines += 1;
  verdict.head = line.hash;
  const run = verdict.runs.find((known) => known.run === line.run);
  if (run === undefined) verdict.runs.push({ run: line.run, lines: 1 });
  else run.lines += 1;
}

function whyWrong(line: ChainedLine, { head, runs }: AuditVerdict): string | undefined {
  const { hash, ...content } = line;
  if (hashOf(content) !== hash) return 'it was changed: its hash is not that of its content';
  if (line.prev !== (head ?? CHAIN_START))
    return 'it does not follow the line before it: a line between them was removed, or the one before was put in';
  const next = (runs.find(({ run }) => run === line.run)?.lines ?? 0) + 1;
  if (line.n !== next) return `it is line ${line.n} of its run, where line ${next} should be`;
  return undefined;
}

function readLine(text: string): ChainedLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const texts = ['at', 'by', 'what', 'on', 'run', 'prev', 'hash'];
  if (typeof fields['n'] !== 'number' || texts.some((name) => typeof fields[name] !== 'string')) return undefined;
  return value as ChainedLine;
}
