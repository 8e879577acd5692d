import { DECISIONS, type Decision } from '../model/messages';
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
  return [
    `**Open: \`${gate.id}\`** ${plain(gate.question)}`,
    '',
    ...gate.facts.map((fact) => `- ${plain(fact)}`),
    ...(gate.approvals
      ? [
          `- approvals: ${gate.approvals.given.length} of ${gate.approvals.required} ${plain(gate.approvals.given.join(', '))}`,
        ]
      : []),
    ...(gate.digest === undefined ? gate.examples.flatMap(renderDecision) : renderAnswer(gate.examples[0])),
  ].join('\n');
}

type Example = OpenGate['examples'][number];

/** Approval and rejection take the same payload, whose digest may be long. */
function renderAnswer(example: Example | undefined): string[] {
  if (example === undefined) return [];
  return renderPayload('Say yes: send an update or signal `approve`. Say no: `reject`.', example);
}

const WHAT_A_DECISION_DOES: Record<Decision, string> = {
  retry: 'try it again, from what is true then',
  skip: 'leave it out and go on',
  recover: 'remove the host, revert it, add it again and verify it; its removal is asked about once more',
  reverted: 'say that it was done; the run verifies that by the host itself',
  abort: 'end the run in order; the report says what is true',
};

function renderDecision(example: Example): string[] {
  const action = DECISIONS.find((known) => known === example.payload['action']);
  if (action === undefined) return [];
  const what = WHAT_A_DECISION_DOES[action];
  return renderPayload(`To ${what}, send an update or signal \`${example.message}\`:`, example);
}

function renderPayload(line: string, { payload }: Example): string[] {
  return ['', line, '', '```json', JSON.stringify(payload), '```'];
}
