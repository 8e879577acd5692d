import { attestationOf, attestLater } from './attestation';
import { Fault } from './fault';
import type { Host } from './state';
import type { TaskHandle } from './tasks';
import { moveTarget, vmsOn } from './virtual-machines';
import type { World } from './world';

/** How often a host that waits for its VMs to leave looks again. */
const LOOK_AGAIN_MS = 50;

export interface MaintenanceModeOptions {
  /** Seconds; 0 or less: no limit (documented: HostSystem.EnterMaintenanceMode_Task). */
  timeoutSeconds: number;
  evacuatePoweredOffVms: boolean;
}

/** @throws Fault HostNotConnected, InvalidState (already in it), TaskInProgress */
export function checkEnterMaintenanceMode(host: Host): void {
  checkConnected(host);
  if (host.inMaintenanceMode) throw new Fault('InvalidState', `${host.name} is already in maintenance mode.`);
  checkIdle(host);
}

/**
 * Moves the running VMs away and enters maintenance mode. Where a VM cannot leave, it waits: until the timeout, a
 * cancel, or for ever (documented: with DRS fully automatic the VMs are moved, otherwise the task waits).
 * @throws Fault Timedout, RequestCanceled
 */
export async function enterMaintenanceMode(
  world: World,
  host: Host,
  options: MaintenanceModeOptions,
  task: TaskHandle,
): Promise<void> {
  checkEnterMaintenanceMode(host);
  host.busy = 'entering-maintenance-mode';
  world.hostEvent('maintenance-mode-entering', host, { user: task.record.user, task: task.record.id });
  const deadline = options.timeoutSeconds > 0 ? world.clock.now() + options.timeoutSeconds * 1000 : null;
  try {
    await task.sleep(world.settings.durations.enterMaintenanceMode);
    const stuck = world.faults.take(['mm-hangs'], { vCenter: world.managerOf(host), host });
    const moved = await evacuate(world, host, options, task, deadline, () =>
      stuck ? world.faults.all().includes(stuck) : false,
    );
    host.inMaintenanceMode = true;
    world.hostEvent('maintenance-mode-entered', host, { movedVms: moved, task: task.record.id });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    world.hostEvent('maintenance-mode-failed', host, { reason, task: task.record.id });
    throw thrown;
  } finally {
    host.busy = null;
  }
}

async function evacuate(
  world: World,
  host: Host,
  options: MaintenanceModeOptions,
  task: TaskHandle,
  deadline: number | null,
  stuck: () => boolean,
): Promise<string[]> {
  const moved: string[] = [];
  const drs = world.clusterOf(host)?.drsEnabled === true;
  for (;;) {
    const vms = vmsOn(world, host).filter((vm) => vm.powerState === 'POWERED_ON' || options.evacuatePoweredOffVms);
    const running = vms.filter((vm) => vm.powerState === 'POWERED_ON');
    const next = vms.find((vm) => vm.migratable && moveTarget(world, vm, host) !== null);
    if (next && world.settings.switches.evacuateVms && drs && !stuck()) {
      await task.sleep(world.settings.durations.vmMigration);
      const target = moveTarget(world, next, host);
      if (target) {
        next.host = target.name;
        moved.push(next.name);
        world.hostEvent('vm-moved', host, { vm: next.name, to: target.name });
      }
      continue;
    }
    // A VM that is powered off and has nowhere to go does not hold the host up (guessed).
    if (running.length === 0 && !stuck()) return moved;
    if (deadline !== null && world.clock.now() >= deadline) {
      throw new Fault('Timedout', `Operation timed out: VMs remain on ${host.name}.`);
    }
    await task.sleep(LOOK_AGAIN_MS);
  }
}

/** @throws Fault HostNotConnected, InvalidState (not in it), TaskInProgress */
export function checkExitMaintenanceMode(host: Host): void {
  checkConnected(host);
  if (!host.inMaintenanceMode) throw new Fault('InvalidState', `${host.name} is not in maintenance mode.`);
  checkIdle(host);
}

/** Leaves maintenance mode. The log says how the host attested at that moment (R26). */
export async function exitMaintenanceMode(world: World, host: Host, task: TaskHandle): Promise<void> {
  checkExitMaintenanceMode(host);
  await task.sleep(world.settings.durations.exitMaintenanceMode);
  host.inMaintenanceMode = false;
  world.hostEvent('maintenance-mode-left', host, {
    attestation: attestationOf(host),
    build: host.runningImage.build,
    user: task.record.user,
    task: task.record.id,
  });
  if (!world.settings.switches.attestInMaintenanceMode) attestLater(world, host, 'maintenance-mode-left');
}

/** @throws Fault HostNotConnected */
export function checkConnected(host: Host): void {
  if (host.connectionState !== 'connected' || !host.up) {
    throw new Fault('HostNotConnected', `${host.name} is not connected.`);
  }
}

/** @throws Fault TaskInProgress */
export function checkIdle(host: Host): void {
  if (host.busy !== null) {
    throw new Fault('TaskInProgress', `Another operation on ${host.name} is in progress: ${host.busy}.`);
  }
}
