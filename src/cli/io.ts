import { createInterface, type Interface } from 'node:readline/promises';
import { Interrupted } from './interruption';

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
  /** @throws Interrupted when Ctrl-C is typed instead of an answer */
  ask(question: string): Promise<string>;
  /** From now on Ctrl-C and SIGTERM abort this signal instead of the process; typed a second time they end the process. */
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
        return await Promise.race([terminal.question(question), ctrlC(terminal, interruption)]);
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

/** While a question is open the terminal hands out Ctrl-C as a key, not as a signal; whoever waits for the signal is told. */
function ctrlC(terminal: Interface, interruption: AbortController | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Interrupted());
    terminal.once('SIGINT', () => {
      interruption?.abort();
      interrupt();
    });
    interruption?.signal.addEventListener('abort', interrupt, { once: true });
  });
}
