import type { Report } from '../../model/report';

/** How a run ended, for people. */
export function renderReport(report: Report): string[] {
  const {
    infrastructure,
    outcome,
    summary,
    items,
    backup,
    baseImages,
    baseImageRemoval,
    restored,
    byHand = [],
    startedAt,
    endedAt,
  } = report;
  const section = (title: string, lines: string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  return [
    `${infrastructure}: ${outcome} (${startedAt} to ${endedAt})`,
    `  ${summary}`,
    ...section(
      'What became of each',
      items.map(
        ({ phase, name, state, detail }) =>
          `  ${phase === 'reference' ? 'reference host' : `phase ${phase}`}  ${name}: ${state}${because(detail)}`,
      ),
    ),
    ...section(
      'Backup of the vTA configuration',
      backup === undefined ? [] : [`  ${backup.path}`, `  ${backup.sha256}`],
    ),
    ...section(
      'Base images imported',
      baseImages.map(
        ({ version, from, sha256, approvedBy }) =>
          `  ${version} from ${from} (${sha256})${approvedBy.length === 0 ? '' : `, approved by ${approvedBy.join(', ')}`}`,
      ),
    ),
    ...section(
      'Base images removed',
      (baseImageRemoval?.images ?? []).map(({ version, detail }) => `  ${version}: ${detail}`),
    ),
    ...section(
      'Temporary changes',
      restored.map(
        ({ what, restored: done, detail }) => `  ${what}: ${done ? 'restored' : 'NOT restored'}${because(detail)}`,
      ),
    ),
    ...section(
      'To be set again by hand, since these hosts were removed',
      byHand.flatMap(({ host, what }) => what.map((line) => `  ${host}: ${line}`)),
    ),
  ];
}

function because(detail: string | undefined): string {
  return detail === undefined ? '' : ` (${detail})`;
}
