import { readFileSync } from 'node:fs';
import { describeProblem, type Checked, type InputProblem, type Locate } from '../model/input-problem';
import { readYaml } from '../../worker/yaml-document';
import { CliFailure } from './cli-failure';
import { EXIT } from './exit-codes';

/** A request as people write it: what a workflow takes as its argument. */
export interface WrittenRequest {
  infrastructure: string;
  standingApproval?: { by: string[] };
}

/**
 * Reads a request file, JSON or YAML, and checks it as the worker will check it. Sent is what was written, not what the
 * check made of it: the worker fills in its own defaults.
 * @throws CliFailure VTA_REQUEST_INVALID with every problem at once; nothing was contacted
 */
export function readRequestFile(
  file: string,
  check: (value: unknown, locate?: Locate) => Checked<unknown>,
): WrittenRequest {
  const document = readYaml(textOf(file));
  if (document.kind === 'unreadable') throw invalidRequest(document.problems, file);
  const checked = check(document.value, document.locate);
  if (checked.kind === 'invalid') throw invalidRequest(checked.problems, file);
  return document.value as WrittenRequest;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw wrongUsage(`The request file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A request that is not valid, with every problem and its place in the file, if there is one. */
export function invalidRequest(problems: InputProblem[], file?: string): CliFailure {
  return new CliFailure({
    code: 'VTA_REQUEST_INVALID',
    message: 'The request is not valid; nothing was started.',
    state: problems.map((problem) => describeProblem(problem, file)),
    details: problems,
    exitCode: EXIT.usage,
  });
}

/** Something was typed that cannot be meant. */
export function wrongUsage(message: string): CliFailure {
  return new CliFailure({ code: 'VTA_USAGE_WRONG', message, exitCode: EXIT.usage });
}
