import type { ErrorCode } from '../model/error-codes';
import { EXIT, type ExitCode } from './exit-codes';

export interface FailureFacts {
  code: ErrorCode;
  /** What happened. */
  message: string;
  /** What is true now, a line each. */
  state?: string[];
  /** What to do, a line each; commands as they are typed. */
  next?: string[];
  /** For `--output json`: more than fits into sentences. */
  details?: unknown;
  /** Not given: failed. */
  exitCode?: ExitCode;
}

/** A command cannot give its answer, and says why so that the reader knows what to type next. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';

  constructor(
    readonly facts: FailureFacts,
    options?: ErrorOptions,
  ) {
    super(facts.message, options);
  }

  get exitCode(): ExitCode {
    return this.facts.exitCode ?? EXIT.failed;
  }

  /** The failure as a person reads it. */
  toText(): string {
    const { code, message, state = [], next = [] } = this.facts;
    return [
      `${code}: ${message}`,
      ...state.map((line) => `  ${line}`),
      ...(next.length === 0 ? [] : ['What to do:', ...next.map((line) => `  ${line}`)]),
      `More: docs/errors.md#${code.toLowerCase()}`,
      '',
    ].join('\n');
  }

  /** The failure as the answer of `--output json`. */
  toJson(): unknown {
    const { exitCode: _, ...facts } = this.facts;
    return { error: facts };
  }
}
