import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { Decision } from '../model/messages';
import type { WaitPace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import { appendAudit } from './append-audit';
import { budgetCovers } from './failure-budget';
import { describeFailure, fail, isStepFailure, type FailureDescription } from './failures';
import { addFact, offer, openDecideGate } from './gates';
import { writeWhatWaits } from './ledger-entry';
import { decideGateId } from './message-guards';
import { watchedWork } from './proxies';
import { clusterKey, recordWarning, type GateAnswer } from './run-state';
import { RunEnds, Waiting } from './waiting';

/** How a step that failed may be left out (R8, R9): offered to people only where it breaks no rule. */
export interface Skip {
  /** Why it may not be skipped, or undefined. Asked after each failure, and again before it is done. */
  refusal(): Promise<string | undefined>;
  /** Leaves what the step was about in order, and says what is true then. */
  leave(): Promise<string>;
}

/** How what a step was about is brought back to how it was (R20-R24): offered only where that can be done. */
export interface Recover {
  /** Why it is not offered, or undefined. Asked after each failure. */
  refusal(): Promise<string | undefined>;
  /**
   * Brings it back, goes on where it was interrupted, and says what is true then. The run asks people what next.
   * @param problem why it failed
   */
  bringBack(problem: string): Promise<string>;
}

/** What people may decide after a failure, beside trying again and ending the run. */
export interface Ways {
  skip?: Skip;
  /** The failure budget counts for it: the run skips by itself, as long as that breaks no rule (M8). */
  withinBudget?: true;
  recover?: Recover;
  /** Asked right before the step is begun: false, it was waited for something, and is asked again. */
  mayBegin?(): Promise<boolean>;
  /** What people are told beside a failure before they decide. */
  fact?(): Promise<string>;
}

/** A run and its steps: each is tried until it succeeds or people decide otherwise. */
export class Run extends Waiting {
  /** The host with the id that it has now: one that was added again has another than in the plan. */
  asAdded(host: PlannedHost): PlannedHost {
    const recovery = this.state.recoveries[host.uuid];
    return { ...host, id: recovery?.newId ?? recovery?.host.id ?? host.id };
  }

  /** Long work of the run's own: people are told when it takes longer than its warning deadline (M19). */
  longWork(wait: WaitPace, summary: string): ReturnType<typeof watchedWork> {
    const { state } = this;
    return watchedWork(this.plan.pace, wait, summary, (warning) => {
      this.warn(warning);
      recordWarning(state, new Date().toISOString(), state.step ?? 'run', warning);
      this.show();
    });
  }

  /**
   * Runs one step until it succeeds. What fails parks: the run waits for a person's decision, and loses nothing.
   * @param step its id, which people name in `decide`
   * @param work is given the number of the attempt; must be safe to run again
   */
  async attempt<T>(step: string, work: (attempt: number) => Promise<T>): Promise<T> {
    const end = await this.attemptOrLeave(step, work, {});
    if ('left' in end) throw fail('VTA_ACTION_NOT_OFFERED', `${step} cannot be skipped.`);
    return end.done;
  }

  private async attemptOrLeave<T>(
    step: string,
    work: (attempt: number) => Promise<T>,
    ways: Ways,
  ): Promise<{ done: T } | { left: string }> {
    const { state } = this;
    for (;;) {
      // An attempt whose failure nobody has decided about was interrupted by continuing as new: it is the same attempt.
      const begun = state.attempts[step] ?? 0;
      const answer = state.answers[decideGateId(step, begun)];
      const decided = answer?.outcome;
      // Taken while the run waited for something else.
      if (answer !== undefined && decided === 'abort' && patched('vta-each-abort-is-obeyed')) this.obeyDecision(answer);
      const attempt = begun > 0 && decided === undefined ? begun : begun + 1;
      if (decided === 'recover' && ways.recover !== undefined) {
        await this.recover(step, attempt, ways.recover);
      } else if (state.gates[decideGateId(step, attempt)] === undefined) {
        // Nothing is begun anew while the run is paused; a step inside of another one belongs to it.
        if (attempt > 1 && state.step === step) await this.obeyPause();
        state.attempts[step] = attempt;
        delete state.failed[step];
        try {
          return { done: await work(attempt) };
        } catch (error) {
          // Told at once: to find out whether it can be left behind, and to leave it, may take hours.
          const failure = this.recordFailure(step, error);
          const left = await this.leaveWithinBudget(step, attempt, failure, ways);
          if (left !== undefined) return { left };
          this.park(step, attempt, failure);
        }
      }
      if ((await this.decision(step, ways)) !== 'skip' || ways.skip === undefined) continue;
      try {
        return { left: await ways.skip.leave() };
      } catch (error) {
        state.attempts[step] = attempt + 1;
        this.fail(step, attempt + 1, error);
      }
    }
  }

  /** Leaves out what failed, by the failure budget (M8), and says what is true then; undefined when people must be asked. */
  private async leaveWithinBudget(
    step: string,
    attempt: number,
    { code, message }: FailureDescription,
    { skip, withinBudget }: Ways,
  ): Promise<string | undefined> {
    const { state, plan } = this;
    if (skip === undefined || withinBudget === undefined || !budgetCovers(state, code, attempt)) return undefined;
    this.say(`${step} failed: ${message} Looking whether the failure budget may leave it behind as it is.`);
    let left: string;
    try {
      if ((await skip.refusal()) !== undefined) return undefined;
      left = await skip.leave();
    } catch (other) {
      if (!isStepFailure(other)) throw other;
      return undefined;
    }
    state.budgetUsed.push(step);
    const used = `${state.budgetUsed.length} of ${plan.failureBudget}`;
    this.warn(`${step} failed and was skipped by the failure budget (${used}), nobody was asked: ${code}: ${message}`);
    return `${left}; skipped by the failure budget (${used}) after ${code}: ${message}`;
  }

  /** Brings back what failed, then parks, whether that went well or not: the run never goes on by itself after it. */
  private async recover(step: string, attempt: number, { bringBack }: Recover): Promise<void> {
    const { state } = this;
    const problem = state.failed[step] ?? 'not known';
    delete state.failed[step];
    let end: unknown;
    try {
      end = fail('VTA_HOST_RECOVERED', await bringBack(problem));
    } catch (error) {
      end = error;
    }
    // Until it has ended, a run that continued as new must find that "recover" was decided, and go on with it.
    if (isStepFailure(end)) state.attempts[step] = attempt;
    this.fail(step, attempt, end);
  }

  /**
   * Like `attempt`, for steps that are done once in a run: one that ended is not begun again.
   * @param ways not given: the step can neither be left out nor be brought back
   */
  async once(step: string, work: (attempt: number) => Promise<string | undefined>, ways: Ways = {}): Promise<void> {
    const { state } = this;
    if (state.steps[step] !== undefined) return;
    do await this.safePoint();
    while (
      // What was begun before the run continued as new waits for no window here: people may be deciding about it.
      ways.mayBegin !== undefined &&
      state.attempts[step] === undefined &&
      !(await ways.mayBegin())
    );
    // A step that was interrupted by continuing as new is the same one.
    if (state.step !== step) state.timing = { step, since: Date.now() };
    state.step = step;
    const end = await this.attemptOrLeave(step, work, ways);
    delete state.step;
    const skipped = 'left' in end;
    const detail = skipped ? end.left : end.done;
    delete state.failed[step];
    if (state.problem?.step === step) delete state.problem;
    const took = !skipped && state.timing?.step === step ? { tookMs: Date.now() - state.timing.since } : {};
    delete state.timing;
    state.steps[step] = {
      state: skipped ? 'skipped' : 'done',
      ...(detail === undefined ? {} : { detail }),
      ...took,
    };
    this.audit(skipped ? 'skipped' : 'done', step, detail);
    this.show();
  }

  /** Takes the failure of an attempt: the step is parked. What is no failure of the step passes through. */
  private fail(step: string, attempt: number, error: unknown): void {
    this.park(step, attempt, this.recordFailure(step, error));
  }

  /** From here on people see what failed. What is no failure of the step passes through. */
  private recordFailure(step: string, error: unknown): FailureDescription {
    const { state } = this;
    // It came too late for its window, and the run is ended while it waits for the next opening: nothing was begun.
    const begun = state.begun.some((name) => step.endsWith(`:${name}`));
    if (error instanceof RunEnds && state.beginBy?.step === step && !begun) delete state.attempts[step];
    else if (error instanceof RunEnds) state.failed[step] ??= `the run was ${error.outcome} before it was done`;
    if (!isStepFailure(error)) throw error;
    const failure = describeFailure(error);
    const { code, message } = failure;
    state.problem = { step, code, message };
    state.failed[step] = message;
    this.audit('failed', step, `${code}: ${message}`);
    return failure;
  }

  private park(step: string, attempt: number, { code, message }: FailureDescription): void {
    openDecideGate(this.state, { step, attempt, facts: [`${code}: ${message}`] }, new Date(), this.expireAfterMs());
  }

  private async decision(step: string, { skip, recover, fact }: Ways): Promise<GateAnswer['outcome']> {
    const { state } = this;
    const id = decideGateId(step, state.attempts[step] ?? 0);
    const problem = state.failed[step] === undefined ? '' : ` ${state.failed[step]}`;
    // People see the failure at once; whether a skip breaks a rule takes a look at the vCenters.
    const looking = new CancellationScope();
    const looked = looking.run(async () => {
      if (fact !== undefined) await this.tell(id, fact);
      if (skip !== undefined) await this.offer(id, 'skip', skip);
      if (recover !== undefined) await this.offer(id, 'recover', recover);
    });
    let answer: GateAnswer;
    try {
      answer = await this.answer(id, `Parked: ${step} failed.${problem} Waiting for a decision.`);
    } finally {
      looking.cancel();
      await looked;
    }
    delete state.problem;
    this.obeyDecision(answer);
    return answer.outcome;
  }

  private async tell(gate: string, fact: () => Promise<string>): Promise<void> {
    try {
      addFact(this.state, gate, await fact());
    } catch (error) {
      if (isCancellation(error)) return; // somebody decided before that was known
      if (!isStepFailure(error)) throw error;
    }
    this.show();
  }

  private async offer(gate: string, action: 'skip' | 'recover', way: { refusal: Skip['refusal'] }): Promise<void> {
    let refusal: string | undefined;
    try {
      refusal = await way.refusal();
    } catch (error) {
      if (isCancellation(error)) return; // somebody decided before that was known
      if (!isStepFailure(error)) throw error;
      refusal = `it could not be found out whether that breaks a rule: ${describeFailure(error).message}`;
    }
    offer(this.state, gate, action, refusal);
    this.show();
  }

  /**
   * Asks people to do something that the run cannot do, and waits until somebody says that it was done; a question that
   * nobody has answered stays the same one over continue-as-new.
   * @param step its id, which people name in `decide`
   * @throws RunEnds when somebody decides "abort"
   */
  async ask(step: string, question: string, facts: string[], action: Decision): Promise<GateAnswer> {
    const { state } = this;
    const asked = state.attempts[step] ?? 0;
    const attempt = asked > 0 && state.answers[decideGateId(step, asked)] === undefined ? asked : asked + 1;
    state.attempts[step] = attempt;
    const what = { step, attempt, question, facts, actions: [action, 'abort' as const] };
    openDecideGate(state, what, new Date(), this.expireAfterMs());
    const answer = await this.answer(decideGateId(step, attempt), `Waiting for people: ${question}`);
    this.obeyDecision(answer);
    return answer;
  }

  private obeyDecision(answer: GateAnswer): void {
    if (answer.outcome !== 'abort') return;
    this.state.abort = { by: answer.by.join(', '), reason: answer.reason ?? 'decided after a failure' };
    this.obeyAbort();
  }

  override async writeAudit(required = true): Promise<void> {
    const { state } = this;
    // People are waited for, perhaps for days: the ledger is to be true meanwhile.
    if (!required || state.pause !== undefined) await writeWhatWaits(this);
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

  /** Key under which facts of a cluster are remembered. */
  key(cluster: { id: string; vCenter: string }): string {
    return clusterKey(cluster);
  }
}
