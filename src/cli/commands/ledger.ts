import { ledgerWorkflowId } from '../../model/ids';
import type { BootRecord } from '../../model/boots';
import type { LedgerChange, LedgerState } from '../../model/ledger';
import { ledgerQuery } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { requiredText } from '../options';
import { ask } from '../temporal/run-access';
import { withTemporal } from '../temporal/with-temporal';

export const ledger = defineCommand({
  name: 'ledger',
  summary: 'show what is changed for a while and must be undone',
  description:
    'Shows the ledger of an infrastructure: every temporary change (apply policy of a cluster, a draft of its desired image, ' +
    'maintenance mode of a host, a host that is out of its cluster) from before it is made until it is undone, with what was true before; how the ' +
    'last upgrade ended; and which image each Trusted Host last booted fully, as far as an upgrade observed it. It outlives an upgrade that was terminated: the plan of the next one names what was left, and ' +
    'that one finishes or undoes it once it is approved. Changes nothing.',
  arguments: { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') },
  options: {},
  examples: [
    { title: 'what is open', command: 'vta-upgrade ledger prod' },
    { title: 'with the old values, for another program', command: 'vta-upgrade ledger prod --output json' },
  ],
  async run({ arguments: { infrastructure }, io }) {
    return await withTemporal(io, async (temporal) => {
      const handle = temporal.client.workflow.getHandle(ledgerWorkflowId(infrastructure));
      const state = await ask(temporal, infrastructure, () => handle.query(ledgerQuery), 'ledger');
      return { exitCode: EXIT.done, json: { infrastructure, ...state }, text: render(state) };
    });
  },
});

function render({ changes, lastRun, boots = [] }: LedgerState): string {
  return [
    ...(changes.length === 0 ? ['No temporary change is open.'] : changes.flatMap(renderChange)),
    ...(lastRun === undefined
      ? []
      : [`The last upgrade ended ${lastRun.at}: ${lastRun.outcome} (run ${lastRun.runId}).`]),
    ...(boots.length === 0
      ? []
      : ['', 'Boots of Trusted Hosts, as last observed by a run:', ...boots.flatMap(renderBoot)]),
  ].join('\n');
}

function renderBoot({ subject, runs, bootTime, at, lastFullBoot }: BootRecord): string[] {
  const images = lastFullBoot.map(({ version, build }) => `${version} build ${build}`);
  const full =
    images.length === 0 ? 'not known' : images.length === 1 ? images.join('') : `one of ${images.join(', ')}`;
  return [
    `${subject.name} on ${subject.vCenter}: runs ${runs.version} build ${runs.build}, booted ${bootTime}`,
    `  last full boot: ${full}; observed ${at}`,
  ];
}

function renderChange(change: LedgerChange): string[] {
  const { id, subject, at, runId } = change;
  const on = `${subject.name} on ${subject.vCenter}`;
  return [`${TITLES[change.kind]} ${on}: ${before(change)}`, `  since ${at}, by run ${runId}; ${id}`];
}

const TITLES: Record<LedgerChange['kind'], string> = {
  'apply-policy': 'apply policy of cluster',
  draft: 'draft of the desired image of cluster',
  'maintenance-mode': 'maintenance mode of host',
  'host-removed': 'removed host',
};

function before(change: LedgerChange): string {
  if (change.kind === 'apply-policy') return `was ${JSON.stringify(change.before.policy)}`;
  if (change.kind === 'draft') return 'nothing of it counts until it is committed';
  const { version, build } = change.kind === 'host-removed' ? change.before.previous : change.before;
  return change.kind === 'host-removed'
    ? `to be reverted to ${version} build ${build}`
    : `it ran ${version} build ${build}`;
}
