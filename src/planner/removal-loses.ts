import type { Inventory } from '../model/inventory';
import type { Phase } from '../model/plan';

/**
 * What is lost should a Trust Authority Host of the plan have to be removed and added again: vCenter keeps it with the
 * managed object, and the host gets a new one (vSphere documentation on removing hosts).
 * @returns empty when no such host is upgraded, or none could be added again
 */
export function removalLoses(phases: Phase[], { trustAuthority, canExportBaseImages }: Inventory): string[] {
  const hosts = phases.flatMap((phase) => (phase.kind === 'hosts' && phase.number === 2 ? phase.hosts : []));
  if (hosts.length === 0 || !canExportBaseImages) return [];
  const facts = trustAuthority.cluster.hosts.filter(({ uuid }) => hosts.some((host) => host.uuid === uuid));
  return [
    'its tags, custom attributes, permissions and alarms of its own, performance history',
    'its place in a vSAN cluster, if it has one (not read)',
    ...facts.flatMap(({ name, distributedPortGroups: groups = 0 }) =>
      groups === 0 ? [] : [`${name}: its place in distributed switches (${groups} port groups)`],
    ),
  ];
}
