import type { ErrorCode } from '../src/model/error-codes';
import { describeProblem, type InputProblem } from '../src/model/input-problem';

/** The infrastructure file cannot be used. The message is for the terminal: every problem on a line of its own. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly code: ErrorCode,
    readonly file: string,
    readonly problems: InputProblem[],
  ) {
    super([`${file} cannot be used:`, ...problems.map((problem) => `  ${describeProblem(problem, file)}`)].join('\n'));
  }
}
