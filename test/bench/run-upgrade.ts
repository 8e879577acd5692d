import { readFileSync } from 'node:fs';
import type { Report } from '../../src/model/report';
import { runWorkflowId, TASK_QUEUE } from '../../src/model/ids';
import type { upgradeTrustAuthority } from '../../src/workflows';
import type { PatientClient } from '../support/crash/patient-client';
import type { Ready } from './parts';

/**
 * One upgrade with everything approved at once.
 * @returns its report and how long it took, from the start to the report
 */
export async function runUpgrade(
  people: PatientClient,
  ready: Ready,
  deadlineMs: number,
): Promise<{ report: Report; wallMs: number }> {
  const began = performance.now();
  const started = await people.client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
    workflowId: runWorkflowId(ready.infrastructure),
    taskQueue: TASK_QUEUE,
    args: [JSON.parse(readFileSync(ready.requestFile, 'utf8'))],
  });
  const report = await people.accompany(people.client.workflow.getHandle(started.workflowId), deadlineMs);
  const wallMs = performance.now() - began;
  if (report.outcome !== 'completed') throw new Error(`the run was ${report.outcome}: ${report.summary}`);
  return { report, wallMs };
}
