import { execFile } from 'node:child_process';
import { inject } from 'vitest';
import { locateTemporal } from '../../../src/cli/temporal-binary/locate-temporal';

export interface Answered {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Types a command of the plain `temporal` CLI, as somebody does who has nothing else. */
export type TemporalCli = (...words: string[]) => Promise<Answered>;

const DEADLINE_MS = 90_000;

/** The real binary against the shared dev server; nothing of the machine's own configuration is seen. */
export async function temporalCli(): Promise<TemporalCli> {
  const { path } = await locateTemporal({ env: process.env, log: () => undefined });
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
    NO_COLOR: '1',
  };
  return (...words) =>
    new Promise((resolve, reject) => {
      const options = { env, timeout: DEADLINE_MS, killSignal: 'SIGKILL' as const, maxBuffer: 16 * 1024 * 1024 };
      execFile(path, words, options, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
}
