import { ApplicationFailure } from '@temporalio/common';
import { ERROR_CODES, type ErrorCode } from '../model/error-codes';
import { remedyOf } from '../vsphere/error-table';
import {
  AnswerNotUnderstood,
  ApiFault,
  isVsphereError,
  LoginRefused,
  NotSent,
  OutcomeUnknown,
} from '../vsphere/errors';
import type { VsphereError } from '../vsphere/errors';

/**
 * Fails an activity for good, with a code: a person has to look before it is tried again.
 * @param message what happened, what is true now, what to do; never a secret
 */
export function refuse(code: ErrorCode, message: string, details?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: true,
    ...(details === undefined ? {} : { details: [details] }),
  });
}

/**
 * The only place where an error of a client becomes a failure in a history. Whether the server tries the activity again
 * is decided by the table of remedies (M9), never by an HTTP status.
 */
export function toFailure(error: unknown): unknown {
  if (!isVsphereError(error)) {
    // What the worker gave its activities (the resolver of secrets) fails with our codes, too.
    const code =
      error instanceof Error && 'code' in error ? ERROR_CODES.find((known) => known === error.code) : undefined;
    return code === undefined || !(error instanceof Error) ? error : refuse(code, error.message);
  }
  const remedy = remedyOf(error);
  return ApplicationFailure.create({
    type: codeOf(error, remedy),
    message: error.message,
    nonRetryable: remedy === 'refused' || remedy === 'gone',
    details: [{ remedy, ...(error instanceof ApiFault ? { errorType: error.errorType, status: error.status } : {}) }],
  });
}

function codeOf(error: VsphereError, remedy: string): ErrorCode {
  if (error instanceof NotSent) return remedy === 'refused' ? 'VTA_TLS_NOT_TRUSTED' : 'VTA_UNREACHABLE';
  if (error instanceof OutcomeUnknown) return 'VTA_OUTCOME_UNKNOWN';
  if (error instanceof AnswerNotUnderstood) return 'VTA_ANSWER_NOT_UNDERSTOOD';
  if (error instanceof LoginRefused) return 'VTA_CREDENTIALS_REJECTED';
  if (error.errorType === 'UNAUTHORIZED' || error.errorType === 'NoPermission') return 'VTA_PRIVILEGE_MISSING';
  if (error.errorType === 'SERVICE_UNAVAILABLE' || error.status === 503) return 'VTA_UNREACHABLE';
  return 'VTA_API_REFUSED';
}
