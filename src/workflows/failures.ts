import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { ERROR_CODES, type ErrorCode } from '../model/error-codes';

/** What a failed step says to people. */
export interface FailureDescription {
  code: ErrorCode;
  message: string;
  /** More than fits into a sentence, such as the list of refusals. */
  details?: unknown;
}

/**
 * Finds the code and the sentence in what an activity or child threw. An error that is none of ours is shown as it is,
 * under the code for "we do not know what happened".
 */
export function describeFailure(error: unknown): FailureDescription {
  let current: unknown = error;
  let child = 'a workflow';
  while (
    (current instanceof ActivityFailure || current instanceof ChildWorkflowFailure) &&
    current.cause !== undefined
  ) {
    if (current instanceof ChildWorkflowFailure) child = current.execution.workflowId ?? current.workflowType;
    current = current.cause;
  }
  if (current instanceof ApplicationFailure) {
    const type = ERROR_CODES.find((code) => code === current.type);
    const [details] = current.details ?? [];
    return {
      code: type ?? 'VTA_OUTCOME_UNKNOWN',
      message: current.message,
      ...(details === undefined ? {} : { details }),
    };
  }
  if (current instanceof TimeoutFailure)
    return {
      code: 'VTA_DEADLINE_PASSED',
      message: `No answer within the deadline (${current.timeoutType}). What the last attempt did is not known; the state is read again before anything is tried.`,
    };
  if (current instanceof TerminatedFailure)
    return {
      code: 'VTA_OUTCOME_UNKNOWN',
      message: `Somebody terminated the workflow "${child}" in the middle of its work. What it began may go on in vCenter; nothing was undone. Look at the host or vCenter, then decide "retry": the state is read again before anything is tried.`,
    };
  if (current instanceof WorkflowExecutionAlreadyStartedError)
    return {
      code: 'VTA_STRANGER_AT_WORK',
      message: `The workflow "${current.workflowId}" of an earlier run is still at work. It is not taken over and not stopped. Wait for its end, then decide "retry".`,
    };
  return { code: 'VTA_OUTCOME_UNKNOWN', message: current instanceof Error ? current.message : String(current) };
}

/** True for failures of a step that a person can decide about; everything else (continue-as-new, bugs) passes through. */
export function isStepFailure(error: unknown): boolean {
  return (
    error instanceof ActivityFailure ||
    error instanceof ChildWorkflowFailure ||
    error instanceof ApplicationFailure ||
    // a child of an earlier run under the same id: it must end first
    error instanceof WorkflowExecutionAlreadyStartedError
  );
}

/** Fails the workflow for good, with a code. A plain Error would retry the workflow task for ever. */
export function fail(code: ErrorCode, message: string, details?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: true,
    ...(details === undefined ? {} : { details: [details] }),
  });
}
