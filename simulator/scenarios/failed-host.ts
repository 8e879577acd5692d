import { RELEASES } from './demo';
import type { ScenarioInput } from './scenario.schema';

/** A Trust Authority Host comes back from its upgrade with an attestd that does not stay up: it must be brought back. */
export const failedHost: ScenarioInput = {
  name: 'failed-host',
  description: '3 Trust Authority Hosts and 2 Trusted Hosts; attestd of ta-host-2 does not stay up after its upgrade',
  images: RELEASES.images,
  trustAuthority: {
    vCenter: { name: 'ta-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
    cluster: { name: 'vTA Cluster', hosts: { count: 3, prefix: 'ta-host', image: 'old', vms: 1 } },
    trustedImages: ['old'],
    keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example', 'kms-2.lab.example'], username: 'kmip-user' }],
  },
  trusted: [
    {
      vCenter: { name: 'workload-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
      clusters: [
        { name: 'Trusted Cluster', hosts: { count: 2, prefix: 'host', image: 'old', vms: 2, encryptedVms: 1 } },
      ],
    },
  ],
  faults: [{ kind: 'service-broken', host: 'ta-host-2.lab.example', service: 'attestd' }],
};
