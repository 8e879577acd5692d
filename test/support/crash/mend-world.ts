import { applyEdit } from '../../../simulator/api/control/edits';
import { attestLater } from '../../../simulator/world/attestation';
import { powerCycle, revert } from '../../../simulator/world/host-boot';
import { commitSpec } from '../../../simulator/world/lifecycle-drafts';
import { STRANGER } from '../../../simulator/world/lifecycle-strangers';
import { vCenterComesBack } from '../../../simulator/world/vcenter-availability';
import type { World } from '../../../simulator/world/world';
import { undoHappenings } from './random-happenings';

/** The account of people who mend something in a vCenter. */
export const MENDER = 'bob@vsphere.local';

/**
 * What people do on site before they decide "retry": hosts that did not come back are switched on again, services are
 * started, a vCenter that stayed away is brought back, passwords, certificates and desired images are those of before;
 * nothing strikes any more. Waits until it is done.
 *
 * @param said by the run about what failed: docs/operations/not-attested.md has something for a host to be done by hand
 */
export async function mendWorld(world: World, said = ''): Promise<void> {
  world.faults.clear();
  for (const host of world.state.hosts) {
    host.brokenService = null;
    for (const service of host.services) if (host.up && service.policy === 'on') service.running = true;
    if (!host.up && host.busy === null) await powerCycle(world, host);
    const keepsIn = said.includes('VTA_NOT_ATTESTED') && said.includes(host.name) && host.busy === null;
    if (!world.settings.switches.attestInMaintenanceMode && keepsIn && host.inMaintenanceMode) {
      await applyEdit(world, { edit: 'set-maintenance-mode', host: host.name, on: false });
      attestLater(world, host, 'maintenance-mode-left');
      await world.clock.sleep(2 * world.settings.durations.attestation);
    }
  }
  for (const vCenter of world.state.vCenters) {
    if (vCenter.availability === 'unreachable' && vCenter.appliance.state === 'INSTALL_IN_PROGRESS')
      await vCenterComesBack(world, vCenter);
  }
  putDesiredImagesBack(world);
  await undoHappenings(world);
}

function putDesiredImagesBack(world: World): void {
  for (const vCenter of world.state.vCenters) {
    for (const cluster of vCenter.clusters) {
      const { commits } = cluster.lifecycle;
      const approved = commits.findLast(({ author }) => author !== STRANGER);
      if (approved === undefined || commits.at(-1)?.author !== STRANGER) continue;
      commitSpec(world, vCenter, cluster, approved.spec, { user: MENDER, message: 'As approved.' });
    }
  }
}

/** A hand at the console of a host that was removed; one that has been reverted already is left alone. */
export async function revertAtConsole(world: World, name: string, toBuild: string): Promise<void> {
  const host = world.host(name);
  if (host.busy !== null || (host.up && host.runningImage.build === toBuild && host.brokenService === null)) return;
  await (host.runningImage.build === toBuild ? powerCycle(world, host) : revert(world, host));
}
