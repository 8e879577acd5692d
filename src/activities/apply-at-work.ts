import type { Pace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import type { Site } from './dependencies';
import { callOptions } from './wait';

/** Service of vLCM's tasks on a cluster's image (contract esx-settings-clusters). */
const SOFTWARE = 'com.vmware.esx.settings.clusters.software';

/** The apply or staging on a cluster that is under way, whoever began it; undefined when there is none. */
export async function findWork(site: Site, vCenterName: string, cluster: string, verb: 'apply' | 'stage', pace: Pace) {
  const vCenter = await site.connections.vCenter(vCenterName);
  const tasks = await vCenter.tasks.list({ services: [SOFTWARE] }, callOptions(pace));
  for (const [id, task] of Object.entries(tasks)) {
    const atWork = task.status === 'RUNNING' || task.status === 'PENDING' || task.status === 'BLOCKED';
    if (atWork && (task.operation ?? '').startsWith(verb) && task.target?.id === cluster) return { id, task };
  }
  return undefined;
}

/** Says whether vLCM is at work on the cluster of a host, whoever asked for it; undefined when it is not. */
export async function applyAtWork(
  site: Site,
  host: PlannedHost,
  cluster: string,
  pace: Pace,
): Promise<string | undefined> {
  const found = await findWork(site, host.vCenter, cluster, 'apply', pace);
  if (found === undefined) return undefined;
  return `vLCM is at work on cluster ${host.cluster} for ${found.task.user ?? 'somebody'}`;
}
