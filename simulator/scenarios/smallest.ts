import { RELEASES } from './demo';
import type { ScenarioInput } from './scenario.schema';

/** The smallest site that may be upgraded at all: two Trust Authority Hosts and one Trusted Host. */
export const smallest: ScenarioInput = {
  name: 'smallest',
  description: '2 Trust Authority Hosts and 1 Trusted Host',
  images: RELEASES.images,
  trustAuthority: {
    vCenter: { name: 'ta-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
    cluster: { name: 'vTA Cluster', hosts: { count: 2, prefix: 'ta-host', image: 'old' } },
    trustedImages: ['old'],
    keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example'], username: 'kmip-user' }],
  },
  trusted: [
    {
      vCenter: { name: 'workload-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
      clusters: [{ name: 'Trusted Cluster', hosts: { count: 1, prefix: 'host', image: 'old' } }],
    },
  ],
};
