import { inject } from 'vitest';
import type { ExitCode } from '../../../src/cli/exit-codes';
import type { Io } from '../../../src/cli/io';
import { runCli } from '../../../src/cli/run-cli';

/** What a command printed, and how it ended. */
export interface Typed {
  exitCode: ExitCode;
  stdout: string;
  stderr: string;
}

export interface Circumstances {
  /** Beside the address of the shared Temporal server; nothing of the machine's own environment is seen. */
  env?: NodeJS.ProcessEnv;
  /** What a person types when asked; without it nobody is there to ask. */
  types?: string;
  /** Size of the terminal that shows standard output; without it there is none. */
  screen?: { columns: number; rows: number };
  /** Ctrl-C. */
  interrupt?: AbortSignal;
  /** Told of standard output as it comes. */
  onOutput?(text: string): void;
}

/** Types a command and waits for its end. */
export async function type(words: readonly string[], circumstances: Circumstances = {}): Promise<Typed> {
  const { env, types, screen, interrupt, onOutput } = circumstances;
  let stdout = '';
  let stderr = '';
  const io: Io = {
    env: { TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_CONFIG_FILE: '/no/such/file', ...env },
    answer(text) {
      stdout += text;
      onOutput?.(text);
    },
    note: (text) => void (stderr += text),
    screen: () => screen,
    canAsk: types !== undefined,
    async ask(question) {
      stderr += question;
      return await Promise.resolve(types ?? '');
    },
    interrupted: () => interrupt ?? new AbortController().signal,
  };
  const exitCode = await runCli(words, io);
  return { exitCode, stdout, stderr };
}

/** The answer of a command typed with `--output json`. */
export async function typeForJson(
  words: readonly string[],
  circumstances: Circumstances = {},
): Promise<{ exitCode: ExitCode; json: unknown }> {
  const { exitCode, stdout } = await type([...words, '--output', 'json'], circumstances);
  return { exitCode, json: JSON.parse(stdout) as unknown };
}
