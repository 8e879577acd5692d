import { ApplicationFailure } from '@temporalio/common';
import { ERROR_CODES, type ErrorCode } from '../../model/error-codes';

/** What failed, as whoever failed it said it. */
export interface SaidFailure {
  code: ErrorCode;
  message: string;
  /** What the failure carries besides, such as a list of problems. */
  details: unknown;
}

/**
 * The innermost failure of ours in what the server answered: a run's failure wraps that of an activity.
 * @returns undefined when no code of ours is in it
 */
export function saidFailure(error: unknown): SaidFailure | undefined {
  let found: SaidFailure | undefined;
  for (let current = error; current instanceof Error; current = current.cause) {
    if (!(current instanceof ApplicationFailure)) continue;
    const { type, message, details } = current;
    const code = ERROR_CODES.find((candidate) => candidate === type);
    if (code !== undefined) found = { code, message, details: details?.[0] };
  }
  return found;
}

/** The innermost message: that of the outer errors is `Workflow execution failed` and the like. */
export function innermostMessage(error: unknown): string {
  let message = String(error);
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current.message !== '') message = current.message;
  }
  return message;
}
