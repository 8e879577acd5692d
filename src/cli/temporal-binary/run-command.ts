import { spawnOnLeash } from '../spawn-on-leash';

export interface CommandResult {
  /** null: ended by a signal or by the deadline. */
  exitCode: number | null;
  timedOut: boolean;
  /** Standard output and error, as they came. */
  output: string;
}

export interface RunCommandOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Told of each piece of output as it comes. */
  onOutput?(): void;
  /** Ends the command when it is aborted; `timedOut` is then true. */
  signal: AbortSignal;
}

/** Runs a command to its end, or until the signal says that this takes too long; then nothing of it stays behind. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { signal, onOutput, ...options }: RunCommandOptions,
): Promise<CommandResult> {
  const running = spawnOnLeash(command, args, options);
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    onOutput?.();
  };
  running.child.stdout?.on('data', collect);
  running.child.stderr?.on('data', collect);
  const closed = new Promise<void>((resolve) => running.child.once('close', () => resolve()));

  const stop = () => void running.stop(1_000);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const exitCode = await running.ended;
  signal.removeEventListener('abort', stop);
  await closed; // the rest of its output
  return { exitCode, timedOut: signal.aborted, output };
}
