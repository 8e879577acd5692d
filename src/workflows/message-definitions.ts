import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AuditLine } from '../model/audit';
import type { LedgerEntry, LedgerState } from '../model/ledger';
import type {
  AbortMessage,
  ApproveMessage,
  DecideMessage,
  PauseMessage,
  RejectMessage,
  ResumeMessage,
} from '../model/messages';
import type { DigestedPlan } from '../model/plan';
import type { Progress } from '../model/progress';

/** Answers go by update (the sender learns at once why not) or by signal (a refusal stands in the audit), under one name. */
export const approveUpdate = defineUpdate<string, [ApproveMessage]>('approve');
export const rejectUpdate = defineUpdate<string, [RejectMessage]>('reject');
export const decideUpdate = defineUpdate<string, [DecideMessage]>('decide');
export const pauseUpdate = defineUpdate<string, [PauseMessage]>('pause');
export const resumeUpdate = defineUpdate<string, [ResumeMessage]>('resume');
export const abortUpdate = defineUpdate<string, [AbortMessage]>('abort');

export const approveSignal = defineSignal<[ApproveMessage]>('approve');
export const rejectSignal = defineSignal<[RejectMessage]>('reject');
export const decideSignal = defineSignal<[DecideMessage]>('decide');
export const pauseSignal = defineSignal<[PauseMessage]>('pause');
export const resumeSignal = defineSignal<[ResumeMessage]>('resume');
export const abortSignal = defineSignal<[AbortMessage]>('abort');

/** What a child tells its run about its step while it works. */
export interface ChildReport {
  step: string;
  /** For example that it takes longer than its warning deadline (M19). */
  warning: string;
  /** It has failed, and the child ends with that as soon as it has left in order what it can. */
  failed?: { code: string; message: string };
}

/** From a child to its run. */
export const childReportedSignal = defineSignal<[ChildReport]>('childReported');

export const progressQuery = defineQuery<Progress>('progress');
export const planQuery = defineQuery<DigestedPlan | undefined>('plan');
export const auditQuery = defineQuery<AuditLine[]>('audit');
/** On the workflows of one host or one vCenter: what it is doing, one sentence. */
export const stageQuery = defineQuery<string>('stage');

/** To the ledger: what is over and what begins, in one message. */
export const ledgerWriteSignal = defineSignal<[LedgerEntry]>('write');
/** What the ledger holds. */
export const ledgerQuery = defineQuery<LedgerState>('ledger');
