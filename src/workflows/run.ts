import { CancellationScope, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Decision } from '../model/messages';
import type { Plan } from '../model/plan';
import { DEFAULT_PACE } from '../model/pace';
import { renderDetails } from './details';
import { describeFailure, fail, isStepFailure } from './failures';
import { openApprovalGate, openDecideGate, renewGate, type Question } from './gates';
import { decideGateId } from './message-guards';
import { longWork } from './proxies';
import { clusterKey, recordAudit, type GateAnswer, type RunState } from './run-state';

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
   * Between steps: writes the audit, obeys abort and pause, and continues as new when the history has grown.
   * @throws RunEnds when the run was aborted
   */
  async safePoint(): Promise<void> {
    await this.writeAudit();
    this.obeyAbort();
    while (this.state.pause !== undefined) {
      this.say(
        `Paused by ${this.state.pause.by}: ${this.state.pause.reason}. Nothing is being changed. Waiting for "resume".`,
      );
      await condition(() => this.state.pause === undefined || this.interrupted());
      this.obeyAbort();
      await this.shedHistory();
    }
    await this.shedHistory();
  }

  /**
   * Asks people to approve; waits for as long as it takes, with a reminder at each expiry.
   * @throws RunEnds when the run is aborted meanwhile
   */
  async gate(question: Question): Promise<GateAnswer> {
    openApprovalGate(this.state, question, new Date(), this.expireAfterMs());
    return await this.answer(question.id, `Waiting for approval of "${question.id}": ${question.question}`);
  }

  /**
   * Runs one step until it succeeds. What fails parks: the run waits for a person's decision, and loses nothing.
   * @param step its id, which people name in `decide`
   * @param work is given the number of the attempt; must be safe to run again
   * @returns the value of the work, or undefined when a person decided to skip the step
   */
  async attempt<T>(
    step: string,
    work: (attempt: number) => Promise<T>,
    actions: Decision[] = [],
  ): Promise<T | undefined> {
    for (;;) {
      const { attempts, gates } = this.state;
      const parked = gates[decideGateId(step, attempts[step] ?? 0)];
      if (parked === undefined) {
        const attempt = (attempts[step] ?? 0) + 1;
        attempts[step] = attempt;
        try {
          return await work(attempt);
        } catch (error) {
          if (!isStepFailure(error)) throw error;
          this.park(step, attempt, error, ['retry', ...actions, 'abort']);
        }
      }
      const decided = await this.decision(step);
      if (decided === 'skip') return undefined;
    }
  }

  /** Like `attempt`, for steps that are done once in a run: one that ended is not begun again. */
  async once(
    step: string,
    work: (attempt: number) => Promise<string | undefined>,
    actions: Decision[] = [],
  ): Promise<void> {
    if (this.state.steps[step] !== undefined) return;
    await this.safePoint();
    let skipped = true;
    const detail = await this.attempt(
      step,
      async (attempt) => {
        const told = await work(attempt);
        skipped = false;
        return told;
      },
      actions,
    );
    this.state.steps[step] = { state: skipped ? 'skipped' : 'done', ...(detail === undefined ? {} : { detail }) };
    this.audit(skipped ? 'skipped' : 'done', step, detail);
    this.show();
  }

  private park(step: string, attempt: number, error: unknown, actions: Decision[]): void {
    const { code, message } = describeFailure(error);
    this.state.problem = { step, code, message };
    this.audit('failed', step, `${code}: ${message}`);
    openDecideGate(
      this.state,
      { step, attempt, problem: `${code}: ${message}`, actions },
      new Date(),
      this.expireAfterMs(),
    );
  }

  private async decision(step: string): Promise<GateAnswer['outcome']> {
    const attempt = this.state.attempts[step] ?? 0;
    const problem =
      this.state.problem?.step === step ? ` ${this.state.problem.code}: ${this.state.problem.message}` : '';
    await this.writeAudit(false);
    const answer = await this.answer(
      decideGateId(step, attempt),
      `Parked: ${step} failed.${problem} Waiting for a decision.`,
    );
    delete this.state.problem;
    if (answer.outcome === 'abort') {
      this.state.abort = { by: answer.by.join(', '), reason: answer.reason ?? 'decided after a failure' };
      this.obeyAbort();
    }
    return answer.outcome;
  }

  /** Waits for the answer to an open gate. */
  private async answer(gate: string, waiting: string): Promise<GateAnswer> {
    for (;;) {
      const answered = this.state.answers[gate];
      if (answered !== undefined && this.state.gates[gate] === undefined) return answered;
      this.obeyAbort();
      await this.shedHistory();
      this.say(waiting);
      const expires = Date.parse(this.state.gates[gate]?.expiresAt ?? '') - Date.now();
      const woken = await condition(
        () => this.state.gates[gate] === undefined || this.interrupted(),
        Math.max(Number.isFinite(expires) ? expires : this.expireAfterMs(), 1),
        { summary: `waiting for people: ${gate}` },
      );
      if (!woken) renewGate(this.state, gate, new Date(), this.expireAfterMs());
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

  private async shedHistory(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    await continueAsNew<(request: unknown, state: RunState) => Promise<unknown>>(this.request, this.state);
  }

  private expireAfterMs(): number {
    return this.state.plan?.approvals.expireAfterMs ?? DEFAULT_PACE.openChild.deadlineMs;
  }

  /**
   * Appends the audit lines that are not in the archive yet.
   * @param required false: a failure is kept for the next safe point instead of parking the run
   */
  async writeAudit(required = true): Promise<void> {
    const { audit, plan } = this.state;
    if (audit.pending.length === 0 || plan === undefined) return;
    const write = async (): Promise<void> => {
      const lines = [...audit.pending];
      const { head } = await longWork(plan.pace, plan.pace.services, 'audit').vtaEnsureAudit({
        ...this.ref,
        runId: this.state.runId,
        lines,
        ...(audit.head === undefined ? {} : { head: audit.head }),
      });
      audit.head = head;
      audit.pending = audit.pending.slice(lines.length);
    };
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
    if (!this.state.warnings.includes(text)) this.state.warnings.push(text);
  }

  /** Key under which facts of a cluster are remembered. */
  key(cluster: { id: string; vCenter: string }): string {
    return clusterKey(cluster);
  }
}

/** Turns a cancel request into an abort at the next safe point: nothing of a run is ever torn off in the middle. */
export function abortOnCancel(state: RunState): void {
  CancellationScope.current().cancelRequested.catch(() => {
    state.abort ??= { by: 'cancel request', reason: 'the workflow was asked to cancel' };
  });
}
