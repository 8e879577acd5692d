import type { Activities } from './activities';
import { appliedTrouble, readAppliedTrust } from './applied-trust';
import type { FindSite } from './dependencies';
import { outOfService } from './safe-to-begin';
import { readServiceHealth } from './trust-authority-health';
import { callOptions, waitUntil } from './wait';

/** The barrier after a host phase: the whole cluster is healthy before the next phase begins (R8). */
export function createClusterHealthActivities(findSite: FindSite): Pick<Activities, 'vtaWaitClusterHealthy'> {
  return {
    async vtaWaitClusterHealthy({ cluster, except, pace, ...ref }) {
      const site = findSite(ref);
      const { vim } = await site.connections.vCenter(cluster.vCenter);
      await waitUntil({
        what: `${cluster.name} being healthy as a whole`,
        code: 'VTA_CLUSTER_UNHEALTHY',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: 'Nothing further is begun until then. Mend what is named, then decide "retry".',
        async look() {
          const seen = await vim.hosts.ofCluster(cluster.id, callOptions(pace));
          const judged = seen.filter(({ uuid }) => uuid === undefined || !except.includes(uuid));
          const trouble = judged.flatMap((host) => outOfService(host, cluster.role));
          trouble.push(...(await readServiceHealth(site, pace)));
          if (cluster.role === 'trusted') {
            trouble.push(...appliedTrouble(await readAppliedTrust(site, cluster.vCenter, cluster.id, pace)));
          }
          return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
        },
      });
    },
  };
}
