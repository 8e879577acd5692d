import { patched } from '@temporalio/workflow';
import { hostChangeId } from '../model/ledger';
import type { AbortMessage, PauseMessage, ResumeMessage } from '../model/messages';
import type { Recovery } from '../model/recovery';
import { decideGateId } from './message-guards';
import { recordAudit, type RunState } from './run-state';

/** Taking checked messages that steer the whole run. Each answer says when it takes effect: at a safe point (design §6). */

export function takePause(state: RunState, { by, reason }: PauseMessage, now: Date): string {
  state.pause = { by, reason };
  recordAudit(state, now.toISOString(), { by, what: 'pause', on: 'run', why: reason });
  const step = stepUnderWay(state);
  if (step === undefined)
    return 'The run is paused from now on: it begins nothing before "resume". Open gates can be answered meanwhile.';
  const recovery = recoveryUnderWay(state);
  return recovery !== undefined
    ? `The run pauses as soon as the part of the recovery of ${recovery.host.name} that is in work is done, before the next one is begun. ${whereThen(recovery, state)}; the recovery goes on after "resume". Until then: ${state.now}`
    : `The run pauses as soon as ${step} is done, before anything else is begun. Until then: ${state.now}`;
}

export function takeResume(state: RunState, message: ResumeMessage, at: Date): string {
  if (message.now !== undefined) return takeNow(state, message.now, message, at);
  const { by, reason } = message;
  delete state.pause;
  const why = reason === undefined ? {} : { why: reason };
  recordAudit(state, at.toISOString(), { by, what: 'resume', on: 'run', ...why });
  return 'The run goes on.';
}

/**
 * Approvers let one step begin outside of its maintenance window: as many as a gate needs, since the plan was approved
 * with its window. A paused run goes on with it.
 */
function takeNow(state: RunState, step: string, { by, reason = '' }: ResumeMessage, at: Date): string {
  const { window, plan } = state;
  if (window === undefined) return 'nothing changed';
  recordAudit(state, at.toISOString(), { by, what: 'resume now', on: step, why: reason });
  const { required = 1, expireAfterMs = Infinity } = plan?.approvals ?? {};
  // As at a gate, what is older than an approval may be no longer counts, and nobody counts twice.
  const counts = (window.letBegin ?? []).filter(
    (one) => one.by !== by && at.getTime() - Date.parse(one.at) < expireAfterMs,
  );
  const given = [...counts, { by, reason, at: at.toISOString() }];
  // Until then a run let one person decide, whatever its gates needed.
  if (given.length < required && patched('vta-begin-now-needs-all-approvers')) {
    window.letBegin = given;
    return `Approval ${given.length} of ${required} to begin ${step} now; ${required - given.length} more needed, of other approvers. It waits for its maintenance window meanwhile.`;
  }
  const resumed = state.pause === undefined ? '' : ' The run is not paused any more.';
  delete state.pause;
  const names = given.map((one) => one.by).join(', ');
  window.now = { by: names, reason: [...new Set(given.map((one) => one.reason))].join('; ') };
  return `${step} is begun now, whatever its maintenance window says, as soon as nothing else holds it.${resumed} What comes after it waits for the window again.`;
}

export function takeAbort(state: RunState, { by, reason }: AbortMessage, now: Date): string {
  state.abort = { by, reason };
  recordAudit(state, now.toISOString(), { by, what: 'abort', on: 'run', why: reason });
  if (state.plan === undefined) return 'The run ends now. Nothing was changed.';
  const step = stepUnderWay(state);
  const recovery = recoveryUnderWay(state);
  const left =
    recovery === undefined
      ? ''
      : ` ${whereThen(recovery, state)}${recovery.done.includes('evidence') ? '; a host that was removed is brought back first by the next run' : ''}.`;
  const end = 'Temporary changes are put back; the report says what is true.';
  if (Object.keys(state.gates).length > 0)
    return `The run ends now, since it waits for people${step === undefined ? '' : `; ${step} is left as it is`}.${left} ${end}`;
  if (step === undefined) return `The run ends now.${left} ${end}`;
  return recovery === undefined
    ? `The run ends as soon as ${step} is done, never in the middle of it. Until then: ${state.now}`
    : `The run ends as soon as the part of the recovery of ${recovery.host.name} that is in work is done, and the rest of it is not begun.${left} Until then: ${state.now}`;
}

/** The step that is being done now; one that is parked or paused, or waits for its window once more, is not. */
function stepUnderWay({ step, attempts, gates, window, held, atRest }: RunState): string | undefined {
  if (
    step === undefined ||
    atRest === true ||
    window?.step === step ||
    step === `host:${held?.host}` ||
    gates[decideGateId(step, attempts[step] ?? 0)] !== undefined
  )
    return undefined;
  return step;
}

/** The recovery that the step under way is about: it stops between its parts, unlike any other step. */
function recoveryUnderWay({ step, answers, attempts, recoveries }: RunState): Recovery | undefined {
  if (step === undefined) return undefined;
  const decided = answers[decideGateId(step, attempts[step] ?? 0)]?.outcome;
  return Object.values(recoveries).find(
    ({ host: { name, uuid } }) =>
      (step === `host:${name}` && decided === 'recover') || step === `leftover:${hostChangeId('host-removed', uuid)}`,
  );
}

/** Where its host is when the part that is in work is done, as far as that can be told before. */
function whereThen({ host, cluster, done, newId, removalBegun, neverRemoved }: Recovery, { gates }: RunState): string {
  const asked = Object.keys(gates).some((id) => id.startsWith(`recovery:${host.name}:`));
  const begun = removalBegun === true || done.includes('removal');
  if (!done.includes('evidence') || (asked && !begun)) return `${host.name} is left as it is`;
  return neverRemoved === true || newId !== undefined || done.includes('configuration')
    ? `${host.name} is in ${cluster.name} then, but perhaps neither verified nor in service`
    : `${host.name} may be OUT of ${cluster.name} then`;
}
