import type { VCenter } from './state';
import type { World } from './world';

/** The appliance goes down: every connection is cut, every session ends (documented for updates). */
export function vCenterGoesDown(world: World, vCenter: VCenter, reason: string): void {
  vCenter.availability = 'unreachable';
  world.sessions.closeAll(vCenter.id);
  world.events.add('vcenter-unreachable', { vCenter: vCenter.id }, { reason, version: vCenter.version });
}

/**
 * The appliance answers again: first with 503 while its services start, then in full. Task records of the time before
 * are gone unless the scenario says otherwise (guessed).
 */
export async function vCenterComesBack(world: World, vCenter: VCenter): Promise<void> {
  vCenter.availability = 'starting';
  vCenter.appliance.bootTime = world.clock.now();
  await world.clock.sleep(world.settings.durations.applianceSettle);
  if (!world.settings.switches.tasksSurviveReboot) world.tasks.forget(vCenter.id);
  vCenter.availability = 'up';
  world.events.add('vcenter-back', { vCenter: vCenter.id }, { version: vCenter.version, build: vCenter.build });
}
