import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { RestartServiceInput, RevertHostInput, SiteHookResult } from '../model/recovery';

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
