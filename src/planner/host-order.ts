import type { HostFacts, Inventory } from '../model/inventory';
import { isAtWork } from './open-children';
import { isOutOfService } from './out-of-service';
import type { ClusterInRun } from './run-scope';

/** A host to upgrade, with the cluster that it is upgraded in. */
export interface OrderedHost {
  host: HostFacts;
  inRun: ClusterInRun;
}

/**
 * The hosts of a phase in the order in which they are upgraded, one by one (R10): first the one that an earlier run's
 * child is still at work on or that is out of service already, then cluster by cluster as in the inventory.
 */
export function hostOrder(clusters: ClusterInRun[], inventory: Inventory): OrderedHost[] {
  const hosts = clusters.flatMap((inRun) => inRun.toUpgrade.map((host) => ({ host, inRun })));
  const rank = ({ host, inRun }: OrderedHost) => {
    if (isAtWork(inventory, 'host', host.name)) return 0;
    return isOutOfService(host, inRun.cluster.role) ? 1 : 2;
  };
  // `sort` keeps the order of equals.
  return hosts.toSorted((one, other) => rank(one) - rank(other));
}
