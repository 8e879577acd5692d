import type { Pace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import type { HostSystem } from '../vsphere/vim/hosts';
import { attestedSince } from './host-facts';
import type { Site } from './dependencies';
import { callOptions } from './wait';

/** Whether a host has attested since it booted: what was attested before proves nothing of what runs now (R12). */
export function attestedSinceBoot(host: HostSystem): boolean {
  return host.bootTime !== undefined && attestedSince(host, host.bootTime).attested;
}

/** Whether a host is on its new build and does not attest: what it lacks is no matter of its version (R25). */
export function lacksAttestation({ to }: PlannedHost, host: HostSystem): boolean {
  return host.connectionState === 'connected' && host.build === to.build && !attestedSinceBoot(host);
}

/** Other hosts of a Trusted Cluster that are connected, in service and attest: where its virtual machines can be. */
export async function attestedPeers(site: Site, planned: PlannedHost, cluster: string, pace: Pace): Promise<number> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const hosts = await vim.hosts.ofCluster(cluster, callOptions(pace));
  return hosts.filter(
    (host) =>
      host.id !== planned.id &&
      host.uuid !== planned.uuid &&
      host.connectionState === 'connected' &&
      !host.inMaintenanceMode &&
      attestedSinceBoot(host),
  ).length;
}

/** Names of the virtual machines that its vCenter has on a host, whatever their power state: they would leave with it. */
export async function machinesOn(site: Site, vCenter: string, hostId: string, pace: Pace): Promise<string[]> {
  const { vim } = await site.connections.vCenter(vCenter);
  return (await vim.virtualMachines.ofHost(hostId, callOptions(pace))).map(({ name }) => name);
}
