import { isUtf8 } from 'node:buffer';
import { AnswerNotUnderstood, ApiFault, isVsphereError } from '../../../../src/vsphere/errors';

/** What became of the mutants. */
export interface Tally {
  /** Read as the undamaged answer is read: the damage was in what nobody reads. */
  asBefore: number;
  /** Read as something else that has the declared shape. */
  changed: number;
  /** Refused, by the name of the error. */
  refused: Record<string, number>;
  /** Neither: each with all that is needed to see it. */
  wrong: string[];
  /** The longest that a mutant took, in milliseconds. */
  slowest: number;
}

export const newTally = (): Tally => ({ asBefore: 0, changed: 0, refused: {}, wrong: [], slowest: 0 });

/** One answer of a server, what it is read as, and how damaged ones are read and judged. */
export interface Specimen {
  readonly name: string;
  /** What the undamaged answer is read as, as JSON. */
  readonly before: string;
  /** What is wrong with a value that was read; nothing: it has the declared shape. */
  readonly problems: (value: unknown) => string[];
}

/** Reads one mutant and enters into the tally what came of it. */
export async function tryMutant(
  specimen: Specimen,
  label: string,
  bytes: Buffer,
  read: () => Promise<unknown>,
  tally: Tally,
): Promise<void> {
  const began = performance.now();
  const wrong = (what: string): void => {
    if (tally.wrong.length < 10) tally.wrong.push(`${label} ${specimen.name}: ${what}\n  ${excerpt(bytes)}`);
  };
  try {
    const value = await read();
    const problems = specimen.problems(value);
    // Whatever was read would have other names in it than the server meant.
    if (!isUtf8(bytes)) problems.push('bytes that are not UTF-8 were read');
    if (problems.length > 0) wrong(problems.join('; '));
    // What was read goes into the history of a workflow.
    else if (jsonOf(value) === specimen.before) tally.asBefore += 1;
    else tally.changed += 1;
  } catch (error) {
    if (isVsphereError(error)) {
      const faults = refusalProblems(error);
      if (faults.length > 0) wrong(faults.join('; '));
      tally.refused[error.name] = (tally.refused[error.name] ?? 0) + 1;
    } else wrong(`${String(error)} ${error instanceof Error ? (error.stack ?? '').split('\n')[1] : ''}`);
  }
  tally.slowest = Math.max(tally.slowest, performance.now() - began);
}

export function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** A refusal says which operation it was, what is wrong, and holds nothing that cannot be passed on. */
function refusalProblems(error: Error & { operation: string }): string[] {
  const said = jsonOf(Object.entries(error));
  const problems = error.operation === '' || !error.message.includes(error.operation) ? ['names no operation'] : [];
  if (said.length > 200_000) problems.push('holds an answer');
  if (error instanceof AnswerNotUnderstood && error.problem === '') problems.push('names no problem');
  if (error instanceof ApiFault) {
    if (error.errorType !== undefined && typeof error.errorType !== 'string') problems.push('errorType is no string');
    if ([...error.messages, ...error.messageIds].some((each) => typeof each !== 'string'))
      problems.push('a message is no string');
  }
  return problems;
}

function excerpt(bytes: Buffer): string {
  return `${bytes.length} bytes: ${JSON.stringify(bytes.subarray(0, 700).toString('latin1'))}`;
}
