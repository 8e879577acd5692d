import { condition, setHandler } from '@temporalio/workflow';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type {
  AbortMessage,
  ApproveMessage,
  DecideMessage,
  PauseMessage,
  RejectMessage,
  ResumeMessage,
} from '../model/messages';
import type { DigestedPlan } from '../model/plan';
import { fail } from './failures';
import { takeApproval, takeDecision, takeRejection } from './gates';
import * as messages from './message-definitions';
import { checkAbort, checkAnswer, checkDecide, checkPause, checkResume, type Refusal } from './message-guards';
import { progress } from './progress';
import { readMessage, unread } from './read-message';
import type { Run } from './run';
import { recordProblem, recordRefusal, recordWarning } from './run-state';
import { takeAbort, takePause, takeResume } from './steering';

interface Message<T> {
  /** A payload to copy, shown in the description: the Web UI shows it beside its form. */
  example: string;
  check: (message: unknown) => Refusal | undefined;
  /** Takes a checked message; returns what to tell the sender. */
  take: (message: T, now: Date) => string;
}

/** Registers every message and query of the run. Called first, before anything can block; handlers only change state. */
export function registerHandlers(run: Run): void {
  const { state } = run;
  setHandler(messages.progressQuery, () => progress(run.infrastructure, state), {
    description: 'What is true now, and which gates are open, each with a payload to copy.',
  });
  setHandler(
    messages.planQuery,
    (): DigestedPlan | undefined =>
      state.plan === undefined ? undefined : { kind: 'plan', plan: state.plan, digest: state.planDigest ?? '' },
    { description: 'The plan and its digest.' },
  );
  setHandler(messages.auditQuery, () => state.audit.recent, { description: 'The last lines of the audit.' });

  both<ApproveMessage>(run, messages.approveUpdate, messages.approveSignal, {
    example: '{"gate": "plan", "digest": "sha256:…", "by": "alice", "reason": "CHG-4711"}',
    check: (message) => checkAnswer(state, 'approve', message),
    take: (message, now) => takeApproval(state, message, now),
  });
  both<RejectMessage>(run, messages.rejectUpdate, messages.rejectSignal, {
    example: '{"gate": "plan", "digest": "sha256:…", "by": "alice", "reason": "wrong week"}',
    check: (message) => checkAnswer(state, 'reject', message),
    take: (message, now) => takeRejection(state, message, now),
  });
  both<DecideMessage>(run, messages.decideUpdate, messages.decideSignal, {
    example:
      '{"step": "host:esx-1.example.com", "attempt": 1, "action": "retry", "by": "alice", "reason": "cable was loose"}',
    check: (message) => checkDecide(state, message),
    take: (message, now) => takeDecision(state, message, now),
  });
  both<PauseMessage>(run, messages.pauseUpdate, messages.pauseSignal, {
    example: '{"by": "alice", "reason": "storage alarm"}',
    check: (message) => checkPause(state, message),
    take: (message, now) => takePause(state, message, now),
  });
  both<ResumeMessage>(run, messages.resumeUpdate, messages.resumeSignal, {
    example:
      '{"by": "alice"}, or, to begin what waits for its maintenance window: {"now": "host:esx-1.example.com", "by": "alice", "reason": "CHG-4711"}',
    check: (message) => checkResume(state, message),
    take: (message, now) => takeResume(state, message, now),
  });
  both<AbortMessage>(run, messages.abortUpdate, messages.abortSignal, {
    example: '{"by": "alice", "reason": "change window is over"}',
    check: (message) => checkAbort(state, message),
    take: (message, now) => takeAbort(state, message, now),
  });
  setHandler(
    unread(messages.childReportedSignal),
    (raw) => {
      const report = readMessage(raw);
      if (typeof report !== 'object' || report === null || !('step' in report) || !('warning' in report)) return;
      const { step, warning } = report;
      if (typeof step !== 'string' || typeof warning !== 'string') return;
      if (!('failed' in report) || !takeFailure(run, step, report.failed)) {
        run.warn(`${step}: ${warning}`);
        recordWarning(state, new Date().toISOString(), step, warning);
      }
      run.show();
    },
    { description: 'From the workflow of a host or vCenter to its run; not for people.' },
  );
}

/**
 * A child's step has failed: people see that before the child has ended, which records it. Anybody may send this, so it is
 * taken of the step in work only.
 */
function takeFailure(run: Run, step: string, failed: unknown): boolean {
  const { state } = run;
  const inWork = state.step === step && Object.keys(state.gates).length === 0 && state.closing === undefined;
  if (!inWork || typeof failed !== 'object' || failed === null) return false;
  if (!('code' in failed) || !('message' in failed)) return false;
  const { code, message } = failed;
  if (typeof code !== 'string' || typeof message !== 'string') return false;
  recordProblem(state, { step, code, message });
  run.say(`${step} failed: ${state.failed[step]} It is left in order first, which may take a while.`);
  return true;
}

/** One message as update, whose sender learns at once why it is refused, and as signal, whose refusal stands in the audit. */
function both<T extends { by: string }>(
  run: Run,
  update: UpdateDefinition<string, [T]>,
  signal: SignalDefinition<[T]>,
  { example, check, take }: Message<T>,
): void {
  const description = `One JSON object, for example ${example}`;
  const { name } = signal;
  setHandler(
    update,
    (message) => {
      const taken = (): string => {
        // Two updates may be validated before the first of them is taken.
        const refusal = check(message);
        if (refusal) throw fail(refusal.code, refusal.message);
        const answer = take(message, new Date());
        run.show();
        return answer;
      };
      // The validator took it, so it was asked: in a replay the result that made the run ask comes after the message.
      return check(message)?.early === true ? condition(() => check(message)?.early !== true).then(taken) : taken();
    },
    {
      description,
      validator: (message) => {
        const refusal = check(message);
        if (refusal) throw fail(refusal.code, refusal.message);
      },
    },
  );
  setHandler(
    unread(signal),
    (raw) => {
      const message = readMessage(raw);
      const refusal = check(message);
      const now = new Date();
      if (refusal === undefined)
        take(message as T, now); // its shape was checked
      else {
        const by = typeof message === 'object' && message !== null && 'by' in message ? message.by : undefined;
        const why = `${refusal.code}: ${refusal.message}`;
        recordRefusal(run.state, now.toISOString(), { by: typeof by === 'string' ? by : 'unknown', name, why });
      }
      run.show();
    },
    { description },
  );
}
