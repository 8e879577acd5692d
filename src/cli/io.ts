import { createInterface } from 'node:readline/promises';

/** What a command may touch of the process it runs in; tests give their own. */
export interface Io {
  env: NodeJS.ProcessEnv;
  /** Standard output: the answer, and nothing else. */
  answer(text: string): void;
  /** Standard error: everything that is not the answer. */
  note(text: string): void;
  /** Size of the terminal on standard output, for live displays; undefined when it is none. */
  screen(): { columns: number; rows: number } | undefined;
  /** Whether somebody is there to answer a question. */
  canAsk: boolean;
  ask(question: string): Promise<string>;
  /** From now on Ctrl-C and SIGTERM abort this signal instead of the process. */
  interrupted(): AbortSignal;
}

/** The real process. */
export function processIo(): Io {
  let interruption: AbortController | undefined;
  return {
    env: process.env,
    answer: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    screen: () =>
      process.stdout.isTTY ? { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 } : undefined,
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    async ask(question) {
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await terminal.question(question);
      } finally {
        terminal.close();
      }
    },
    interrupted() {
      if (interruption === undefined) {
        const controller = (interruption = new AbortController());
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
      }
      return interruption.signal;
    },
  };
}
