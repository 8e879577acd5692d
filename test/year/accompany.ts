import type { WorkflowHandle } from '@temporalio/client';
import type { Progress } from '../../src/model/progress';
import type { Report } from '../../src/model/report';
import { progressOf, say } from '../support/people';
import type { SkippingLab } from './skipping-lab';

/** What people do beside approving. */
interface Manners {
  /** How often they look whether they are asked. */
  lookMs: number;
  /** Called at each look, before time goes on. */
  look?: (progress: Progress) => Promise<void>;
  /** Called as soon as the run has ended, whether time goes on or not. */
  closed?: () => Promise<void>;
  /** Called when the worker has left while time went on. */
  workerLeft: () => Promise<void>;
}

/** Approves what is asked, look after look, until the run ends. @throws Error when a step fails */
export async function accompany(
  lab: SkippingLab,
  run: WorkflowHandle,
  { lookMs, look, closed, workerLeft }: Manners,
): Promise<{ report: Report; approved: string[] }> {
  const approved: string[] = [];
  const ended = untilClosed(run).then(() => closed?.());
  while ((await run.describe()).status.name === 'RUNNING') {
    const progress = await progressOf(run);
    const { gates, window } = progress;
    for (const { id, step, digest = '', facts } of gates) {
      if (step !== undefined) throw new Error(`${id}: ${facts.join(' ')}`);
      await say(run, 'approve', { gate: id, digest, by: 'alice', reason: 'CHG-4711' });
      approved.push(id.split(':')[0] ?? id);
    }
    await look?.(progress);
    const next = (await lab.now()) + lookMs;
    const opens = Date.parse(window?.opensAt ?? '');
    if (!(await lab.sleepUntil(gates.length === 0 && opens > next ? opens : next))) await workerLeft();
  }
  await ended;
  return { report: (await run.result()) as Report, approved };
}

/** Asked again and again: this server drops connections from time to time, and with them whoever waits for a result. */
async function untilClosed(run: WorkflowHandle): Promise<void> {
  for (;;) {
    const status = await run.describe().then(
      (description) => description.status.name,
      () => 'UNKNOWN',
    );
    if (!['RUNNING', 'CONTINUED_AS_NEW', 'UNKNOWN'].includes(status)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
