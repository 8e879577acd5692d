import { attestationUnknown, attestLater, attestClientsLater } from './attestation';
import { Fault } from './fault';
import { checkConnected, checkIdle } from './host-maintenance';
import { sameImage, type EsxImage } from './image';
import type { Host } from './state';
import { isTrustAuthorityHost } from './trust-authority';
import { vmsOn } from './virtual-machines';
import type { World } from './world';

export interface BootPlan {
  kind: 'full' | 'quick';
  /** What was installed for this boot; absent: boots what runs. */
  image?: EsxImage;
  /** Why: for the log. */
  by: string;
}

/** How a boot ended. `lost`: the host did not come back. */
export type BootOutcome = 'back' | 'lost';

/** Whether Quick Boot is in force for a host: policy of its cluster, and hardware that can. */
function quickBootInForce(world: World, host: Host): boolean {
  return host.quickBootSupported && world.clusterOf(host)?.lifecycle.policy['enable_quick_boot'] === true;
}

/**
 * Preconditions of HostSystem.RebootHost_Task.
 * @throws Fault HostNotConnected, InvalidState (not in maintenance mode and not forced), TaskInProgress
 */
export function checkReboot(host: Host, force: boolean): void {
  checkConnected(host);
  if (!host.inMaintenanceMode && !force) {
    throw new Fault('InvalidState', `${host.name} is not in maintenance mode.`);
  }
  checkIdle(host);
}

/**
 * Reboots a host as RebootHost_Task does; the promise ends when the host is back.
 * documented: with Quick Boot enabled the reboot is one (R14 asks to disable it for a full reboot); a switch.
 */
export function reboot(world: World, host: Host, by: string): Promise<BootOutcome> {
  const quick = world.settings.switches.rebootUsesQuickBoot && quickBootInForce(world, host);
  return boot(world, host, { kind: quick ? 'quick' : 'full', by });
}

/**
 * Takes a host down and up again, with a new image where the plan has one. Connection, services, attestation and boot
 * banks follow. The host keeps its maintenance mode. Never rejects.
 */
export async function boot(world: World, host: Host, plan: BootPlan): Promise<BootOutcome> {
  const { durations, switches } = world.settings;
  const point = { vCenter: world.managerOf(host), host };
  host.busy ??= 'rebooting';
  const owned = host.busy === 'rebooting';
  world.hostEvent('reboot-started', host, { kind: plan.kind, by: plan.by, build: host.runningImage.build });
  host.up = false;
  world.sessions.closeAll(host.name);
  for (const vm of vmsOn(world, host)) if (vm.powerState === 'POWERED_ON') vm.powerState = 'POWERED_OFF';
  const total = plan.kind === 'quick' ? durations.quickBoot : durations.reboot;
  const silent = Math.min(durations.notRespondingAfter, total / 2);
  await world.clock.sleep(silent);
  if (!host.up && host.connectionState === 'connected') {
    setConnection(world, host, 'notResponding');
    attestationUnknown(world, host, 'The host does not respond.');
  }
  if (world.faults.take(['no-return'], point)) {
    if (owned) host.busy = null;
    return 'lost';
  }
  await world.clock.sleep(total - silent);

  if (plan.image && !world.faults.take(['old-build'], point)) install(world, host, plan.image);
  if (plan.kind === 'full') host.bootedImage = host.runningImage;
  host.lastBoot = plan.kind;
  // guessed: bootTime after a Quick Boot (the kernel starts anew, the firmware does not).
  if (plan.kind === 'full' || switches.quickBootChangesBootTime) host.bootTime = world.clock.now();
  startServices(world, host);
  comeBack(world, host, plan);
  if (owned) host.busy = null;
  return 'back';
}

/** A new image becomes the running one; what ran before stays in the other boot bank. */
export function install(world: World, host: Host, image: EsxImage): void {
  if (sameImage(host.runningImage, image)) return;
  const from = host.runningImage;
  host.alternateBank = from;
  host.runningImage = image;
  host.stagedImage = null;
  world.hostEvent('build-changed', host, {
    from: from.build,
    to: image.build,
    baseImage: image.baseImage,
    version: image.esxVersion,
  });
}

/** Boots from the other bank: what a person does at the console to revert ESXi. @throws Fault InvalidState */
export async function revert(world: World, host: Host): Promise<BootOutcome> {
  const previous = host.alternateBank;
  if (!previous) throw new Fault('InvalidState', `${host.name} has no image in its other boot bank.`);
  host.powerState = 'poweredOn';
  return boot(world, host, { kind: 'full', image: previous, by: 'console' });
}

/** Switches a host that did not return on again: it boots what it has. */
export function powerCycle(world: World, host: Host): Promise<BootOutcome> {
  host.powerState = 'poweredOn';
  return boot(world, host, { kind: 'full', by: 'console' });
}

function startServices(world: World, host: Host): void {
  const fault = world.faults.take(['service-down', 'service-broken'], { vCenter: world.managerOf(host), host });
  const down = fault === null ? null : (fault.service ?? 'attestd');
  host.brokenService = fault?.kind === 'service-broken' ? down : null;
  for (const service of host.services) service.running = service.policy === 'on' && service.key !== down;
}

function comeBack(world: World, host: Host, plan: BootPlan): void {
  host.up = true;
  if (host.connectionState === 'notResponding') setConnection(world, host, 'connected');
  world.hostEvent('reboot-ended', host, { kind: plan.kind, build: host.runningImage.build });
  attestLater(world, host, 'boot');
  if (isTrustAuthorityHost(world, host)) attestClientsLater(world, [host], 'service-started');
}

/** Sets and logs the connection state. */
export function setConnection(world: World, host: Host, to: Host['connectionState']): void {
  if (host.connectionState === to) return;
  const from = host.connectionState;
  host.connectionState = to;
  if (host.vCenter !== null) world.hostEvent('connection-changed', host, { from, to });
}
