import type { ApproveMessage, DecideMessage, Decision, RejectMessage } from '../model/messages';
import type { OpenGate } from '../model/progress';
import { decideGateId } from './message-guards';
import { recordAudit, type GateAnswer, type RunState } from './run-state';

/** What a gate asks. */
export interface Question {
  /** It need not be answered. */
  closes?: true;
  id: string;
  question: string;
  facts: string[];
  digest: string;
}

/** Opens a gate that is approved or rejected; an open one with the same digest stays as it is (after continue-as-new). */
export function openApprovalGate(state: RunState, question: Question, now: Date, expireAfterMs: number): void {
  const open = state.gates[question.id];
  if (open?.digest === question.digest) return;
  const required = state.plan?.approvals.required ?? 1;
  const payload = { gate: question.id, digest: question.digest, by: '<your name>', reason: '<why>' };
  openGate(state, {
    id: question.id,
    question: question.question,
    facts: question.facts,
    ...times(now, expireAfterMs),
    ...(question.closes === undefined ? {} : { closes: question.closes }),
    digest: question.digest,
    approvals: { given: [], required },
    examples: [
      { message: 'approve', payload },
      { message: 'reject', payload },
    ],
  });
}

/** The approval of this very question, if it was given: what was approved with one digest counts for no other. */
export function keptApproval(state: RunState, { id, digest }: Question): GateAnswer | undefined {
  const answer = state.answers[id];
  return answer?.outcome === 'approved' && answer.digest === digest ? answer : undefined;
}

/** What a `decide` gate asks. */
export interface DecisionAsked {
  step: string;
  attempt: number;
  facts: string[];
  /** Not given: the step failed. */
  question?: string;
  /** Not given: retry and abort, which are always possible after a failure. */
  actions?: Decision[];
}

/** Opens the gate that asks what to do, after a failed step or where a person must do something; an open one stays. */
export function openDecideGate(
  state: RunState,
  { step, attempt, facts, question, actions = ['retry', 'abort'] }: DecisionAsked,
  now: Date,
  expireAfterMs: number,
): void {
  const id = decideGateId(step, attempt);
  if (state.gates[id] !== undefined) return;
  openGate(state, {
    id,
    question: question ?? `${step} failed (attempt ${attempt}). What now?`,
    facts,
    ...times(now, expireAfterMs),
    step,
    attempt,
    actions,
    examples: actions.map((action) => decideExample(step, attempt, action)),
  });
}

function decideExample(step: string, attempt: number, action: Decision): OpenGate['examples'][number] {
  return { message: 'decide', payload: { step, attempt, action, by: '<your name>', reason: '<why>' } };
}

/**
 * Adds an action to an open gate, or says why it is not offered.
 * @param refusal why it would break a rule; undefined when it would not
 */
export function offer(state: RunState, id: string, action: 'skip' | 'recover', refusal: string | undefined): void {
  const gate = state.gates[id];
  if (gate?.actions === undefined || gate.step === undefined || gate.attempt === undefined) return;
  const notOffered = `"${action}" is not offered:`;
  if (gate.actions.includes(action) || gate.facts.some((fact) => fact.startsWith(notOffered))) return;
  if (refusal !== undefined) {
    gate.facts.push(`${notOffered} ${refusal}`);
    return;
  }
  // "abort" stays the last one.
  gate.actions.splice(-1, 0, action);
  gate.examples.splice(-1, 0, decideExample(gate.step, gate.attempt, action));
}

/** Tells something more at an open gate; once for what stands before its first colon. */
export function addFact(state: RunState, id: string, fact: string): void {
  const about = fact.slice(0, fact.indexOf(':') + 1);
  const gate = state.gates[id];
  if (gate !== undefined && !gate.facts.some((known) => known.startsWith(about))) gate.facts.push(fact);
}

function openGate(state: RunState, gate: OpenGate): void {
  // How long people take says nothing about how long the step takes.
  delete state.timing;
  delete state.answers[gate.id];
  state.gates[gate.id] = gate;
  recordAudit(state, gate.openedAt, { by: 'run', what: 'gate opened', on: gate.id, why: gate.question });
}

function times(now: Date, expireAfterMs: number): { openedAt: string; expiresAt: string } {
  return { openedAt: now.toISOString(), expiresAt: new Date(now.getTime() + expireAfterMs).toISOString() };
}

/** A gate that nobody answered in time stays open: it reminds once, and gets a new time. */
export function renewGate(state: RunState, id: string, now: Date, expireAfterMs: number): void {
  const gate = state.gates[id];
  if (gate === undefined) return;
  gate.expiresAt = times(now, expireAfterMs).expiresAt;
  gate.reminders = (gate.reminders ?? 0) + 1;
  const given = gate.approvals?.given ?? [];
  // An approval that is older than the expiry no longer counts: what was approved may have become another thing.
  if (gate.approvals) gate.approvals.given = [];
  const voided = given.length === 0 ? '' : `; the approval of ${given.join(', ')} no longer counts`;
  const what = gate.step === undefined ? 'reminder' : 'escalation';
  const why = `nobody answered in time (${what} ${gate.reminders})${voided}`;
  recordAudit(state, now.toISOString(), { by: 'run', what, on: id, why });
}

/** Closes a gate that nobody had to answer and nobody answered in time. */
export function closeGate(state: RunState, id: string, now: Date): void {
  delete state.gates[id];
  recordAudit(state, now.toISOString(), { by: 'run', what: 'gate closed', on: id, why: 'nobody answered in time' });
}

/** Takes a checked approval. Returns what to tell the sender. */
export function takeApproval(state: RunState, message: ApproveMessage, now: Date): string {
  const gate = state.gates[message.gate];
  if (gate?.approvals === undefined) return 'nothing changed';
  gate.approvals.given.push(message.by);
  audit(state, now, message, 'approved', message.gate);
  const { given, required } = gate.approvals;
  if (given.length < required)
    return `Approval ${given.length} of ${required} for ${message.gate}; ${required - given.length} more needed.`;
  close(state, message.gate, {
    outcome: 'approved',
    by: given,
    at: now.toISOString(),
    digest: message.digest,
    ...why(message),
  });
  return `${message.gate} is approved by ${given.join(', ')}; the run goes on.`;
}

/** Takes a checked rejection: one is enough. */
export function takeRejection(state: RunState, message: RejectMessage, now: Date): string {
  audit(state, now, message, 'rejected', message.gate);
  close(state, message.gate, {
    outcome: 'rejected',
    by: [message.by],
    at: now.toISOString(),
    digest: message.digest,
    ...why(message),
  });
  return `${message.gate} is rejected.`;
}

/** Takes a checked decision. */
export function takeDecision(state: RunState, message: DecideMessage, now: Date): string {
  const id = decideGateId(message.step, message.attempt);
  audit(state, now, message, `decided ${message.action}`, id);
  close(state, id, { outcome: message.action, by: [message.by], at: now.toISOString(), ...why(message) });
  return `${message.step}, attempt ${message.attempt}: ${message.action}.`;
}

function close(state: RunState, id: string, answer: GateAnswer): void {
  delete state.gates[id];
  state.answers[id] = answer;
}

function why(message: { reason?: string }): { reason?: string } {
  return message.reason === undefined ? {} : { reason: message.reason };
}

function audit(state: RunState, now: Date, message: { by: string; reason?: string }, what: string, on: string): void {
  const reason = message.reason === undefined ? {} : { why: message.reason };
  recordAudit(state, now.toISOString(), { by: message.by, what, on, ...reason });
}
