import type { AuditLine } from '../../model/audit';
import { auditQuery } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { requiredText } from '../options';
import { ask } from '../temporal/run-access';
import { withTemporal } from '../temporal/with-temporal';

export const audit = defineCommand({
  name: 'audit',
  summary: 'show who did what, when and why',
  description:
    'Shows the last lines of the audit of an upgrade, open or ended: answers, refusals, decisions, changes. The whole ' +
    'audit is a file in the archive of the infrastructure, which outlives the server’s histories.',
  arguments: { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') },
  options: {},
  examples: [
    { title: 'the last lines', command: 'vta-upgrade audit prod' },
    { title: 'for another program', command: 'vta-upgrade audit prod --output json' },
  ],
  async run({ arguments: { infrastructure }, io }) {
    return await withTemporal(io, async (temporal) => {
      const lines = await ask(temporal, infrastructure, (run) => run.query(auditQuery));
      const text = lines.length === 0 ? 'Nothing is recorded yet.' : lines.map(renderLine).join('\n');
      return { exitCode: EXIT.done, json: { infrastructure, lines }, text };
    });
  },
});

function renderLine({ n, at, by, what, on, why }: AuditLine): string {
  return `${`${n}`.padStart(4)}  ${at}  ${by}: ${what} ${on}${why === undefined ? '' : ` (${why})`}`;
}
