import { powerCycle, revert } from '../../../simulator/world/host-boot';
import { vCenterComesBack } from '../../../simulator/world/vcenter-availability';
import type { World } from '../../../simulator/world/world';

/**
 * What people do on site before they decide "retry": hosts that did not come back are switched on again, services are
 * started, a vCenter that stayed away is brought back; nothing strikes any more. Waits until it is done.
 */
export async function mendWorld(world: World): Promise<void> {
  world.faults.clear();
  for (const host of world.state.hosts) {
    host.brokenService = null;
    for (const service of host.services) if (host.up && service.policy === 'on') service.running = true;
    if (!host.up && host.busy === null) await powerCycle(world, host);
  }
  for (const vCenter of world.state.vCenters) {
    if (vCenter.availability === 'unreachable' && vCenter.appliance.state === 'INSTALL_IN_PROGRESS')
      await vCenterComesBack(world, vCenter);
  }
}

/** A hand at the console of a host that was removed; one that has been reverted already is left alone. */
export async function revertAtConsole(world: World, name: string, toBuild: string): Promise<void> {
  const host = world.host(name);
  if (host.busy !== null || (host.up && host.runningImage.build === toBuild && host.brokenService === null)) return;
  await (host.runningImage.build === toBuild ? powerCycle(world, host) : revert(world, host));
}
