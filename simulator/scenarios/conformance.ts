import { RELEASES } from './demo';
import type { ScenarioInput } from './scenario.schema';

/**
 * What VMware's own clients need to find: a key provider, a pending update, a cluster that is not at its desired
 * image, and one host whose image is not trusted yet.
 */
export const conformance: ScenarioInput = {
  name: 'conformance',
  description: 'For conformance suites: something to do for every operation',
  images: {
    ...RELEASES.images,
    special: { baseImage: '8.0.2-0.0.22380479', components: { 'net-driver': '1.2.3-4' } },
  },
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
        {
          name: 'Trusted Cluster',
          desiredImage: 'new',
          hosts: {
            count: 4,
            prefix: 'host',
            image: 'old',
            vms: 2,
            encryptedVms: 1,
            except: { '3': { image: 'special', encryptedVms: 0 } },
          },
        },
      ],
    },
  ],
  durations: {
    taskWork: 20,
    enterMaintenanceMode: 150,
    exitMaintenanceMode: 100,
    reboot: 600,
    applianceStage: 400,
    applianceInstall: 500,
    applianceReboot: 800,
  },
};
