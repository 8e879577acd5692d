import { RELEASES } from '../../simulator/scenarios/demo';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';

/**
 * The site of the conformance suite: a Trust Authority Cluster of three, a Trusted Cluster in which one host runs an
 * image that is not trusted, a spare cluster without a licence, and an account that may only look.
 */
export const SCENARIO: ScenarioInput = {
  name: 'conformance-suite',
  images: {
    ...RELEASES.images,
    special: { baseImage: '8.0.2-0.0.22380479', components: { 'net-driver': '1.2.3-4' } },
    unattested: { baseImage: '8.0.2-0.0.22380479', components: { 'net-driver': '1.2.2-1' } },
    withAddOn: { baseImage: '8.0.3-0.0.24674464', addOn: { name: 'SimulatedAddOn', version: '1.0-1' } },
  },
  trustAuthority: {
    vCenter: {
      name: 'ta-vc',
      ...RELEASES.vCenter,
      updates: [...RELEASES.vCenter.updates],
      users: [{ name: 'auditor@vsphere.local', privileges: ['System.View', 'System.Read', 'System.Anonymous'] }],
    },
    cluster: {
      name: 'vTA Cluster',
      hosts: { count: 3, prefix: 'ta-host', image: 'old', vms: 1, except: { '3': { image: 'unattested' } } },
    },
    trustedImages: ['old'],
    keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example', 'kms-2.lab.example'], username: 'kmip-user' }],
  },
  trusted: [
    {
      vCenter: {
        name: 'workload-vc',
        ...RELEASES.vCenter,
        updates: [...RELEASES.vCenter.updates],
        users: [{ name: 'auditor@vsphere.local', privileges: ['System.View', 'System.Read', 'System.Anonymous'] }],
      },
      clusters: [
        {
          name: 'Trusted Cluster',
          desiredImage: 'new',
          hosts: {
            count: 3,
            prefix: 'host',
            image: 'old',
            vms: 2,
            encryptedVms: 1,
            except: { '3': { image: 'special', encryptedVms: 0 } },
          },
        },
        { name: 'Spare Cluster', hosts: { count: 1, prefix: 'spare', image: 'old', trustLicence: false } },
      ],
    },
  ],
  durations: {
    taskWork: 10,
    enterMaintenanceMode: 100,
    exitMaintenanceMode: 60,
    vmMigration: 30,
    reboot: 400,
    imageInstall: 150,
    applianceStage: 300,
    applianceInstall: 300,
    applianceReboot: 500,
    backup: 300,
    attestation: 100,
    attestationPeriod: 1_000,
  },
};
