import type { Pace } from '../model/pace';
import { runTask } from '../vsphere/task-poll';
import type { Site } from './dependencies';
import { callOptions, pollTools } from './wait';

/**
 * Why the Trust Authority Cluster cannot be relied on; empty when attestation and key provider service are OK. Health
 * is known per cluster only, so it is asked while all hosts are connected.
 */
export async function readServiceHealth(site: Site, pace: Pace): Promise<string[]> {
  const vCenter = await site.connections.trustAuthorityVCenter();
  const cluster = await site.connections.trustAuthorityClusterId();
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
  const { signal } = callOptions(pace);
  const run = <T>(start: Parameters<typeof runTask<T>>[1]) => runTask(vCenter.tasks, start, poll, pollTools(), signal);
  const attestation = await run((options) => vCenter.trustAuthority.attestationStatus(cluster, options));
  const keyProvider = await run((options) => vCenter.trustAuthority.keyProviderStatus(cluster, options));
  return [...trouble('attestation service', attestation), ...trouble('key provider service', keyProvider)];
}

function trouble(what: string, report: { health: string; details: readonly { text: string }[] }): string[] {
  if (report.health === 'OK') return [];
  const details = report.details.map((detail) => detail.text).join(' ');
  return [`the ${what} of the Trust Authority Cluster is ${report.health}${details === '' ? '' : ` (${details})`}`];
}
