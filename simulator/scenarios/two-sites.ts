import { RELEASES } from './demo';
import type { ScenarioInput } from './scenario.schema';

const vCenter = { ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] };

/** One Trust Authority Cluster that serves two workload vCenters, one of them with two clusters. */
export const twoSites: ScenarioInput = {
  name: 'two-sites',
  description: '1 Trust Authority Cluster, 2 workload vCenters, 3 Trusted Clusters',
  images: RELEASES.images,
  trustAuthority: {
    vCenter: { name: 'ta-vc', ...vCenter, backup: { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' } },
    cluster: { name: 'vTA Cluster', hosts: { count: 3, prefix: 'ta-host', image: 'old' } },
    trustedImages: ['old'],
    keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example', 'kms-2.lab.example'], username: 'kmip-user' }],
  },
  trusted: [
    {
      vCenter: { name: 'north-vc', ...vCenter },
      clusters: [
        { name: 'North A', hosts: { count: 2, prefix: 'north-a', image: 'old', vms: 2, encryptedVms: 1 } },
        { name: 'North B', hosts: { count: 2, prefix: 'north-b', image: 'old', vms: 1 } },
      ],
    },
    {
      vCenter: { name: 'south-vc', ...vCenter },
      clusters: [{ name: 'South', hosts: { count: 2, prefix: 'south', image: 'old', vms: 2, encryptedVms: 1 } }],
    },
  ],
};
