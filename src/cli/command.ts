import type { ExitCode } from './exit-codes';
import type { Io } from './io';
import type { Parameter, Parameters, ValuesOf } from './options';

/** What a command was called with. */
export interface Invocation<A, O> {
  arguments: ValuesOf<A>;
  options: ValuesOf<O>;
  /** Form of the answer; commands that print while they run obey it themselves. */
  output: 'text' | 'json';
  io: Io;
}

/** How a command ended. */
export interface Answer {
  exitCode: ExitCode;
  /** For `--output json`; undefined: nothing is printed. */
  json?: unknown;
  /** For people. */
  text?: string;
}

interface Example {
  /** What it does, as a heading of the command line. */
  title: string;
  /** With long options, as it is typed. */
  command: string;
}

/** A command as data. Help, docs/cli.md and the parser are made from it. */
export interface Command<A = Parameters, O = Parameters> {
  /** One word, or two for what stands below a group, or below another command that comes before it (`audit verify`). */
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** What it does and what it does not; paragraphs are separated by an empty line. */
  description: string;
  /** In the order in which they are given. */
  arguments: A;
  options: O;
  examples: Example[];
  /** @throws CliFailure when there is no answer */
  run(invocation: Invocation<A, O>): Promise<Answer>;
}

/** Keeps the types of a command's parameters for its `run`, and forgets them for the list of commands. */
export function defineCommand<
  A extends Record<string, Parameter<unknown>>,
  O extends Record<string, Parameter<unknown>>,
>(command: Command<A, O>): Command {
  return command;
}
