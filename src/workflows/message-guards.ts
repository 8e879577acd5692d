import { DECISIONS, type Decision, type ResumeMessage } from '../model/messages';
import type { OpenGate } from '../model/progress';
import type { ErrorCode } from '../model/error-codes';
import type { RunState } from './run-state';

/**
 * Checks of what people send. Synchronous and pure: validators of updates must not await, and zod would double the
 * workflow bundle. A refusal says what is wrong, what is true now and what to send instead.
 */
export interface Refusal {
  code: ErrorCode;
  message: string;
  /**
   * What was answered is not asked, or not offered, yet. A worker that replays a history may take a message before it
   * takes the result of the activity that made the run ask: when the message came, that result was there.
   */
  early?: true;
}

interface FieldRule {
  type: 'string' | 'number';
  optional?: boolean;
  /** Most characters. */
  longest?: number;
}

const BY: FieldRule = { type: 'string', longest: 200 };
const REASON: FieldRule = { type: 'string', longest: 2000 };
const OPTIONAL_REASON: FieldRule = { ...REASON, optional: true };
const NAME: FieldRule = { type: 'string', longest: 500 };

const APPROVAL_FIELDS: Record<string, FieldRule> = {
  gate: NAME,
  // That of a phase names each host that was left behind.
  digest: { type: 'string', longest: 20_000 },
  by: BY,
  reason: OPTIONAL_REASON,
};
const DECIDE_FIELDS: Record<string, FieldRule> = {
  step: NAME,
  attempt: { type: 'number' },
  action: NAME,
  by: BY,
  reason: REASON,
};
const PERSON_FIELDS: Record<string, FieldRule> = { by: BY, reason: REASON };
const RESUME_FIELDS: Record<string, FieldRule> = { by: BY, now: { ...NAME, optional: true }, reason: OPTIONAL_REASON };

/** How much of somebody's text a refusal repeats. */
const SHOWN = 120;

/** A message must be one object with exactly the fields of its kind. */
function checkShape(message: string, value: unknown, fields: Record<string, FieldRule>): Refusal | undefined {
  const example = `${message} takes one JSON object with ${Object.entries(fields)
    .map(([name, rule]) => (rule.optional ? `${name} (optional)` : name))
    .join(', ')}`;
  const invalid = (what: string): Refusal => ({ code: 'VTA_MESSAGE_INVALID', message: `${what}${example}.` });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'VTA_MESSAGE_INVALID', message: `${example}; got ${kindOf(value)}.` };
  const given = value as Record<string, unknown>;
  for (const name of Object.keys(given))
    if (!Object.hasOwn(fields, name)) return invalid(`Unknown field "${shown(name)}": `);
  for (const [name, rule] of Object.entries(fields)) {
    const field = Object.hasOwn(given, name) ? given[name] : undefined;
    if (field === undefined) {
      if (rule.optional) continue;
      return invalid(`Field "${name}" is missing: `);
    }
    if (typeof field !== rule.type) return invalid(`Field "${name}" must be a ${rule.type}, got ${kindOf(field)}: `);
    if (typeof field !== 'string') continue;
    if (!rule.optional && field.trim() === '') return invalid(`Field "${name}" must not be empty: `);
    if (rule.longest !== undefined && field.length > rule.longest)
      return invalid(`Field "${name}" must be at most ${rule.longest} characters, got ${field.length}: `);
  }
  return undefined;
}

/** What was sent, for people: the SDK's clients and the CLI send nothing, null, lists and texts alike. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function shown(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

/** Only those whom the infrastructure file names may answer (M10). */
function checkPerson(state: RunState, by: string): Refusal | undefined {
  const approvers = state.plan?.approvals.approvers ?? [];
  if (state.plan === undefined)
    return {
      code: 'VTA_GATE_NOT_OPEN',
      message: 'The plan is still being made and nothing is being changed; nothing can be answered yet.',
      early: true,
    };
  if (approvers.length === 0 || approvers.includes(by)) return undefined;
  return {
    code: 'VTA_APPROVER_UNKNOWN',
    message: `"${shown(by)}" is not an approver of this infrastructure. Approvers: ${approvers.join(', ')}.`,
  };
}

function openGateList(state: RunState): string {
  const ids = Object.keys(state.gates);
  return ids.length === 0 ? 'No gate is open.' : `Open: ${ids.join(', ')}.`;
}

function checkOpen(state: RunState, gate: string): Refusal | OpenGate {
  const open = state.gates[gate];
  if (open !== undefined) return open;
  const answer = state.answers[gate];
  const before =
    answer === undefined ? '' : ` It was answered: ${answer.outcome} by ${answer.by.join(', ')} at ${answer.at}.`;
  return {
    code: 'VTA_GATE_NOT_OPEN',
    message: `Gate "${shown(gate)}" is not open.${before} ${openGateList(state)}`,
    ...(answer === undefined ? { early: true } : {}),
  };
}

function isRefusal(value: Refusal | OpenGate): value is Refusal {
  return 'code' in value;
}

/** Why an approval or rejection cannot be taken, or undefined. */
export function checkAnswer(state: RunState, kind: 'approve' | 'reject', value: unknown): Refusal | undefined {
  const shape = checkShape(kind, value, APPROVAL_FIELDS);
  if (shape) return shape;
  const { gate: id, digest, by } = value as { gate: string; digest: string; by: string };
  const person = checkPerson(state, by);
  if (person) return person;
  const gate = checkOpen(state, id);
  if (isRefusal(gate)) return gate;
  if (gate.digest === undefined)
    return {
      code: 'VTA_MESSAGE_INVALID',
      message: `Gate "${id}" asks for a decision: send "decide" with step, attempt and one of ${(gate.actions ?? []).join(', ')}.`,
    };
  if (gate.digest !== digest)
    return {
      code: 'VTA_DIGEST_STALE',
      message: `The digest is not the one of gate "${id}": got ${shown(digest)}, current is ${gate.digest}. Look at what is asked now before you answer.`,
      early: true,
    };
  if (kind === 'approve' && gate.approvals?.given.includes(by))
    return {
      code: 'VTA_GATE_NOT_OPEN',
      message: `"${by}" has approved gate "${id}" already; ${gate.approvals.required} different approvers are needed.`,
    };
  return undefined;
}

/** Why a decision cannot be taken, or undefined. */
export function checkDecide(state: RunState, value: unknown): Refusal | undefined {
  const shape = checkShape('decide', value, DECIDE_FIELDS);
  if (shape) return shape;
  const { step, attempt, action, by } = value as { step: string; attempt: number; action: string; by: string };
  const person = checkPerson(state, by);
  if (person) return person;
  const id = decideGateId(step, attempt);
  const gate = checkOpen(state, id);
  if (isRefusal(gate)) return gate;
  if (!DECISIONS.includes(action as Decision) || !gate.actions?.includes(action as Decision))
    return {
      code: 'VTA_ACTION_NOT_OFFERED',
      message: `"${shown(action)}" is not offered here${whyNotOffered(gate, action)}. Offered: ${(gate.actions ?? []).join(', ')}.`,
      early: true,
    };
  return undefined;
}

/** The reason that the gate tells, if it is about that action. */
function whyNotOffered({ facts }: OpenGate, action: string): string {
  const notOffered = `"${action}" is not offered: `;
  const reason = facts.find((fact) => fact.startsWith(notOffered))?.slice(notOffered.length);
  return reason === undefined ? '' : `: ${reason}`;
}

/** Why pause cannot be taken, or undefined. */
export function checkPause(state: RunState, value: unknown): Refusal | undefined {
  const refusal = checkSteering(state, 'pause', value, PERSON_FIELDS);
  if (refusal) return refusal;
  if (state.pause === undefined) return undefined;
  return notNow(`The run is paused already, by ${state.pause.by}: ${state.pause.reason}`);
}

/** Why abort cannot be taken, or undefined. While the plan is made anybody may: nothing was changed. */
export function checkAbort(state: RunState, value: unknown): Refusal | undefined {
  if (state.plan === undefined) return checkShape('abort', value, PERSON_FIELDS) ?? whetherEnding(state);
  return checkSteering(state, 'abort', value, PERSON_FIELDS);
}

/** Why resume cannot be taken, or undefined. */
export function checkResume(state: RunState, value: unknown): Refusal | undefined {
  const refusal = checkSteering(state, 'resume', value, RESUME_FIELDS);
  if (refusal) return refusal;
  const { now, reason } = value as ResumeMessage;
  if (now !== undefined) return checkNow(state, now, reason);
  if (state.pause !== undefined) return undefined;
  const waits =
    state.window === undefined ? '' : ` It waits for its maintenance window; "now" with a step lets that be begun.`;
  return notNow(`The run is not paused; nothing to resume.${waits}`);
}

/** Only the step that waits may be let begin outside of its window, and nobody may mean another one. */
function checkNow({ window }: RunState, step: string, reason: string | undefined): Refusal | undefined {
  if (window === undefined)
    return notNow(`Nothing waits for its maintenance window, so "${shown(step)}" cannot be begun now.`);
  if (window.step !== step)
    return notNow(`"${shown(step)}" does not wait for its maintenance window; what waits is "${window.step}".`);
  if (window.now !== undefined) return notNow(`${step} is being begun already, by ${window.now.by}.`);
  if (window.opensAt === undefined)
    return notNow(`${step} waits for a decision, since no opening is long enough: decide "retry" to begin it now.`);
  if (reason === undefined || reason.trim() === '')
    return {
      code: 'VTA_MESSAGE_INVALID',
      message: 'Field "reason" is missing: why a step is begun outside of its maintenance window is recorded.',
    };
  return undefined;
}

function checkSteering(
  state: RunState,
  kind: string,
  value: unknown,
  fields: Record<string, FieldRule>,
): Refusal | undefined {
  const shape = checkShape(kind, value, fields);
  return shape ?? checkPerson(state, (value as { by: string }).by) ?? whetherEnding(state);
}

function whetherEnding({ abort, closing }: RunState): Refusal | undefined {
  if (closing === 'ended') return notNow('The run has ended.');
  if (closing === 'finishing') return notNow('The run is over: it puts back what it changed for a while, and ends.');
  if (abort === undefined) return undefined;
  return notNow(`The run is being ended, by ${abort.by}: ${abort.reason}`);
}

/** There is no code of its own for each of these: the sentence says it. */
function notNow(message: string): Refusal {
  return { code: 'VTA_GATE_NOT_OPEN', message };
}

/** Id of the gate that asks what to do after a failed step. */
export function decideGateId(step: string, attempt: number): string {
  return `decide:${step}:${attempt}`;
}
