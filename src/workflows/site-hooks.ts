import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { PlannedHost } from '../model/plan';
import type { RestartServiceInput, RevertHostInput, SiteHookResult } from '../model/recovery';
import { describeFailure, isStepFailure } from './failures';

/** The site's own activities: what no API of vSphere does. */
interface SiteHooks {
  vtaRevertHost(input: RevertHostInput): Promise<SiteHookResult>;
  vtaRestartService(input: RestartServiceInput): Promise<SiteHookResult>;
}

/**
 * The site's own activities on the site's own task queue. Tried once: a reset that is done twice may do harm, and what a
 * hook claims is looked at afterwards in any case. Nobody there within ten minutes is a failure like any other.
 */
export function siteHooks(taskQueue: string, summary: string): ActivityInterfaceFor<SiteHooks> {
  return proxyActivities<SiteHooks>({
    taskQueue,
    summary,
    scheduleToStartTimeout: '10 minutes',
    startToCloseTimeout: '4 hours',
    heartbeatTimeout: '2 minutes',
    retry: { maximumAttempts: 1 },
  });
}

/**
 * No API restarts kmxa on a Trusted Host: the site's own activity does, where there is one (R3). Whether it helped is seen
 * by the host's attestation.
 * @returns what came of it, for people
 */
export async function restartKmxa(
  taskQueue: string,
  { infrastructure, host, operationId }: { infrastructure: string; host: PlannedHost; operationId: string },
): Promise<string> {
  const { name, uuid } = host;
  try {
    const { note } = await siteHooks(taskQueue, `${name}: restart kmxa`).vtaRestartService({
      infrastructure,
      operationId,
      host: { name, uuid },
      service: 'kmxa',
    });
    return `The site's hook restarted kmxa: ${note}`;
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    return `The site's hook did not restart kmxa: ${describeFailure(error).message}`;
  }
}
