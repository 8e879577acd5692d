import type { ItemProgress, PhaseProgress, Progress } from '../../model/progress';
import { shellLine } from '../shell-words';
import { renderGate } from './gate';

const SIGNS = { pending: '·', running: '▶', done: '✔', failed: '✖', skipped: '–' } as const;

/** The whole progress of a run, for people. */
export function renderProgress(progress: Progress): string[] {
  const { infrastructure, state, now, startedAt, problem, paused, aborting, warnings, gates, lastSeen = [] } = progress;
  return [
    `${infrastructure}: ${state} (started ${startedAt})`,
    `  ${now}`,
    ...lastSeen.map((line) => `  ${line}`),
    ...(paused === undefined || state === 'paused'
      ? []
      : [`  Pauses at the next safe point, asked by ${paused.by}: ${paused.reason}`]),
    ...(aborting === undefined ? [] : [`  Being ended by ${aborting.by}: ${aborting.reason}`]),
    ...renderWindow(progress),
    ...progress.phases.flatMap((phase) => ['', ...renderPhase(phase)]),
    ...(problem === undefined ? [] : ['', `Problem in ${problem.step}`, `  ${problem.code}: ${problem.message}`]),
    ...(warnings.length === 0 ? [] : ['', 'Warnings', ...warnings.map((warning) => `  - ${warning}`)]),
    ...gates.flatMap((gate) => ['', ...renderGate(infrastructure, gate)]),
  ];
}

function renderWindow({ infrastructure, window }: Progress): string[] {
  if (window?.opensAt === undefined) return [];
  const command = shellLine(['vta-upgrade', 'resume', infrastructure, '--now', window.step]);
  const { given, required } = window.approvals ?? { given: [], required: 1 };
  const said = given.length === 0 ? '' : ` so far: ${given.join(', ')}`;
  return [
    `  To begin it now: ${command} --by NAME --reason TEXT`,
    ...(required === 1 ? [] : [`  ${required} different approvers have to say so;${said === '' ? ' none has' : said}`]),
  ];
}

function renderPhase({ number, title, state, items }: PhaseProgress): string[] {
  const done = items.filter((item) => item.state === 'done').length;
  const left = items.filter((item) => item.state === 'skipped').length;
  const bar = items.length === 0 ? '' : ` ${renderBar(done, left, items.length)} ${done}/${items.length}`;
  const name = number === 'reference' ? title : `Phase ${number}, ${title}`;
  return [`${name}:${bar} ${state}`, ...items.flatMap((item) => [renderItem(item), ...sightsOf(item)])];
}

const BAR_WIDTH = 20;

/** A bar of what is done; what was left out is shown as that. Full only when nothing is missing. */
function renderBar(done: number, left: number, of: number): string {
  const filled = Math.floor((done / of) * BAR_WIDTH);
  const skipped = Math.floor(((done + left) / of) * BAR_WIDTH) - filled;
  return `[${'█'.repeat(filled)}${'–'.repeat(skipped)}${'░'.repeat(BAR_WIDTH - filled - skipped)}]`;
}

function renderItem({ name, state, detail }: ItemProgress): string {
  return `  ${SIGNS[state]} ${name}${detail === undefined ? '' : `  ${detail}`}`;
}

function sightsOf({ lastSeen = [] }: ItemProgress): string[] {
  return lastSeen.map((line) => `      ${line}`);
}

/**
 * What happened between two looks, a line each, for output that cannot be redrawn.
 * @param before undefined at the first look: all that is not simply pending is told
 */
export function progressNews(before: Progress | undefined, after: Progress): string[] {
  const known = new Map(before?.phases.flatMap(itemLines));
  const wasOpen = new Map(before?.gates.map((gate) => [gate.id, gate.digest]));
  const isOpen = new Set(after.gates.map((gate) => gate.id));
  return [
    ...(after.now === before?.now ? [] : [after.now]),
    ...after.phases.flatMap(itemLines).flatMap(([key, line]) => (known.get(key) === line ? [] : [line])),
    ...newSights(before, after),
    ...after.warnings.filter((warning) => !before?.warnings.includes(warning)).map((warning) => `Warning: ${warning}`),
    ...[...wasOpen.keys()].filter((id) => !isOpen.has(id)).map((id) => `Gate ${id} is closed`),
    ...after.gates
      .filter((gate) => !wasOpen.has(gate.id) || wasOpen.get(gate.id) !== gate.digest)
      .flatMap((gate) => renderGate(after.infrastructure, gate)),
  ];
}

/** What is seen while something waits is no news when only its numbers differ: percentages would fill the screen. */
function newSights(before: Progress | undefined, after: Progress): string[] {
  const seenBefore = before === undefined ? [] : allSights(before).map(withoutNumbers);
  return allSights(after).filter((line) => !seenBefore.includes(withoutNumbers(line)));
}

function allSights({ infrastructure, lastSeen = [], phases }: Progress): string[] {
  const items = phases.flatMap((phase) => phase.items);
  const named = items.flatMap(({ name, lastSeen: lines = [] }) => lines.map((line) => `${name}: ${line}`));
  return [...lastSeen.map((line) => `${infrastructure}: ${line}`), ...named];
}

function withoutNumbers(line: string): string {
  return line.replace(/[\d.:]+/g, '#');
}

function itemLines({ number, title, items }: PhaseProgress): [string, string][] {
  return items
    .filter((item) => item.state !== 'pending')
    .map((item) => [
      `${number} ${item.name}`,
      `${number === 'reference' ? title : `Phase ${number}`}: ${renderItem(item).trim()}`,
    ]);
}
