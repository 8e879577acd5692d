import { open } from 'node:fs/promises';
import type { Activities } from './activities';
import type { Archive } from './archive';
import { AUDIT_FILE, chain, CHAIN_START, type ChainedLine } from './audit-chain';
import type { FindSite } from './dependencies';
import { refuse } from './to-failure';

/** The audit file of the archive: appended to, never rewritten. */
export function createAuditActivities(site: FindSite): Pick<Activities, 'vtaEnsureAudit'> {
  return {
    async vtaEnsureAudit(input) {
      const { archive } = site(input);
      return await archive.alone(AUDIT_FILE, async () => await ensureWritten(archive, input));
    },
  };
}

async function ensureWritten(archive: Archive, input: Parameters<Activities['vtaEnsureAudit']>[0]) {
  const before = await archive.read(AUDIT_FILE);
  const { lines, torn } = readChain(before?.toString('utf8') ?? '');
  if (input.head !== undefined && !lines.some((line) => line.hash === input.head))
    throw refuse(
      'VTA_ARCHIVE_UNUSABLE',
      `The audit file ${archive.path(AUDIT_FILE)} no longer holds what this run wrote to it: it was replaced or cut, or another archive is mounted. Put it back and retry.`,
    );
  const known = lines.filter((line) => line.run === input.runId).map((line) => line.n);
  const missing = input.lines.filter((line) => !known.includes(line.n));
  let prev = lines.at(-1)?.hash ?? CHAIN_START;
  const chained = missing.map((line) => {
    const whole = chain(line, input.runId, prev);
    prev = whole.hash;
    return whole;
  });
  if (before === undefined) await archive.write(AUDIT_FILE, '');
  await append(archive.path(AUDIT_FILE), chained, torn);
  return { head: prev };
}

/**
 * The first lines of the audit that a run wrote prove to its later steps that their archive is the same one.
 * @throws ApplicationFailure VTA_ARCHIVE_UNUSABLE when this archive holds none of them
 */
export async function requireSharedArchive(archive: Archive, runId: string): Promise<void> {
  const { lines } = readChain((await archive.read(AUDIT_FILE))?.toString('utf8') ?? '');
  if (lines.some((line) => line.run === runId)) return;
  throw refuse(
    'VTA_ARCHIVE_UNUSABLE',
    `The archive "${archive.directory}" of this worker holds nothing of what this run wrote to the archive: the workers do not share one, or another one is mounted. Nothing was written. Give all workers the same directory, then decide "retry".`,
  );
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
