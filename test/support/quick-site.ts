import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';

const NEW_IMAGE = '8.0.3-0.0.24674464';

/**
 * A site of two Trust Authority Hosts and two Trusted Hosts on which everything takes a tenth of a second: for tests
 * that run a whole upgrade to look at one thing of it.
 */
export function quickSite(changes: Partial<ScenarioInput> = {}): ScenarioInput {
  const vCenter = {
    version: '8.0.2.00100',
    build: '22617221',
    updates: [{ version: '8.0.3.00500', build: '24674346' }],
  };
  return {
    name: 'quick',
    images: { old: { baseImage: '8.0.2-0.0.22380479' }, new: { baseImage: NEW_IMAGE } },
    trustAuthority: {
      vCenter: { name: 'ta-vc', ...vCenter },
      cluster: { name: 'vTA Cluster', hosts: { count: 2, prefix: 'ta-host', image: 'old', vms: 1 } },
      trustedImages: ['old'],
      keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example'], username: 'kmip-user' }],
    },
    trusted: [
      {
        vCenter: { name: 'workload-vc', ...vCenter },
        clusters: [{ name: 'Trusted Cluster', hosts: { count: 2, prefix: 'host', image: 'old', vms: 1 } }],
      },
    ],
    durations: {
      taskWork: 5,
      enterMaintenanceMode: 50,
      exitMaintenanceMode: 20,
      vmMigration: 20,
      reboot: 200,
      notRespondingAfter: 50,
      imageScan: 20,
      imageInstall: 50,
      draftValidate: 10,
      draftCommit: 10,
      applianceStage: 50,
      appliancePrecheck: 20,
      applianceInstall: 50,
      applianceReboot: 200,
      applianceSettle: 50,
      backup: 50,
      attestation: 100,
      disconnect: 20,
      reconnect: 50,
    },
    paceScale: 0.002,
    ...changes,
  };
}

/** The hosts of the quick site by kind, as the judge of order wants them. */
export const QUICK_SITE = {
  trustAuthorityVCenter: 'ta-vc',
  trustAuthorityHosts: ['ta-host-1.lab.example', 'ta-host-2.lab.example'],
  trustedHosts: ['host-1.lab.example', 'host-2.lab.example'],
};

/** A request for hosts only, for tests that do not care for vCenters. */
export function hostsOnly(infrastructure: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    infrastructure,
    target: { esxi: { baseImage: '8.0.2-0.0.23305546' } },
    phases: [2, 4],
    reason: 'rehearsal of hosts only',
    ...changes,
  };
}
