import { WorkflowFailedError, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { AuditLine } from '../../src/model/audit';
import type { Progress } from '../../src/model/progress';
import type { Rehearsal } from './rehearsal';

/** What these need of a run: it may have been started by any client. */
type RunHandle = Pick<WorkflowHandle, 'executeUpdate' | 'query'>;

/** Sends a message as update; what it is sent with may be anything, as people type it. */
export async function say(run: RunHandle, name: string, ...payload: unknown[]): Promise<string> {
  return await run.executeUpdate<string, [unknown, ...unknown[]]>(name, { args: payload as [unknown] });
}

/** Sends a message as update that must be refused; returns what its sender learns. */
export async function refused(run: RunHandle, name: string, ...payload: unknown[]): Promise<string> {
  let answer: string;
  try {
    answer = await say(run, name, ...payload);
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const { cause } = error;
    return cause instanceof ApplicationFailure ? `${cause.type}: ${cause.message}` : String(cause);
  }
  throw new Error(`${name} was taken: ${answer}`);
}

/** What a workflow failed with, as its starter sees it. */
export async function failureOf(result: Promise<unknown>): Promise<string> {
  try {
    await result;
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure)
      return `${error.cause.type}: ${error.cause.message}`;
    throw error;
  }
  throw new Error('it did not fail');
}

export async function progressOf(run: RunHandle): Promise<Progress> {
  return await run.query<Progress>('progress');
}

export async function auditOf(run: RunHandle): Promise<AuditLine[]> {
  return await run.query<AuditLine[]>('audit');
}

/** Looks until something is there. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 90_000,
): Promise<T> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`not seen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until an event of the world happens, such as `remediation-started` on a host. */
export async function worldEvent({ simulator }: Rehearsal, what: string, host: string): Promise<void> {
  await eventually(`${what} of ${host}`, () =>
    simulator.world.events.all().find((event) => event.what === what && event.host === host),
  );
}
