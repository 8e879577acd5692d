import {
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { runWorkflowId } from '../model/ids';
import { fail } from './failures';
import { childReportedSignal, stageQuery } from './message-definitions';

/**
 * Children act on one host or vCenter on behalf of the run, which holds the approvals. Started by anybody else, or
 * under another id, they refuse: the ids are what keeps two of them from working at once (R10).
 * @throws ApplicationFailure VTA_NOT_STARTED_BY_RUN, VTA_WORKFLOW_ID_WRONG
 */
export function requireRunAsParent(infrastructure: string, ownId: string): void {
  const run = runWorkflowId(infrastructure);
  const { parent, workflowId } = workflowInfo();
  if (parent?.workflowId !== run)
    throw fail(
      'VTA_NOT_STARTED_BY_RUN',
      `This workflow works for the run "${run}" and refuses to be started by anybody else. Nothing was changed. Start the run instead.`,
    );
  if (workflowId !== ownId)
    throw fail('VTA_WORKFLOW_ID_WRONG', `This workflow must have the id "${ownId}". Nothing was changed.`);
}

/** What a child is doing, for people: query `stage` and the current details of the UI. */
export class Stage {
  private text = 'Starting.';

  constructor(
    private readonly subject: string,
    private readonly infrastructure: string,
    private readonly step: string,
  ) {
    setHandler(stageQuery, () => this.text, { description: 'What this workflow is doing, one sentence.' });
  }

  set(text: string): void {
    this.text = text;
    setCurrentDetails(`**${this.subject}**: ${text}\n\n&nbsp;\n`);
  }

  /**
   * Runs work and tells the run when it takes longer than the warning deadline (M19). The work goes on.
   * @param text what is being done, shown as the stage
   */
  async during<T>(text: string, warnMs: number, work: () => Promise<T>): Promise<T> {
    this.set(text);
    let over = false;
    const result = work().finally(() => {
      over = true;
    });
    const watch = condition(() => over, warnMs, { summary: `warn: ${text}` }).then(async (ended) => {
      if (!ended)
        await this.warn(`${text} It has taken longer than expected (${Math.round(warnMs / 1000)} s) and goes on.`);
    });
    try {
      return await result;
    } finally {
      await watch;
    }
  }

  async soak(soakMs: number): Promise<void> {
    if (soakMs <= 0) return;
    this.set(`Healthy; watching it for ${Math.ceil(soakMs / 1000)} s before the next one is begun.`);
    await sleep(soakMs, { summary: 'soak' });
  }

  /** Tells the run. A run that is gone does not keep a host from being finished. */
  async warn(warning: string): Promise<void> {
    try {
      await getExternalWorkflowHandle(runWorkflowId(this.infrastructure)).signal(childReportedSignal, {
        step: this.step,
        warning,
      });
    } catch (error) {
      log.warn('the run could not be told', { warning, error });
    }
  }
}
