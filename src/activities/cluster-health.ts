import type { Activities } from './activities';
import { runTask } from '../vsphere/task-poll';
import type { FindSite } from './dependencies';
import { readServiceHealth } from './trust-authority-health';
import { callOptions, pollTools, waitUntil } from './wait';

/** The barrier after a host phase: the whole cluster is healthy before the next phase begins (R8). */
export function createClusterHealthActivities(findSite: FindSite): Pick<Activities, 'vtaWaitClusterHealthy'> {
  return {
    async vtaWaitClusterHealthy({ cluster, hosts, pace, ...ref }) {
      const site = findSite(ref);
      const { vim, trustedClusters, tasks } = await site.connections.vCenter(cluster.vCenter);
      await waitUntil({
        what: `${cluster.name} being healthy as a whole`,
        code: cluster.role === 'trusted' ? 'VTA_NOT_ATTESTED' : 'VTA_TRUST_AUTHORITY_NOT_CONSISTENT',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: 'Its hosts are upgraded; the next phase is not begun. Mend what is named, then decide "retry".',
        async look() {
          const seen = await vim.hosts.ofCluster(cluster.id, callOptions(pace));
          const trouble = seen
            .filter((host) => host.connectionState !== 'connected')
            .map((host) => `${host.name} is ${host.connectionState}`);
          trouble.push(...(await readServiceHealth(site, pace)));
          if (cluster.role === 'trusted') {
            for (const host of seen.filter(({ name }) => hosts.includes(name)))
              if (!host.trustAuthorityAttestations?.some(({ status }) => status === 'attested'))
                trouble.push(`${host.name} is not attested`);
            const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
            const applied = await runTask(
              tasks,
              (o) => trustedClusters.appliedConfig(cluster.id, o),
              poll,
              pollTools(),
            );
            if (applied.health !== 'OK')
              trouble.push(
                `its applied trust configuration is ${applied.health}`,
                ...applied.details.map(({ text }) => text),
              );
          }
          return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
        },
      });
    },
  };
}
