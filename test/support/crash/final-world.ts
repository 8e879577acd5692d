import type { WorldEvent, WorldEventKind } from '../../../simulator/world/events';
import { attestationOf } from '../../../simulator/world/attestation';
import type { World } from '../../../simulator/world/world';

/** Events that a run causes once for each thing it does: doing it twice, or not at all, shows in their number. */
const COUNTED: readonly WorldEventKind[] = [
  'backup-started',
  'backup-finished',
  'vcenter-staged',
  'vcenter-update-started',
  'vcenter-back',
  'desired-image-changed',
  'maintenance-mode-entering',
  'maintenance-mode-entered',
  'maintenance-mode-failed',
  'maintenance-mode-left',
  'remediation-started',
  'remediation-ended',
  'reboot-started',
  'build-changed',
  'base-image-imported',
  'base-image-removed',
  'trust-config-changed',
  'applied-config-changed',
  'trust-authority-state',
  'host-added',
  'host-removed',
];

/**
 * What a run made of a world, read from the simulator, in a form in which two runs can be compared: no ids, no times.
 * Of `counted`, each entry says how often something was done to a host or vCenter.
 */
export function finalWorld(world: World): Record<string, unknown> {
  const { hosts, vCenters, vms } = world.state;
  return {
    hosts: hosts.map((host) => ({
      name: host.name,
      runs: host.runningImage.build,
      booted: host.bootedImage.build,
      otherBank: host.alternateBank?.build,
      lastBoot: host.lastBoot,
      connection: host.connectionState,
      inMaintenanceMode: host.inMaintenanceMode,
      busy: host.busy,
      attestation: attestationOf(host),
      stopped: host.services.filter(({ running }) => !running).map(({ key }) => key),
      trustedBaseImages: host.trust?.baseImages.map(({ image }) => image.baseImage) ?? [],
    })),
    vCenters: vCenters.map((vCenter) => ({
      id: vCenter.id,
      version: vCenter.version,
      build: vCenter.build,
      availability: vCenter.availability,
      update: { state: vCenter.appliance.state, staged: vCenter.appliance.staged },
      backups: vCenter.appliance.backups.map(({ state }) => state),
      clusters: vCenter.clusters.map(({ name, lifecycle }) => ({
        name,
        policy: lifecycle.policy,
        desired: lifecycle.commits.map(({ spec }) => spec.baseImage),
        drafts: lifecycle.drafts.length,
      })),
    })),
    poweredOff: vms.filter(({ powerState }) => powerState !== 'POWERED_ON').map(({ name }) => name),
    counted: countEvents(world.events.all()),
  };
}

function countEvents(events: readonly WorldEvent[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { what, host, vCenter } of events) {
    if (!COUNTED.includes(what)) continue;
    const key = `${what} ${host ?? vCenter ?? ''}`;
    counted[key] = (counted[key] ?? 0) + 1;
  }
  return counted;
}
