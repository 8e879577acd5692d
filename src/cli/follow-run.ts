import type { Report } from '../model/report';
import { CliFailure } from './cli-failure';
import type { Answer } from './command';
import { EXIT } from './exit-codes';
import type { Io } from './io';
import { ofReport, resultOf } from './look-at-run';
import { type RunDisplay, runDisplay } from './render/run-display';
import { shellLine } from './shell-words';
import { innermostMessage } from './temporal/failure-of';
import { readProgress } from './temporal/run-access';
import { withStages } from './temporal/with-stages';
import type { Temporal } from './temporal/with-temporal';

const LOOK_MS = 1_000;

/**
 * Shows a run until it ends, or until Ctrl-C: then it goes on without us. A server or worker that does not answer for a
 * while is told, and waited for.
 * @throws CliFailure when the run does not end in order
 */
export async function followRun(
  temporal: Temporal,
  infrastructure: string,
  io: Io,
  output: 'text' | 'json',
): Promise<Answer> {
  const display = runDisplay(io, output);
  const detached = abortOf(io.interrupted());
  const looking = new AbortController();
  const ended = waitForEnd(temporal, infrastructure, display, looking.signal);
  void look(temporal, infrastructure, display, looking.signal);
  try {
    const report = await Promise.race([ended, detached]);
    if (report !== undefined) {
      display.clear();
      return ofReport(report);
    }
    io.note(
      `Detached. The upgrade of ${infrastructure} goes on. To see it again: ` +
        `${shellLine(['vta-upgrade', 'status', infrastructure, '--follow'])}\n`,
    );
    return { exitCode: EXIT.done };
  } finally {
    looking.abort();
    ended.catch(() => {}); // the connection is closed under a wait that nobody needs any more
  }
}

async function look(
  temporal: Temporal,
  infrastructure: string,
  display: RunDisplay,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    const show = await readProgress(temporal, infrastructure)
      .then((progress) => withStages(temporal, progress))
      .then(
        (progress) => () => display.progress(progress),
        (error: unknown) => () => display.trouble(innermostMessage(error)),
      );
    if (!stopped.aborted) show();
    await pause(LOOK_MS);
  }
}

async function waitForEnd(
  temporal: Temporal,
  infrastructure: string,
  display: RunDisplay,
  stopped: AbortSignal,
): Promise<Report> {
  for (;;) {
    try {
      // Without the signal a poll that is under way would keep the process for 20 s.
      return await temporal.connection.withAbortSignal(stopped, () => resultOf(temporal, infrastructure));
    } catch (error) {
      if (error instanceof CliFailure || stopped.aborted) throw error;
      display.trouble(innermostMessage(error));
      await pause(LOOK_MS);
    }
  }
}

function abortOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
