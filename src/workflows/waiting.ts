import { CancellationScope, condition, continueAsNew, isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { Plan } from '../model/plan';
import { DEFAULT_PACE } from '../model/pace';
import { renderDetails } from './details';
import { fail } from './failures';
import { keptApproval, openApprovalGate, closeGate, renewGate, type Question } from './gates';
import { historyIsLong } from './history';
import { addWarning, recordAudit, type GateAnswer, type RunState } from './run-state';

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
 * A run's dealings with time: it waits for people, obeys pause and abort at safe points, and sheds its history. All that
 * must survive lies in `state`; this object holds nothing else, so a run continued as new is the same run.
 */
export abstract class Waiting {
  constructor(
    readonly request: unknown,
    readonly infrastructure: string,
    readonly state: RunState,
  ) {}

  /**
   * Appends the audit lines that are not in the archive yet.
   * @param required false: it is not tried for long, since answers of people are obeyed only after it, and a failure is
   * left to the next safe point instead of parking the run
   */
  abstract writeAudit(required?: boolean): Promise<void>;

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
   * Between the parts of a long step, where stopping leaves nothing half-done: obeys abort and pause, and continues as
   * new when the history has grown; the step goes on from here.
   * @throws RunEnds when the run was aborted
   */
  async betweenParts(): Promise<void> {
    await this.writeAudit(false);
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
   * The same for a question that nobody has to answer: it is closed when its time is up.
   * @returns undefined when nobody answered in time
   * @throws RunEnds when the run is aborted meanwhile
   */
  async gateUntilExpiry(question: Question): Promise<GateAnswer | undefined> {
    const kept = keptApproval(this.state, question);
    if (kept !== undefined) return kept;
    openApprovalGate(this.state, question, new Date(), this.expireAfterMs());
    return await this.answerOrExpiry(
      question.id,
      `Waiting for approval of "${question.id}": ${question.question}`,
      'close',
    );
  }

  /**
   * Does what changes nothing and may be given up at any moment: an abort ends the wait for it.
   * @throws RunEnds when the run is aborted meanwhile
   */
  async unlessAborted<T>(work: () => Promise<T>): Promise<T> {
    this.obeyAbort();
    try {
      return await giveUpWhen(() => this.state.abort !== undefined, work);
    } catch (error) {
      this.obeyAbort();
      throw error;
    }
  }

  /**
   * The same between two parts, where a pause takes effect too and the history may be shed.
   * @param woken what else makes it be given up
   * @returns undefined when it was given up: the caller passes `betweenParts` and does it again
   */
  async unlessSteered<T>(work: () => Promise<T>, woken = () => false): Promise<T | undefined> {
    const steered = () => woken() || this.state.pause !== undefined || this.interrupted();
    try {
      return await giveUpWhen(steered, work);
    } catch (error) {
      if (isCancellation(error) && steered()) return undefined;
      throw error;
    }
  }

  /**
   * Rests until a time, where nothing is in work: sooner when something has come, the run is steered, its history has
   * grown, or much audit waits to be written. The caller passes `betweenParts` and looks again.
   * @param until milliseconds since 1970
   */
  async rest(until: number, woken: () => boolean, summary: string): Promise<void> {
    const { state } = this;
    const written = state.audit.pending.length;
    await condition(
      () =>
        woken() ||
        state.pause !== undefined ||
        this.interrupted() ||
        state.audit.pending.length >= written + AUDIT_BATCH,
      Math.max(until - Date.now(), 1),
      { summary },
    );
  }

  warn(text: string): void {
    addWarning(this.state, text);
  }

  /** Waits for the answer to an open gate. */
  protected async answer(gate: string, waiting: string): Promise<GateAnswer> {
    for (;;) {
      const answer = await this.answerOrExpiry(gate, waiting, 'renew');
      if (answer !== undefined) return answer;
    }
  }

  private async answerOrExpiry(
    gate: string,
    waiting: string,
    onExpiry: 'renew' | 'close',
  ): Promise<GateAnswer | undefined> {
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
      if (woken) continue;
      if (onExpiry === 'renew') renewGate(state, gate, new Date(), this.expireAfterMs());
      else {
        closeGate(state, gate, new Date());
        return undefined;
      }
    }
  }

  /** True when a wait must end although what it waits for has not come. */
  private interrupted(): boolean {
    return this.state.abort !== undefined || historyIsLong();
  }

  protected obeyAbort(): void {
    if (this.state.abort === undefined) return;
    this.state.gates = {};
    throw new RunEnds('aborted');
  }

  protected async obeyPause(): Promise<void> {
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
    if (!historyIsLong()) return;
    await continueAsNew<(request: unknown, state: RunState) => Promise<unknown>>(this.request, this.state);
  }

  protected expireAfterMs(): number {
    return this.state.plan?.approvals.expireAfterMs ?? DEFAULT_PACE.openChild.deadlineMs;
  }
}

/** Cancels work as soon as something holds; what it throws then is the caller's to judge. */
async function giveUpWhen<T>(wanted: () => boolean, work: () => Promise<T>): Promise<T> {
  const scope = new CancellationScope();
  let over = false;
  const watch = condition(() => over || wanted()).then(() => {
    if (!over) scope.cancel();
  });
  try {
    return await scope.run(work);
  } finally {
    over = true;
    await watch;
  }
}
