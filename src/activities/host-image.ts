import type { Pace } from '../model/pace';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import { runTask } from '../vsphere/task-poll';
import type { Site } from './dependencies';
import { seeHost } from './host-facts';
import { callOptions, pollTools } from './wait';

/**
 * True when a host runs the target build and a fresh scan of vLCM calls it compliant. The build alone does not show
 * add-ons and components (R6), and what vLCM remembers may be of an older image. A scan changes no host.
 */
export async function hasDesiredImage(
  site: Site,
  host: PlannedHost,
  cluster: Pick<PlannedCluster, 'id'>,
  pace: Pace,
): Promise<boolean> {
  const { host: seen } = await seeHost(site, host, pace);
  if (seen.connectionState !== 'connected' || seen.build !== host.to.build) return false;
  const { lifecycle, tasks } = await site.connections.vCenter(host.vCenter);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.desiredImage.deadlineMs };
  const { signal } = callOptions(pace);
  const compliance = await runTask(tasks, (o) => lifecycle.scan(cluster.id, o), poll, pollTools(), signal);
  return compliance.compliant_hosts.includes(host.id);
}
