import type { OpenGate, Progress, WindowProgress } from '../model/progress';
import { progress } from './progress';
import type { RunState } from './run-state';

const SIGNS: Record<string, string> = { pending: '·', running: '▶', done: '✔', failed: '✖', skipped: '–' };
/** A large phase is shown by what is not simply waiting or done; the query has every host. */
const MAX_ITEMS = 16;

/** The run as Markdown for the Web UI's details and `temporal workflow metadata`. The UI cuts the last line, hence the throw-away paragraph. */
export function renderDetails(infrastructure: string, state: RunState): string {
  const now = progress(infrastructure, state);
  return [
    `### ${infrastructure}: ${now.state}`,
    plain(now.now),
    ...(now.paused && now.state !== 'paused'
      ? [`**Pauses at the next safe point**, asked by ${plain(now.paused.by)}: ${plain(now.paused.reason)}`]
      : []),
    ...(now.aborting ? [`**Being ended** by ${plain(now.aborting.by)}: ${plain(now.aborting.reason)}`] : []),
    ...(now.window ? [renderWindow(now.window)] : []),
    ...now.gates.map(renderGate),
    renderPhases(now),
    ...(now.warnings.length === 0
      ? []
      : [['**Warnings**', ...now.warnings.map((text) => `- ${plain(text)}`)].join('\n')]),
    '&nbsp;\n',
  ].join('\n\n');
}

/** Texts of people and vCenters as text: the UI would show pictures and tags in them. */
export function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|');
}

function renderPhases(now: Progress): string {
  const rows = now.phases.map((phase) => {
    const shown =
      phase.items.length <= MAX_ITEMS ? phase.items : phase.items.filter((item) => item.state !== 'pending');
    const items = shown.slice(-MAX_ITEMS).map((item) => `${SIGNS[item.state] ?? ''} ${item.name}`);
    const done = phase.items.filter((item) => item.state === 'done').length;
    return `| ${phase.number === 'reference' ? '' : phase.number} | ${phase.title} | ${phase.state} | ${done}/${phase.items.length} | ${items.join('<br>')} |`;
  });
  if (rows.length === 0) return '';
  return ['| | Phase | State | Done | |', '|---|---|---|---|---|', ...rows].join('\n');
}

function renderWindow({ step, opensAt, closesAt, approvals }: WindowProgress): string {
  if (opensAt === undefined) return '';
  const payload = { now: step, by: '<your name>', reason: '<why>' };
  const given = approvals?.given ?? [];
  return [
    `**Waits for its maintenance window**, from ${opensAt} to ${closesAt ?? ''}. To begin ${plain(step)} now, send an update or signal \`resume\`:`,
    '',
    '```json',
    JSON.stringify(payload, undefined, 2),
    '```',
    ...(approvals === undefined
      ? []
      : ['', `- approvals: ${given.length} of ${approvals.required} ${plain(given.join(', '))}`]),
  ].join('\n');
}

function renderGate(gate: OpenGate): string {
  const example = gate.examples[0];
  return [
    `**Open: \`${gate.id}\`** ${plain(gate.question)}`,
    '',
    ...gate.facts.map((fact) => `- ${plain(fact)}`),
    ...(gate.approvals
      ? [
          `- approvals: ${gate.approvals.given.length} of ${gate.approvals.required} ${plain(gate.approvals.given.join(', '))}`,
        ]
      : []),
    ...(gate.actions ? [`- actions: ${gate.actions.join(', ')}`] : []),
    ...(example
      ? [
          '',
          `Send an update or signal \`${example.message}\`:`,
          '',
          '```json',
          JSON.stringify(example.payload, undefined, 2),
          '```',
        ]
      : []),
  ].join('\n');
}
