import type { ScenarioInput } from '../../../simulator/scenarios/scenario.schema';
import { quickSite } from '../quick-site';

/**
 * The smallest world that shows what a crash may break: two Trust Authority Hosts and one Trusted Host, a backup of a
 * vCenter of our own, Quick Boot to be switched off and on again, an image to be exported, approved and imported, a
 * desired image to be committed.
 */
export function crashSite(durations: Record<string, number> = {}): ScenarioInput {
  const quick = quickSite();
  const [site] = quick.trusted;
  if (site === undefined) throw new Error('the quick site has a workload vCenter');
  return {
    ...quick,
    name: 'crash',
    trustAuthority: {
      ...quick.trustAuthority,
      vCenter: {
        ...quick.trustAuthority.vCenter,
        backup: { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' },
      },
      cluster: { name: 'vTA Cluster', hosts: { count: 2, prefix: 'ta-host', image: 'old' } },
    },
    trusted: [
      {
        ...site,
        clusters: [
          {
            name: 'Trusted Cluster',
            hosts: { count: 1, prefix: 'host', image: 'old' },
            policy: { enable_quick_boot: true, enforce_hcl_validation: true },
          },
        ],
      },
    ],
    durations: { ...quick.durations, ...durations },
  };
}

/** Its hosts by kind, as the judge of order wants them. */
export const CRASH_SITE = {
  trustAuthorityVCenter: 'ta-vc',
  trustAuthorityHosts: ['ta-host-1.lab.example', 'ta-host-2.lab.example'],
  trustedHosts: ['host-1.lab.example'],
};
