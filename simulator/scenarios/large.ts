import { RELEASES } from './demo';
import type { ScenarioInput } from './scenario.schema';

/** As large as a vCenter's Trust Authority gets in practice: 8 and 64 hosts, with short durations. */
export const large: ScenarioInput = {
  name: 'large',
  description: '8 Trust Authority Hosts and 64 Trusted Hosts',
  images: RELEASES.images,
  trustAuthority: {
    vCenter: { name: 'ta-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
    cluster: { name: 'vTA Cluster', hosts: { count: 8, prefix: 'ta-host', image: 'old' } },
    trustedImages: ['old'],
    keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example', 'kms-2.lab.example'], username: 'kmip-user' }],
  },
  trusted: [
    {
      vCenter: { name: 'workload-vc', ...RELEASES.vCenter, updates: [...RELEASES.vCenter.updates] },
      clusters: [
        { name: 'Trusted Cluster', hosts: { count: 64, prefix: 'host', image: 'old', vms: 4, encryptedVms: 1 } },
      ],
    },
  ],
  durations: {
    taskWork: 20,
    enterMaintenanceMode: 100,
    exitMaintenanceMode: 50,
    vmMigration: 20,
    reboot: 300,
    notRespondingAfter: 100,
    imageInstall: 150,
    attestation: 100,
  },
};
