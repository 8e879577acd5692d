import type { HostFacts, Inventory } from '../model/inventory';
import type { Phase } from '../model/plan';

/**
 * What is lost should a Trust Authority Host of the plan have to be removed and added again: vCenter keeps it with the
 * managed object, and the host gets a new one (vSphere documentation on removing hosts).
 * @returns empty when no such host is upgraded, or none could be added again
 */
export function removalLoses(phases: Phase[], { trustAuthority, canExportBaseImages }: Inventory): string[] {
  const facts = upgraded(phases, 2, trustAuthority.cluster.hosts);
  if (facts.length === 0 || !canExportBaseImages) return [];
  return [...OF_EVERY_HOST, ...facts.flatMap(inSwitches)];
}

/** The same of Trusted Hosts, each by its name: for a request that allows that one of them is removed and added again. */
export function trustedRemovalLoses(phases: Phase[], { trusted, canExportBaseImages }: Inventory): string[] {
  const hosts = trusted.flatMap(({ clusters }) => clusters.flatMap((cluster) => cluster.hosts));
  const facts = upgraded(phases, 4, hosts);
  if (facts.length === 0 || !canExportBaseImages) return [];
  return [
    'each: the virtual machines on it would leave the inventory with it; it is not removed while there are any',
    ...facts.flatMap((host) => [...OF_EVERY_HOST.map((what) => `${host.name}: ${what}`), ...inSwitches(host)]),
  ];
}

const OF_EVERY_HOST = [
  'its tags, custom attributes, permissions and alarms of its own, performance history',
  'its place in a vSAN cluster, if it has one (not read)',
];

function upgraded(phases: Phase[], number: 2 | 4, facts: HostFacts[]): HostFacts[] {
  const hosts = phases.flatMap((phase) => (phase.kind === 'hosts' && phase.number === number ? phase.hosts : []));
  return facts.filter(({ uuid }) => hosts.some((host) => host.uuid === uuid));
}

function inSwitches({ name, distributedPortGroups: groups = 0 }: HostFacts): string[] {
  return groups === 0 ? [] : [`${name}: its place in distributed switches (${groups} port groups)`];
}
