import type { Pace } from '../model/pace';
import { runTask } from '../vsphere/task-poll';
import type { HealthReport } from '../vsphere/trust-values';
import type { Site } from './dependencies';
import { pollTools } from './wait';

/**
 * Whether the hosts of a Trusted Cluster have the services of attestation and key providers that its vCenter wants them
 * to have. OK: they have; ERROR: one of them differs; NONE: not known.
 * @param cluster managed object id
 */
export async function readAppliedTrust(
  site: Site,
  vCenter: string,
  cluster: string,
  pace: Pace,
): Promise<HealthReport> {
  const { trustedClusters, tasks } = await site.connections.vCenter(vCenter);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
  return await runTask(tasks, (o) => trustedClusters.appliedConfig(cluster, o), poll, pollTools());
}

/** What is wrong with it, for people; empty when nothing is. */
export function appliedTrouble({ health, details }: HealthReport): string[] {
  if (health === 'OK') return [];
  return [`its applied trust configuration is ${health}`, ...details.map(({ text }) => text)];
}
