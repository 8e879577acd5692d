import { EXIT, type ExitCode } from '../exit-codes';
import { type Answer, defineCommand } from '../command';
import { followRun } from '../follow-run';
import { lookAtRun } from '../look-at-run';
import { flag, text } from '../options';
import { listRuns, type ListedRun } from '../temporal/list-runs';
import { readProgress } from '../temporal/run-access';
import { type Temporal, withTemporal } from '../temporal/with-temporal';
import { CliFailure } from '../cli-failure';

export const status = defineCommand({
  name: 'status',
  summary: 'show what an upgrade does, what it waits for, or how it ended',
  description:
    'Shows phases, hosts, problems and the open gates with the commands that answer them; of an upgrade that has ended, ' +
    'its report; below what is under way, what it last saw while it waits. Without a name: all upgrades that the ' +
    'server knows. Changes nothing.\n\n' +
    'Exit code 4 while a gate is open, 1 when the last upgrade failed, was rejected or aborted.',
  arguments: { infrastructure: text('INFRASTRUCTURE', 'name of the infrastructure; without it all are listed') },
  options: { follow: flag('show it until it ends; Ctrl-C detaches, and the upgrade goes on') },
  examples: [
    { title: 'all upgrades', command: 'vta-upgrade status' },
    { title: 'one, until it ends', command: 'vta-upgrade status prod --follow' },
    { title: 'for a script', command: 'vta-upgrade status prod --output json' },
  ],
  async run({ arguments: { infrastructure }, options: { follow }, output, io }) {
    if (infrastructure === undefined && follow) {
      throw new CliFailure({
        code: 'VTA_USAGE_WRONG',
        message: '--follow needs the name of an infrastructure.',
        next: ['vta-upgrade status                     lists them', 'vta-upgrade status NAME --follow'],
        exitCode: EXIT.usage,
      });
    }
    return await withTemporal(io, async (temporal) => {
      if (infrastructure === undefined) return await overview(temporal);
      const look = await lookAtRun(temporal, infrastructure);
      return follow && isOpen(look) ? await followRun(temporal, infrastructure, io, output) : look;
    });
  },
});

function isOpen({ json }: Answer): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'open';
}

interface Line extends ListedRun {
  /** What an open run does or waits for. */
  now?: string;
  openGates: string[];
}

async function overview(temporal: Temporal): Promise<Answer> {
  // All at once: a run without a worker answers only by its deadline, and one must not wait for the next.
  const runs = await Promise.all((await listRuns(temporal)).map((run) => lineOf(temporal, run)));
  const exitCode: ExitCode = runs.some((run) => run.openGates.length > 0) ? EXIT.waiting : EXIT.done;
  const text = runs.length === 0 ? `No upgrade is known in the namespace ${temporal.namespace}.` : table(runs);
  return { exitCode, json: { runs }, text };
}

async function lineOf(temporal: Temporal, run: ListedRun): Promise<Line> {
  if (!run.open) return { ...run, openGates: [] };
  const progress = await readProgress(temporal, run.infrastructure).catch(() => undefined);
  const openGates = progress?.gates.map((gate) => gate.id) ?? [];
  return { ...run, now: progress?.now ?? 'no worker answers for it', openGates };
}

function table(runs: readonly Line[]): string {
  const width = Math.max(...runs.map((run) => run.infrastructure.length));
  return runs
    .map(({ infrastructure, status: state, startedAt, now, openGates }) =>
      [
        `${infrastructure.padEnd(width)}  ${state}, started ${startedAt}`,
        ...(now === undefined ? [] : [`${' '.repeat(width)}  ${now}`]),
        ...openGates.map((gate) => `${' '.repeat(width)}  open gate ${gate}: vta-upgrade status ${infrastructure}`),
      ].join('\n'),
    )
    .join('\n');
}
