import {
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { Plan } from '../model/plan';
import { DEFAULT_PACE } from '../model/pace';
import { appendAudit } from './append-audit';
import { renderDetails } from './details';
import { describeFailure, fail, isStepFailure } from './failures';
import { keptApproval, offerSkip, openApprovalGate, openDecideGate, renewGate, type Question } from './gates';
import { decideGateId } from './message-guards';
import { addWarning, clusterKey, recordAudit, type GateAnswer, type RunState } from './run-state';

/** How a step that failed may be left out (R8, R9): offered to people only where it breaks no rule. */
export interface Skip {
  /** Why it may not be skipped, or undefined. Asked after each failure, and again before it is done. */
  refusal(): Promise<string | undefined>;
  /** Leaves what the step was about in order, and says what is true then. */
  leave(): Promise<string>;
}

/** So many new lines of the audit wake a wait, to be written. */
const AUDIT_BATCH = 50;

/** Thrown at a safe point or wait when somebody aborted the run; carries the run to its orderly end. */
export class RunEnds extends Error {
  override readonly name = 'RunEnds';
  constructor(readonly outcome: 'aborted' | 'rejected') {
    super(outcome);
  }
}

/**
 * The run's dealings with people and with time. All that must survive lies in `state`; this object holds nothing else,
 * so a run continued as new is the same run.
 */
export class Run {
  constructor(
    readonly request: unknown,
    readonly infrastructure: string,
    readonly state: RunState,
  ) {}

  /** The approved plan; only called after planning. */
  get plan(): Plan {
    if (this.state.plan === undefined) throw fail('VTA_PLAN_REFUSED', 'There is no plan.');
    return this.state.plan;
  }

  get ref(): { infrastructure: string; infrastructureDigest: string } {
    return { infrastructure: this.infrastructure, infrastructureDigest: this.plan.infrastructureDigest };
  }

  /** What the run is doing now, shown in `progress` and in the details of the UI. */
  say(now: string): void {
    this.state.now = now;
    this.show();
  }

  show(): void {
    setCurrentDetails(renderDetails(this.infrastructure, this.state));
  }

  audit(what: string, on: string, why?: string): void {
    recordAudit(this.state, new Date().toISOString(), { by: 'run', what, on, ...(why === undefined ? {} : { why }) });
  }

  /**
   * Between steps: writes the audit, obeys abort and pause, and continues as new when the history has grown. A run that
   * was continued as new in the middle of a step passes the safe points before it without stopping.
   * @throws RunEnds when the run was aborted
   */
  async safePoint(): Promise<void> {
    if (this.state.step !== undefined) return;
    await this.writeAudit();
    this.obeyAbort();
    await this.obeyPause();
    await this.shedHistory();
  }

  /**
   * Asks people to approve; waits for as long as it takes, with a reminder at each expiry. What was approved already,
   * with this very digest, is not asked again: a run that continued as new keeps its answers.
   * @throws RunEnds when the run is aborted meanwhile
   */
  async gate(question: Question): Promise<GateAnswer> {
    const kept = keptApproval(this.state, question);
    if (kept !== undefined) return kept;
    openApprovalGate(this.state, question, new Date(), this.expireAfterMs());
    return await this.answer(question.id, `Waiting for approval of "${question.id}": ${question.question}`);
  }

  /**
   * Runs one step until it succeeds. What fails parks: the run waits for a person's decision, and loses nothing.
   * @param step its id, which people name in `decide`
   * @param work is given the number of the attempt; must be safe to run again
   */
  async attempt<T>(step: string, work: (attempt: number) => Promise<T>): Promise<T> {
    const end = await this.attemptOrLeave(step, work);
    if ('left' in end) throw fail('VTA_ACTION_NOT_OFFERED', `${step} cannot be skipped.`);
    return end.done;
  }

  private async attemptOrLeave<T>(
    step: string,
    work: (attempt: number) => Promise<T>,
    skip?: Skip,
  ): Promise<{ done: T } | { left: string }> {
    const { state } = this;
    for (;;) {
      // An attempt whose failure nobody has decided about was interrupted by continuing as new: it is the same attempt.
      const begun = state.attempts[step] ?? 0;
      const decided = state.answers[decideGateId(step, begun)]?.outcome;
      const attempt = begun > 0 && decided === undefined ? begun : begun + 1;
      if (state.gates[decideGateId(step, attempt)] === undefined) {
        // Nothing is begun anew while the run is paused; a step inside of another one belongs to it.
        if (attempt > 1 && state.step === step) await this.obeyPause();
        state.attempts[step] = attempt;
        delete state.failed[step];
        try {
          return { done: await work(attempt) };
        } catch (error) {
          this.fail(step, attempt, error);
        }
      }
      if ((await this.decision(step, skip)) !== 'skip' || skip === undefined) continue;
      try {
        return { left: await skip.leave() };
      } catch (error) {
        state.attempts[step] = attempt + 1;
        this.fail(step, attempt + 1, error);
      }
    }
  }

  /**
   * Like `attempt`, for steps that are done once in a run: one that ended is not begun again.
   * @param skip not given: the step cannot be left out
   */
  async once(step: string, work: (attempt: number) => Promise<string | undefined>, skip?: Skip): Promise<void> {
    const { state } = this;
    if (state.steps[step] !== undefined) return;
    await this.safePoint();
    state.step = step;
    const end = await this.attemptOrLeave(step, work, skip);
    delete state.step;
    const skipped = 'left' in end;
    const detail = skipped ? end.left : end.done;
    delete state.failed[step];
    state.steps[step] = { state: skipped ? 'skipped' : 'done', ...(detail === undefined ? {} : { detail }) };
    this.audit(skipped ? 'skipped' : 'done', step, detail);
    this.show();
  }

  /**
   * Does what changes nothing and may be given up at any moment: an abort ends the wait for it.
   * @throws RunEnds when the run is aborted meanwhile
   */
  async unlessAborted<T>(work: () => Promise<T>): Promise<T> {
    this.obeyAbort();
    const scope = new CancellationScope();
    let over = false;
    const watch = condition(() => over || this.state.abort !== undefined).then(() => {
      if (!over) scope.cancel();
    });
    try {
      return await scope.run(work);
    } catch (error) {
      this.obeyAbort();
      throw error;
    } finally {
      over = true;
      await watch;
    }
  }

  /** Takes the failure of an attempt: the step is parked. What is no failure of the step passes through. */
  private fail(step: string, attempt: number, error: unknown): void {
    const { state } = this;
    if (error instanceof RunEnds) state.failed[step] ??= `the run was ${error.outcome} before it was done`;
    if (!isStepFailure(error)) throw error;
    const { code, message } = describeFailure(error);
    const problem = `${code}: ${message}`;
    state.problem = { step, code, message };
    state.failed[step] = message;
    this.audit('failed', step, problem);
    openDecideGate(state, { step, attempt, problem }, new Date(), this.expireAfterMs());
  }

  private async decision(step: string, skip: Skip | undefined): Promise<GateAnswer['outcome']> {
    const { state } = this;
    const id = decideGateId(step, state.attempts[step] ?? 0);
    const problem = state.failed[step] === undefined ? '' : ` ${state.failed[step]}`;
    // People see the failure at once; whether a skip breaks a rule takes a look at the vCenters.
    const looking = new CancellationScope();
    const looked = skip === undefined ? Promise.resolve() : looking.run(() => this.offerSkip(id, skip));
    let answer: GateAnswer;
    try {
      answer = await this.answer(id, `Parked: ${step} failed.${problem} Waiting for a decision.`);
    } finally {
      looking.cancel();
      await looked;
    }
    delete state.problem;
    if (answer.outcome === 'abort') {
      state.abort = { by: answer.by.join(', '), reason: answer.reason ?? 'decided after a failure' };
      this.obeyAbort();
    }
    return answer.outcome;
  }

  private async offerSkip(gate: string, skip: Skip): Promise<void> {
    let refusal: string | undefined;
    try {
      refusal = await skip.refusal();
    } catch (error) {
      if (isCancellation(error)) return; // somebody decided before that was known
      if (!isStepFailure(error)) throw error;
      refusal = `it could not be found out whether that breaks a rule: ${describeFailure(error).message}`;
    }
    offerSkip(this.state, gate, refusal);
    this.show();
  }

  /** Waits for the answer to an open gate. */
  private async answer(gate: string, waiting: string): Promise<GateAnswer> {
    const { state } = this;
    for (;;) {
      await this.writeAudit(false);
      const answered = state.answers[gate];
      if (answered !== undefined && state.gates[gate] === undefined) return answered;
      this.obeyAbort();
      await this.shedHistory();
      this.say(waiting);
      const written = state.audit.pending.length;
      const expires = Date.parse(state.gates[gate]?.expiresAt ?? '') - Date.now();
      const woken = await condition(
        () =>
          state.gates[gate] === undefined || this.interrupted() || state.audit.pending.length >= written + AUDIT_BATCH,
        Math.max(Number.isFinite(expires) ? expires : this.expireAfterMs(), 1),
        { summary: `waiting for people: ${gate}` },
      );
      if (!woken) renewGate(state, gate, new Date(), this.expireAfterMs());
    }
  }

  /** True when a wait must end although what it waits for has not come. */
  private interrupted(): boolean {
    return this.state.abort !== undefined || workflowInfo().continueAsNewSuggested;
  }

  private obeyAbort(): void {
    if (this.state.abort === undefined) return;
    this.state.gates = {};
    throw new RunEnds('aborted');
  }

  private async obeyPause(): Promise<void> {
    const { state } = this;
    while (state.pause !== undefined) {
      const { by, reason } = state.pause;
      state.atRest = true;
      this.say(`Paused by ${by}: ${reason}. Nothing is being changed. Waiting for "resume".`);
      await condition(() => state.pause === undefined || this.interrupted());
      this.obeyAbort();
      await this.shedHistory();
    }
    delete state.atRest;
  }

  private async shedHistory(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    await continueAsNew<(request: unknown, state: RunState) => Promise<unknown>>(this.request, this.state);
  }

  private expireAfterMs(): number {
    return this.state.plan?.approvals.expireAfterMs ?? DEFAULT_PACE.openChild.deadlineMs;
  }

  /**
   * Appends the audit lines that are not in the archive yet.
   * @param required false: it is not tried for long, since answers of people are obeyed only after it, and a failure is
   * left to the next safe point instead of parking the run
   */
  async writeAudit(required = true): Promise<void> {
    const { state } = this;
    if (state.audit.pending.length === 0 || state.plan === undefined) return;
    const write = () => appendAudit(state, this.ref, required);
    if (required) {
      await this.attempt('audit', write);
      return;
    }
    try {
      await write();
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      this.warn(`Audit lines could not be written yet: ${describeFailure(error).message}`);
    }
  }

  warn(text: string): void {
    addWarning(this.state, text);
  }

  /** Key under which facts of a cluster are remembered. */
  key(cluster: { id: string; vCenter: string }): string {
    return clusterKey(cluster);
  }
}
