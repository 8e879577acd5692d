import type { PendingUpdate } from './appliance-state';
import { begin, checkNoUpdateInWork, inSteps, pendingUpdate, settle, stage, wrongAnswers } from './appliance-update';
import { Fault } from './fault';
import type { VCenter } from './state';
import { vCenterComesBack, vCenterGoesDown } from './vcenter-availability';
import type { World } from './world';

/**
 * Starts the installation of a staged update.
 * @throws Fault as pendingUpdate; NOT_ALLOWED_IN_CURRENT_STATE when something is in work or it is not staged
 *   (documented); ERROR for wrong answers (guessed)
 */
export function startInstall(world: World, vCenter: VCenter, version: string, answers: Record<string, string>): void {
  const update = prepare(vCenter, version, answers);
  if (vCenter.appliance.staged !== version) {
    throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `The update ${version} is not staged.`);
  }
  void install(world, vCenter, update);
}

/** Starts staging, if it is not staged, and then installing. @throws Fault as startInstall */
export function startStageAndInstall(
  world: World,
  vCenter: VCenter,
  version: string,
  answers: Record<string, string>,
): void {
  const update = prepare(vCenter, version, answers);
  void (async () => {
    if (vCenter.appliance.staged !== version) await stage(world, vCenter, version);
    if (vCenter.appliance.staged === version) await install(world, vCenter, update);
  })();
}

function prepare(vCenter: VCenter, version: string, answers: Record<string, string>): PendingUpdate {
  const update = pendingUpdate(vCenter, version);
  checkNoUpdateInWork(vCenter);
  const wrong = wrongAnswers(vCenter, answers);
  if (wrong.length > 0) throw new Fault('ERROR', wrong.join(' '));
  return update;
}

/**
 * Installs: the appliance works for a while, then goes away (every session ends, connections are refused), and is back
 * with the new version. An update that needs no reboot restarts the services only. What remediates hosts meanwhile goes
 * on: hosts do not need their vCenter for it.
 * Faults: `update-fails` (INSTALL_FAILED, the appliance stays up), `vcenter-no-return`.
 */
async function install(world: World, vCenter: VCenter, update: PendingUpdate): Promise<void> {
  const { appliance } = vCenter;
  const before = { version: vCenter.version, build: vCenter.build };
  const { durations } = world.settings;
  begin(world, appliance, 'INSTALL_IN_PROGRESS', update.version);
  world.events.add('vcenter-update-started', { vCenter: vCenter.id }, { from: before.version, to: update.version });
  await inSteps(world, durations.applianceInstall, (percent) => (appliance.progress = percent * 0.9));
  appliance.snapshot = before;
  if (world.faults.take(['update-fails'], { vCenter })) {
    appliance.state = 'INSTALL_FAILED';
    appliance.workEnded = world.clock.now();
    world.events.add('vcenter-update-failed', { vCenter: vCenter.id }, { version: update.version });
    return;
  }
  if (update.rebootRequired) await reboot(world, vCenter, 'update', durations.applianceReboot);
  if (vCenter.availability === 'unreachable' && world.faults.take(['vcenter-no-return'], { vCenter })) return;
  vCenter.version = update.version;
  vCenter.build = update.build;
  appliance.installTime = world.clock.now();
  appliance.staged = null;
  settle(appliance);
  world.sessions.closeAll(vCenter.id);
  await vCenterComesBack(world, vCenter);
}

async function reboot(world: World, vCenter: VCenter, reason: string, ms: number): Promise<void> {
  vCenterGoesDown(world, vCenter, reason);
  await world.clock.sleep(ms);
}

/**
 * Starts the way back to the version before the last update; the appliance reboots (documented, 8.0.2).
 * @throws Fault NOT_FOUND without a snapshot; NOT_ALLOWED_IN_CURRENT_STATE while something is in work (documented)
 */
export function startRollback(world: World, vCenter: VCenter): void {
  const { appliance } = vCenter;
  const { snapshot } = appliance;
  const { durations } = world.settings;
  if (!snapshot) throw new Fault('NOT_FOUND', 'There is no valid snapshot to roll back to.');
  if (appliance.state !== 'INSTALL_FAILED') checkNoUpdateInWork(vCenter);
  void (async () => {
    begin(world, appliance, 'ROLLBACK_IN_PROGRESS', appliance.inWork ?? vCenter.version);
    world.events.add('vcenter-rollback', { vCenter: vCenter.id }, { from: vCenter.version, to: snapshot.version });
    await inSteps(world, durations.applianceInstall, (percent) => (appliance.progress = percent * 0.9));
    await reboot(world, vCenter, 'rollback', durations.applianceReboot);
    vCenter.version = snapshot.version;
    vCenter.build = snapshot.build;
    appliance.snapshot = null;
    appliance.staged = null;
    settle(appliance);
    await vCenterComesBack(world, vCenter);
  })();
}
