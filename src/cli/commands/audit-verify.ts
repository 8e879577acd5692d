import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_FILE } from '../../activities/audit-chain';
import { CliFailure } from '../cli-failure';
import { type Answer, defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { text } from '../options';
import { type AuditVerdict, verifyAudit } from '../verify-audit';

export const auditVerify = defineCommand({
  name: 'audit verify',
  summary: 'check that nobody changed the audit in an archive',
  description:
    'Checks the audit in the archive of an infrastructure: each line holds the hash of the one before, so a line that was ' +
    'changed, removed or put in shows. Names the first bad line and why, and ends with exit code 1. Needs neither a ' +
    'server nor a worker.\n\n' +
    'That the end was cut off shows only against a hash that was kept elsewhere: give the one that the report of a run ' +
    'names (audit.head, in the result of its workflow) with --head.',
  arguments: { file: text('FILE', 'the audit file; or give --archive') },
  options: {
    archive: text('DIR', `the archive of the infrastructure; its file ${AUDIT_FILE} is read`),
    head: text('HASH', 'a hash that the file must hold, such as the audit.head of a report'),
  },
  examples: [
    { title: 'the audit of an archive', command: 'vta-upgrade audit verify --archive /var/lib/vta-upgrade/prod' },
    {
      title: 'a copy, against what a report says',
      command: 'vta-upgrade audit verify audit.jsonl --head sha256:4f1d0a…',
    },
  ],
  async run({ arguments: { file }, options: { archive, head } }) {
    const path = whichFile(file, archive);
    return await Promise.resolve(answer(path, verifyAudit(read(path), head)));
  },
});

function whichFile(file: string | undefined, archive: string | undefined): string {
  if (file !== undefined && archive === undefined) return file;
  if (archive !== undefined && file === undefined) return join(archive, AUDIT_FILE);
  throw new CliFailure({
    code: 'VTA_USAGE_WRONG',
    message: 'Give either a file or --archive.',
    next: ['vta-upgrade audit verify FILE', 'vta-upgrade audit verify --archive DIR'],
    exitCode: EXIT.usage,
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CliFailure({
      code: 'VTA_ARCHIVE_UNUSABLE',
      message: `The audit ${path} cannot be read (${why}).`,
      state: ['An archive has no audit before its first run has made a plan.'],
      exitCode: EXIT.usage,
    });
  }
}

function answer(path: string, verdict: AuditVerdict): Answer {
  const { lines, runs, head, problem, notes } = verdict;
  const intact = problem === undefined;
  const good = `${lines} lines of ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const said = intact
    ? [`${path}: ${good}, as they were written.`, ...(head === undefined ? [] : [`Last hash ${head}`])]
    : [`${path}: line ${problem.line} is not as it was written: ${problem.why}.`, `Before it: ${good}, good.`];
  return {
    exitCode: intact ? EXIT.done : EXIT.failed,
    json: { file: path, intact, ...verdict },
    text: [...said, ...notes.map((note) => `Note: ${note}.`)].join('\n'),
  };
}
