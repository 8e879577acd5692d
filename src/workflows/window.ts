import { describeWindow } from '../planner/describe-window';
import type { WindowAnswer } from '../model/maintenance-window';
import { fail } from './failures';
import { decideGateId } from './message-guards';
import type { NeededTime } from './needed-time';
import { reads } from './proxies';
import type { Run } from './run';

/** Something that is begun inside of the maintenance window only. */
export interface WindowedStep {
  /** `host:<name>` or `vcenter:<name>`. */
  step: string;
  needed: NeededTime;
  /**
   * Stages what can be staged, before it is waited for the window (M3); done by the time, milliseconds since 1970, at
   * which the window opens.
   */
  stage(until: number): Promise<void>;
}

/**
 * Waits, before a host or vCenter is begun, until it would end inside of the maintenance window (M13). Nothing is in work
 * meanwhile: pause and abort take effect at once. Where no opening is ever long enough, people are asked; an approver may
 * let it begin at any time.
 * @returns whether it may be begun at this very moment; false when it was waited: what was looked at before may no
 * longer be true, and this is asked again right before it is begun
 * @throws RunEnds when somebody aborts the run meanwhile
 */
export async function passWindow(run: Run, { step, needed: asked, stage }: WindowedStep): Promise<boolean> {
  let needed = asked;
  const { state, plan } = run;
  // What was begun before the run continued as new is in work: no window holds it any more.
  if (plan.window === undefined || (state.attempts[step] !== undefined && !isLate(run, step))) return true;
  if (state.window?.step === step && state.window.now !== undefined) {
    const { by, reason } = state.window.now;
    endWindowWait(run, `it is begun now, whatever the window says: ${by}: ${reason}`);
    delete state.beginBy;
    return true;
  }
  return await run.attempt(`window:${step}`, async (attempt) => {
    if (takeRetry(run, step, attempt)) return false;
    for (;;) {
      await run.betweenParts();
      if (state.window?.now !== undefined) return false;
      const answer = await run.unlessSteered(() => readWindow(run, step, needed.ms));
      // Somebody may have steered the run, or let the step begin, while it was asked.
      const steered = state.pause !== undefined || state.abort !== undefined || state.window?.now !== undefined;
      if (answer === undefined || steered) continue;
      if (answer.kind === 'now') {
        // The answer may have waited for a worker.
        if (answer.closesAt - Date.now() < needed.ms) continue;
        const missed = state.beginBy?.step === step ? state.beginBy.missed : undefined;
        const { closesAt } = answer;
        state.beginBy = { step, at: closesAt - needed.ms, closesAt, ...(missed === undefined ? {} : { missed }) };
        return !endWindowWait(run, `it is open until ${answer.closes}`);
      }
      if (answer.kind === 'never') {
        // What was measured may hold an outage: what is usual decides then.
        if (needed.usualMs < needed.ms) {
          needed = { ms: needed.usualMs, usualMs: needed.usualMs, how: 'estimated' };
          continue;
        }
        throw tooShort(run, step, needed, answer);
      }
      beginWait(run, step, needed, answer);
      await stage(answer.opensAt);
      run.say(state.window?.why ?? '');
      await run.writeAudit(false);
      const summary = `${step}: waits for the maintenance window`;
      await run.rest(answer.opensAt, () => state.window?.now !== undefined, summary);
    }
  });
}

/**
 * Whether the window that let something begin no longer does, since no worker was there in between: right before the
 * first change is the last moment at which it may still wait for the next one.
 */
export function isLate({ state }: Run, step: string): boolean {
  return state.beginBy?.step === step && Date.now() > state.beginBy.at;
}

/**
 * What was to make the first change found that the last moment for it had passed: nobody was there to make it, or it was
 * not safe to. The step waits for the next opening.
 * @returns how often that has happened to it
 */
export function missOpening(run: Run, step: string): number {
  const { beginBy } = run.state;
  const missed = (beginBy?.missed ?? 0) + 1;
  run.state.beginBy = { ...beginBy, step, at: 0, missed };
  run.state.begun = run.state.begun.filter((name) => !step.endsWith(`:${name}`));
  run.audit('not begun', step, 'its window would have closed before its end; it runs what it ran');
  run.warn(
    `${step} was not begun: when its turn had come, its maintenance window would have closed before its end: no worker was there in time, or what comes before its first change took too long. It runs what it ran, and waits for the next opening.`,
  );
  return missed;
}

/**
 * People are asked when a step has missed its second opening.
 * @param end what would not have come to pass in time
 * @param slow what must have been done before
 * @param now what is true of it
 */
export function missedAgain(end: string, slow: string, now: string): Error {
  return fail(
    'VTA_WINDOW_TOO_SHORT',
    `For the second time the maintenance window would have closed before ${end}: what comes before ${slow} took too long, or no worker was there. ${now} "retry" begins it at once, inside of the window or not; "abort" ends the run, and a new one may have a longer window.`,
  );
}

/** How long a step takes is counted from when it is begun after all. */
export function beginTiming({ state }: Run, step: string): void {
  state.timing = { step, since: Date.now() };
}

async function readWindow(run: Run, step: string, neededMs: number): Promise<WindowAnswer> {
  const { pace, window } = run.plan;
  if (window === undefined) throw fail('VTA_OUTCOME_UNKNOWN', 'The plan has no maintenance window.');
  const asking = reads(pace, `${step}: is the maintenance window open?`);
  // The clocks of server and worker may differ: an opening that was missed is over for this step.
  const { beginBy } = run.state;
  const over = beginBy?.step === step && beginBy.at === 0 ? (beginBy.closesAt ?? 0) : 0;
  return await asking.vtaReadWindow({ ...run.ref, pace, window, at: Math.max(Date.now(), over), neededMs });
}

/** Somebody who was told that no opening is long enough, and decided "retry", wants it begun. */
function takeRetry({ state }: Run, step: string, attempt: number): boolean {
  const { window } = state;
  if (window?.step !== step || window.opensAt !== undefined) return false;
  const answer = state.answers[decideGateId(`window:${step}`, attempt - 1)];
  if (answer === undefined) return false;
  window.now = { by: answer.by.join(', '), reason: answer.reason ?? 'decided "retry"' };
  return true;
}

function beginWait(run: Run, step: string, needed: NeededTime, { opensAt, opens, closesAt, closes }: Later): void {
  const { state } = run;
  const opensIso = new Date(opensAt).toISOString();
  const told = state.window?.opensAt === opensIso;
  const { letBegin } = state.window ?? {};
  state.window = {
    step,
    since: state.window?.since ?? new Date().toISOString(),
    ...(letBegin === undefined ? {} : { letBegin }),
    opensAt: opensIso,
    closesAt: new Date(closesAt).toISOString(),
    why: `${step} waits for the maintenance window: it takes about ${minutes(needed.ms)} (${needed.how}), and the next opening that is long enough is from ${opens} to ${closes}. Nothing is in work; the run goes on by itself then.`,
  };
  if (!told)
    run.audit('waits for its window', step, `from ${opens} to ${closes}; takes ${minutes(needed.ms)}, ${needed.how}`);
}

type Later = Extract<WindowAnswer, { kind: 'later' }>;

/** Nothing waits for the window any more, if anything did. @returns whether anything did */
export function endWindowWait(run: Run, why: string): boolean {
  const { window } = run.state;
  if (window === undefined) return false;
  run.audit('no longer waits for its window', window.step, `waited since ${window.since}; ${why}`);
  delete run.state.window;
  return true;
}

function tooShort(run: Run, step: string, { ms, how }: NeededTime, { longestMs }: { longestMs: number }): Error {
  const { window } = run.plan;
  const why =
    `No opening of the maintenance window (${window === undefined ? '' : describeWindow(window)}) is long enough for ${step}: it takes about ` +
    `${minutes(ms)} (${how}) and needs a tenth more to begin in time, and the longest opening within a year lasts ${minutes(longestMs)}. Nothing was done to it. ` +
    `"retry" begins it at once, inside of the window or not; "abort" ends the run, and a new one may have a longer window.`;
  run.state.window = { step, since: run.state.window?.since ?? new Date().toISOString(), why };
  return fail('VTA_WINDOW_TOO_SHORT', why);
}

/** What the window says to people who decide about a step that failed: what they decide is done at once. */
export async function windowFact(run: Run, step: string): Promise<string> {
  const answer = await readWindow(run, step, 0);
  const anyway = '"retry" goes on at once, inside of it or not';
  if (answer.kind === 'now') return `maintenance window: open until ${answer.closes}; ${anyway}`;
  if (answer.kind === 'never') return `maintenance window: does not open within a year; ${anyway}`;
  return `maintenance window: closed until ${answer.opens}; ${anyway}`;
}

function minutes(milliseconds: number): string {
  return `${Math.max(Math.ceil(milliseconds / 60_000), 1)} min`;
}
