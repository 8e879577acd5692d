import type { Report } from '../model/report';
import { phaseItems, referenceItem } from './progress';
import type { RunState } from './run-state';

/** What happened and what is true now, from the state of a run that ended. */
export function buildReport(
  infrastructure: string,
  state: RunState,
  outcome: Report['outcome'],
  endedAt: string,
): Report {
  const items = itemsOf(state);
  return {
    infrastructure,
    outcome,
    summary: summary(outcome, items, state),
    ...(state.planDigest === undefined ? {} : { planDigest: state.planDigest }),
    items,
    ...(state.backup === undefined ? {} : { backup: { path: state.backup.path, sha256: state.backup.sha256 } }),
    baseImages: Object.values(state.images).flatMap(({ file, imported }) =>
      imported === undefined
        ? []
        : [
            {
              sha256: imported.sha256,
              version: imported.version,
              from: file?.fromHost ?? file?.name ?? 'file',
              approvedBy: state.answers[`base-image-import:${imported.sha256}`]?.by ?? state.answers['plan']?.by ?? [],
            },
          ],
    ),
    ...baseImageRemoval(state),
    restored: state.restored,
    ...(state.byHand === undefined
      ? {}
      : { byHand: Object.entries(state.byHand).map(([host, what]) => ({ host, what })) }),
    startedAt: state.startedAt,
    endedAt,
  };
}

function itemsOf(state: RunState): Report['items'] {
  const { phases = [], reference } = state.plan ?? {};
  const first = reference === undefined ? [] : [{ phase: 'reference' as const, ...referenceItem(reference, state) }];
  const all = phases.map((phase) => ({
    number: phase.number,
    items: phaseItems(phase, state).map((item) => ({ phase: phase.number, ...item })),
  }));
  const alone = all.every(({ number }) => number !== 4);
  return [
    ...all.flatMap(({ number, items }): Report['items'] => (number === 4 ? [...first, ...items] : items)),
    ...(alone ? first : []),
  ];
}

/** How a later run names the base image of the reference host, bound by the digest in the name of its file. */
function referenceWords(state: RunState): string[] {
  const reference = state.plan?.reference;
  if (reference === undefined || state.referenceImage === undefined) return [];
  const { file, imported } = state.referenceImage;
  const source = JSON.stringify({ from: 'file', name: file });
  return [
    `The base image of ${reference.host.name} (${imported.sha256}) is trusted as ${imported.version}; a later run names it with "baseImage": ${source}.`,
  ];
}

function baseImageRemoval({ steps, removal }: RunState): Pick<Report, 'baseImageRemoval'> {
  const outcome = steps['base-image-removal']?.detail;
  if (outcome === undefined) return {};
  const images = Object.keys(removal?.images ?? {}).map((version) => ({
    version,
    detail: steps[`base-image-removal:${version}`]?.detail ?? 'its removal was begun and did not come to its end',
  }));
  return { baseImageRemoval: { outcome, images } };
}

function removalWords(state: RunState): string[] {
  const { baseImageRemoval: removal } = baseImageRemoval(state);
  if (removal === undefined) return [];
  const images = removal.images.map(({ version, detail }) => `${version}: ${detail}`);
  return [`Base images: ${[removal.outcome, ...images].join('; ')}.`.replace(/\.\.$/, '.')];
}

function summary(outcome: Report['outcome'], items: Report['items'], state: RunState): string {
  const count = (wanted: string) => items.filter((item) => item.state === wanted).length;
  const sentences: string[] = [];
  const upgradesNothing = outcome === 'completed' && items.length === 0;
  const removal = removalWords(state);
  const reference = referenceWords(state);
  if (state.plan?.phases.length === 0 && items.length === 0 && removal.length > 0) return removal.join(' ');
  if (upgradesNothing) sentences.push('Nothing had to be upgraded; what an earlier run left behind was seen to.');
  else if (outcome === 'nothing to do') sentences.push('Everything runs its target already; nothing was changed.');
  else if (count('done') + state.begun.length === 0)
    sentences.push(`The run was ${outcome} before anything was upgraded.`);
  else {
    sentences.push(
      `${outcome === 'completed' ? 'Completed' : `The run was ${outcome}`}: ${count('done')} of ${items.length} vCenters and hosts are done.`,
    );
    const left = items.filter((item) => item.state !== 'done');
    if (left.length > 0) sentences.push(`Not done: ${left.map((item) => `${item.name} (${item.state})`).join(', ')}.`);
    const { length: used } = state.budgetUsed;
    if (used > 0) sentences.push(`${used} of ${state.plan?.failureBudget ?? 0} of the failure budget is used.`);
  }
  sentences.push(...reference, ...removal);
  const failed = state.restored.filter((change) => !change.restored);
  for (const change of failed) sentences.push(`To be restored by hand: ${change.detail ?? change.what}.`);
  return sentences.join(' ');
}
