import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  patched,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { runWorkflowId } from '../model/ids';
import { fail, type FailureDescription } from './failures';
import { childReportedSignal, stageQuery, type ChildReport } from './message-definitions';

/**
 * Children act on one host or vCenter on behalf of the run, which holds the approvals. Started by anybody else, or
 * under another id, they refuse: the ids are what keeps two of them from working at once (R10).
 * @param input of the child; started by hand it may be anything
 * @param ownId the id that the child must have for its input
 * @throws ApplicationFailure VTA_NOT_STARTED_BY_RUN, VTA_WORKFLOW_ID_WRONG
 */
export function requireRunAsParent<I extends { infrastructure: string }>(input: I, ownId: (input: I) => string): void {
  const { parent, workflowId } = workflowInfo();
  const given: unknown = input;
  const named = typeof given === 'object' && given !== null && 'infrastructure' in given;
  // Its own id tells which run was meant, if it was started by hand without input.
  const [meant = runWorkflowId('<infrastructure>')] = /^.+(?=:(?:host|vcenter):)/.exec(workflowId) ?? [];
  const run = named ? runWorkflowId(String(given.infrastructure)) : meant;
  if (!named || parent?.workflowId !== run)
    throw fail(
      'VTA_NOT_STARTED_BY_RUN',
      `This workflow works for the run "${run}" and refuses to be started by anybody else. Nothing was changed. Start the run instead: workflow type "upgradeTrustAuthority" with the workflow id "${run}".`,
    );
  const expected = ownId(input);
  if (workflowId !== expected)
    throw fail('VTA_WORKFLOW_ID_WRONG', `This workflow must have the id "${expected}". Nothing was changed.`);
}

/**
 * Does the work of a child to its end, cancelled or not: a host is never left in the middle because somebody pressed
 * "Request Cancellation". Whoever wants an end aborts the run.
 */
export async function toTheEnd<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  CancellationScope.current().cancelRequested.catch(async () => {
    await CancellationScope.nonCancellable(() =>
      stage.warn('A cancel request of this workflow is not obeyed, it is never left in the middle; abort the run.'),
    );
  });
  return await CancellationScope.nonCancellable(work);
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
    await this.report({ step: this.step, warning });
  }

  /**
   * Tells the run that its step has failed, where it takes a while until this workflow has ended with that.
   * @param meanwhile what is done until then
   */
  async tellFailure({ code, message }: FailureDescription, meanwhile: string): Promise<void> {
    // Histories that are older have no such signal.
    if (!patched('vta-failure-told-at-once')) return;
    this.set(`Failed: ${message} ${meanwhile}`);
    await this.report({ step: this.step, warning: `${code}: ${message} ${meanwhile}`, failed: { code, message } });
  }

  private async report(report: ChildReport): Promise<void> {
    try {
      await getExternalWorkflowHandle(runWorkflowId(this.infrastructure)).signal(childReportedSignal, report);
    } catch (error) {
      log.warn('the run could not be told', { report, error });
    }
  }
}
