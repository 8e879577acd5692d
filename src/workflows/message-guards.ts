import { DECISIONS, type Decision } from '../model/messages';
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
}

interface FieldRule {
  type: 'string' | 'number';
  optional?: boolean;
}

const APPROVAL_FIELDS: Record<string, FieldRule> = {
  gate: { type: 'string' },
  digest: { type: 'string' },
  by: { type: 'string' },
  reason: { type: 'string', optional: true },
};
const DECIDE_FIELDS: Record<string, FieldRule> = {
  step: { type: 'string' },
  attempt: { type: 'number' },
  action: { type: 'string' },
  by: { type: 'string' },
  reason: { type: 'string' },
};
const PERSON_FIELDS: Record<string, FieldRule> = { by: { type: 'string' }, reason: { type: 'string' } };
const RESUME_FIELDS: Record<string, FieldRule> = {
  by: { type: 'string' },
  reason: { type: 'string', optional: true },
};

const MAX_TEXT = 2000;

/** A message must be one object with exactly the fields of its kind. */
function checkShape(message: string, value: unknown, fields: Record<string, FieldRule>): Refusal | undefined {
  const example = `${message} takes one JSON object with ${Object.entries(fields)
    .map(([name, rule]) => (rule.optional ? `${name} (optional)` : name))
    .join(', ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'VTA_MESSAGE_INVALID', message: `${example}; got ${value === null ? 'null' : typeof value}.` };
  const given = value as Record<string, unknown>;
  for (const name of Object.keys(given))
    if (!(name in fields)) return { code: 'VTA_MESSAGE_INVALID', message: `Unknown field "${name}": ${example}.` };
  for (const [name, rule] of Object.entries(fields)) {
    const field = given[name];
    if (field === undefined) {
      if (rule.optional) continue;
      return { code: 'VTA_MESSAGE_INVALID', message: `Field "${name}" is missing: ${example}.` };
    }
    if (typeof field !== rule.type)
      return {
        code: 'VTA_MESSAGE_INVALID',
        message: `Field "${name}" must be a ${rule.type}, got ${typeof field}: ${example}.`,
      };
    if (typeof field === 'string' && (field.trim() === '' || field.length > MAX_TEXT) && !rule.optional)
      return {
        code: 'VTA_MESSAGE_INVALID',
        message: `Field "${name}" must not be empty and at most ${MAX_TEXT} characters: ${example}.`,
      };
  }
  return undefined;
}

/** Only those whom the infrastructure file names may answer (M10). */
function checkPerson(state: RunState, by: string): Refusal | undefined {
  const approvers = state.plan?.approvals.approvers ?? [];
  if (state.plan === undefined)
    return { code: 'VTA_GATE_NOT_OPEN', message: 'The plan is still being made; nothing can be answered yet.' };
  if (approvers.length === 0 || approvers.includes(by)) return undefined;
  return {
    code: 'VTA_APPROVER_UNKNOWN',
    message: `"${by}" is not an approver of this infrastructure. Approvers: ${approvers.join(', ')}.`,
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
  return { code: 'VTA_GATE_NOT_OPEN', message: `Gate "${gate}" is not open.${before} ${openGateList(state)}` };
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
      message: `The digest is not the one of gate "${id}": got ${digest}, current is ${gate.digest}. Look at what is asked now before you answer.`,
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
      message: `"${action}" is not offered here. Offered: ${(gate.actions ?? []).join(', ')}.`,
    };
  return undefined;
}

/** Why pause or abort cannot be taken, or undefined. */
export function checkPauseOrAbort(state: RunState, kind: 'pause' | 'abort', value: unknown): Refusal | undefined {
  return checkShape(kind, value, PERSON_FIELDS) ?? checkPerson(state, (value as { by: string }).by);
}

/** Why resume cannot be taken, or undefined. */
export function checkResume(state: RunState, value: unknown): Refusal | undefined {
  const refusal = checkShape('resume', value, RESUME_FIELDS) ?? checkPerson(state, (value as { by: string }).by);
  if (refusal) return refusal;
  if (state.pause === undefined)
    return { code: 'VTA_GATE_NOT_OPEN', message: 'The run is not paused; nothing to resume.' };
  return undefined;
}

/** Id of the gate that asks what to do after a failed step. */
export function decideGateId(step: string, attempt: number): string {
  return `decide:${step}:${attempt}`;
}
