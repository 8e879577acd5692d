import type { Activities } from './activities';
import type { HostStanding } from '../model/work';
import type { PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';
import { isVsphereError } from '../vsphere/errors';
import type { FindSite, Site } from './dependencies';
import { isAfter, lookOf, seeHost, stoppedServices } from './host-facts';
import { applyAtWork } from './apply-at-work';
import { callOptions } from './wait';

/** How a host stands after a step on it failed: what skipping it, or ending the run, would leave behind. Reads only. */
export function createHostStandingActivities(findSite: FindSite): Pick<Activities, 'vtaReadHostStanding'> {
  return {
    async vtaReadHostStanding(input): Promise<HostStanding> {
      const { host: planned, pace, baseline } = input;
      const site = findSite(input);
      const seen = await seeHost(site, planned, pace);
      const { host } = seen;
      const build = baseline?.build ?? planned.from.build;
      const booted = baseline !== undefined && isAfter(host.bootTime, baseline.bootTime);
      const work = host.cluster === undefined ? undefined : await applyAtWork(site, planned, host.cluster, pace);
      const connected = host.connectionState === 'connected';
      const attested = host.trustAuthorityAttestations?.some(({ status }) => status === 'attested') === true;
      const trusted = planned.role === 'trusted';
      const authority = planned.role === 'trust-authority';
      return {
        look: lookOf(seen),
        untouched: host.build === build && !booted,
        trouble: [
          ...(connected ? [] : [`it is ${host.connectionState}`]),
          ...(trusted && !attested ? ['it is not attested'] : []),
          ...(authority && connected ? await stopped(site, planned, pace) : []),
        ],
        ...(work === undefined ? {} : { atWork: work }),
        servingPeers: authority ? await servingPeers(site, planned, host.cluster, pace) : 0,
      };
    },
  };
}

async function stopped(site: Site, host: PlannedHost, pace: Pace): Promise<string[]> {
  return (await stoppedServices(site, host, pace)).map((key) => `${key} does not run`);
}

/** Trust Authority Hosts beside this one that are connected, in service, and whose services run. */
export async function servingPeers(
  site: Site,
  planned: PlannedHost,
  cluster: string | undefined,
  pace: Pace,
): Promise<number> {
  if (cluster === undefined) return 0;
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const peers = (await vim.hosts.ofCluster(cluster, callOptions(pace))).filter(
    ({ id, uuid }) => id !== planned.id && uuid !== planned.uuid,
  );
  let serving = 0;
  for (const peer of peers) {
    if (peer.connectionState !== 'connected' || peer.inMaintenanceMode) continue;
    try {
      if ((await stopped(site, { ...planned, id: peer.id, name: peer.name }, pace)).length === 0) serving += 1;
    } catch (error) {
      if (!isVsphereError(error)) throw error; // a peer that does not answer does not serve
    }
  }
  return serving;
}
