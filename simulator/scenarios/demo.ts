import type { ScenarioInput } from './scenario.schema';

/** What most scenarios upgrade from and to. */
export const RELEASES = {
  images: {
    old: { baseImage: '8.0.2-0.0.22380479' },
    new: { baseImage: '8.0.3-0.0.24674464' },
  },
  vCenter: {
    version: '8.0.2.00100',
    build: '22617221',
    updates: [{ version: '8.0.3.00500', build: '24674346', name: 'VC-8.0U3e', type: 'UPDATE' as const }],
  },
} as const;

/** One Trust Authority Cluster of three hosts, one Trusted Cluster of four: a whole run takes about a minute. */
export const demo: ScenarioInput = {
  name: 'demo',
  description: '3 Trust Authority Hosts and 4 Trusted Hosts at 8.0.2, everything at hand for 8.0.3',
  images: RELEASES.images,
  trustAuthority: {
    vCenter: {
      name: 'ta-vc',
      ...RELEASES.vCenter,
      updates: [...RELEASES.vCenter.updates],
      backup: { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' },
    },
    cluster: { name: 'vTA Cluster', hosts: { count: 3, prefix: 'ta-host', image: 'old', vms: 1 } },
    trustedImages: ['old'],
    keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example', 'kms-2.lab.example'], username: 'kmip-user' }],
  },
  trusted: [
    {
      vCenter: { name: 'workload-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
      clusters: [
        {
          name: 'Trusted Cluster',
          hosts: { count: 4, prefix: 'host', image: 'old', vms: 3, encryptedVms: 1 },
          policy: { enable_quick_boot: true },
        },
      ],
    },
  ],
};
