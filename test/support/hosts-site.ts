import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { quickSite } from './quick-site';

/** The image that the hosts of the site are to have, and its build. */
const NEW_IMAGE = '8.0.3-0.0.24674464';
export const NEW_BUILD = '24674464';
export const OLD_BUILD = '22380479';

export const TA_1 = 'ta-host-1.lab.example';
export const TA_2 = 'ta-host-2.lab.example';
export const TA_3 = 'ta-host-3.lab.example';
export const HOST_1 = 'host-1.lab.example';

/** The quick site with vCenters that are at their target already: a run goes straight to the hosts. */
export function hostsSite(counts: { ta?: number; trusted?: number } = {}): ScenarioInput {
  const site = quickSite();
  const vCenter = { version: '8.0.3.00500', build: '24674346', updates: [] };
  Object.assign(site.trustAuthority.vCenter, vCenter);
  site.trustAuthority.cluster.hosts.count = counts.ta ?? 2;
  for (const trusted of site.trusted) {
    Object.assign(trusted.vCenter, vCenter);
    // A host that is alone in its cluster has nowhere to move its virtual machines.
    for (const { hosts } of trusted.clusters) Object.assign(hosts, { count: counts.trusted ?? 1, vms: 0 });
  }
  return site;
}

/** The request that brings the hosts of that site to the new image. */
export function hostsRequest(infrastructure: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { infrastructure, target: { esxi: { baseImage: NEW_IMAGE } }, ...changes };
}
