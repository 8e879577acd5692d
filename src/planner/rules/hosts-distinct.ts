import type { ClusterFacts, Inventory } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import { nameList } from '../name-list';
import type { Rule } from './rule';

/** A host is known by its hardware UUID, and its child by its name: neither may stand for two hosts. */
export const hostsDistinct: Rule = (_request, inventory) => {
  const hosts = clustersOf(inventory).flatMap((cluster) => cluster.hosts);
  return (['name', 'uuid'] as const).flatMap((identity) => {
    const all = hosts.map((host) => host[identity]);
    const repeated = new Set(all.filter((value, index) => all.indexOf(value) !== index));
    return [...repeated].map((value): Finding => {
      const places = hosts
        .filter((host) => host[identity] === value)
        .map((host) => `${host.name} (${host.id} on ${host.vCenter})`);
      return {
        code: 'VTA_HOST_AMBIGUOUS',
        subject: `host ${value}`,
        message: `The ${identity === 'name' ? 'name' : 'hardware UUID'} ${value} belongs to several hosts: ${nameList(places)}.`,
        remedy: 'Remove the stale or doubled host from its vCenter, or give the hosts different names.',
      };
    });
  });
};

/** A cluster that is named as both tiers is a refusal of its own, not one for each of its hosts. */
function clustersOf({ trustAuthority, trusted }: Inventory): ClusterFacts[] {
  const own = trustAuthority.cluster;
  const others = trusted.flatMap(({ clusters, referenceClusters = [] }) => [...clusters, ...referenceClusters]);
  return [own, ...others.filter(({ vCenter, id }) => vCenter !== own.vCenter || id !== own.id)];
}
