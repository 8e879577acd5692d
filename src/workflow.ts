/**
 * The face of `vta-upgrade` that may be imported in workflow code, and by clients that only send messages: definitions of
 * signals, updates and queries, names, and types. No workflows: those are in `vta-upgrade/workflows`.
 */
export * from './workflows/message-definitions';
export { hostWorkflowId, patchScheduleId, runWorkflowId, TASK_QUEUE, vCenterWorkflowId } from './model/ids';
export { ERROR_CODES, type ErrorCode } from './model/error-codes';
export { DECISIONS } from './model/messages';
export type * from './model/audit';
export type * from './model/image';
export type * from './model/messages';
export type * from './model/patch-report';
export type * from './model/patch-request';
export type * from './model/plan';
export type * from './model/progress';
export type * from './model/report';
export type * from './model/request';
export type * from './model/standing-approval';
