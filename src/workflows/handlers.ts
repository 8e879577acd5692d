import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
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
import { checkAnswer, checkDecide, checkPauseOrAbort, checkResume, type Refusal } from './message-guards';
import { progress } from './progress';
import type { Run } from './run';
import { recordAudit } from './run-state';

type Check<T> = (message: T) => Refusal | undefined;
type Take<T> = (message: T, now: Date) => string;

/** Registers every message and query of the run. Called first, before anything can block; handlers only change state. */
export function registerHandlers(run: Run): void {
  const { state } = run;
  setHandler(messages.progressQuery, () => progress(run.infrastructure, state), {
    description: 'What is true now, and which gates are open.',
  });
  setHandler(
    messages.planQuery,
    (): DigestedPlan | undefined =>
      state.plan === undefined ? undefined : { kind: 'plan', plan: state.plan, digest: state.planDigest ?? '' },
    { description: 'The plan and its digest.' },
  );
  setHandler(messages.auditQuery, () => state.audit.recent, { description: 'The last lines of the audit.' });

  both<ApproveMessage>(run, 'approve', messages.approveUpdate, messages.approveSignal, {
    example: '{"gate": "plan", "digest": "sha256:…", "by": "alice", "reason": "CHG-4711"}',
    check: (message) => checkAnswer(state, 'approve', message),
    take: (message, now) => takeApproval(state, message, now),
  });
  both<RejectMessage>(run, 'reject', messages.rejectUpdate, messages.rejectSignal, {
    example: '{"gate": "plan", "digest": "sha256:…", "by": "alice", "reason": "wrong week"}',
    check: (message) => checkAnswer(state, 'reject', message),
    take: (message, now) => takeRejection(state, message, now),
  });
  both<DecideMessage>(run, 'decide', messages.decideUpdate, messages.decideSignal, {
    example:
      '{"step": "host:esx-1.example.com", "attempt": 1, "action": "retry", "by": "alice", "reason": "cable was loose"}',
    check: (message) => checkDecide(state, message),
    take: (message, now) => takeDecision(state, message, now),
  });
  both<PauseMessage>(run, 'pause', messages.pauseUpdate, messages.pauseSignal, {
    example: '{"by": "alice", "reason": "storage alarm"}',
    check: (message) => checkPauseOrAbort(state, 'pause', message),
    take: (message, now) => {
      state.pause = { by: message.by, reason: message.reason };
      recordAudit(state, now.toISOString(), { by: message.by, what: 'pause', on: 'run', why: message.reason });
      return `The run pauses at the next safe point; until then: ${state.now}`;
    },
  });
  both<ResumeMessage>(run, 'resume', messages.resumeUpdate, messages.resumeSignal, {
    example: '{"by": "alice"}',
    check: (message) => checkResume(state, message),
    take: (message, now) => {
      delete state.pause;
      recordAudit(state, now.toISOString(), { by: message.by, what: 'resume', on: 'run' });
      return 'The run goes on.';
    },
  });
  both<AbortMessage>(run, 'abort', messages.abortUpdate, messages.abortSignal, {
    example: '{"by": "alice", "reason": "change window is over"}',
    check: (message) => checkPauseOrAbort(state, 'abort', message),
    take: (message, now) => {
      state.abort ??= { by: message.by, reason: message.reason };
      recordAudit(state, now.toISOString(), { by: message.by, what: 'abort', on: 'run', why: message.reason });
      return `The run ends at the next safe point, never in the middle of a host; until then: ${state.now}`;
    },
  });
  setHandler(messages.childReportedSignal, (report) => {
    if (typeof report?.step !== 'string' || typeof report.warning !== 'string') return;
    const { step, warning } = report;
    run.warn(`${step}: ${warning}`);
    run.audit('warning', step, warning);
    run.show();
  });
}

/** One message as update, whose sender learns at once why it is refused, and as signal, whose refusal stands in the audit. */
function both<T extends { by: string }>(
  run: Run,
  name: string,
  update: UpdateDefinition<string, [T]>,
  signal: SignalDefinition<[T]>,
  { example, check, take }: { example: string; check: Check<T>; take: Take<T> },
): void {
  const description = `One JSON object, for example ${example}`;
  setHandler(
    update,
    (message) => {
      const answer = take(message, new Date());
      run.show();
      return answer;
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
    signal,
    (message) => {
      const refusal = check(message);
      if (refusal) {
        const by = typeof message?.by === 'string' ? message.by : 'unknown';
        recordAudit(run.state, new Date().toISOString(), {
          by,
          what: `refused ${name}`,
          on: name,
          why: `${refusal.code}: ${refusal.message}`,
        });
      } else take(message, new Date());
      run.show();
    },
    { description },
  );
}
