import { sameImage, type EsxImage } from './image';
import { effectivePolicy } from './lifecycle-policy';
import type { Host, HostService } from './state';
import type { World } from './world';

/** How a boot ended: on the wanted image, on the one before (the host reverted by itself), or not at all. */
export type BootOutcome = 'up' | 'old-build' | 'no-return';

/** One boot. */
export interface Boot {
  /** What the loader starts; default: what runs now. */
  image?: EsxImage;
  /** `quick`: the kernel is replaced without firmware and loader, so nothing is measured anew (R12). */
  kind: 'full' | 'quick';
  /** Who caused it, for the log. */
  by: string;
}

/**
 * Which boot a plain reboot of the host is. Documented (RebootHost_Task): where Quick Boot is enabled the reboot
 * prepares for it; hence R14, "to really reboot, disable Quick Boot first".
 */
export function rebootKind(world: World, host: Host): Boot['kind'] {
  const cluster = world.clusterOf(host);
  return cluster && host.quickBootSupported && effectivePolicy(cluster).enable_quick_boot ? 'quick' : 'full';
}

/** Whether the machine itself answers: false while it boots, or when it never came back, whatever a vCenter shows. */
export function isUp(host: Host): boolean {
  return host.powerState === 'poweredOn' && host.busy !== 'rebooting' && host.connectionState !== 'notResponding';
}

/**
 * Boots a host: it stops answering, its services stop, and after a while it is back with a new boot time, on the
 * given image. vim25's RebootHost_Task and vLCM's remediation both come here; preconditions are theirs.
 *
 * What runs and what was measured are two things: a full boot changes both, a Quick Boot only what runs (R12).
 * Faults: `no-return` (it stays away until somebody boots it again), `old-build` (the loader falls back to what ran
 * before: reverting-esxi §0.3), `service-down` (a service does not come up).
 */
export async function bootHost(world: World, host: Host, boot: Boot): Promise<BootOutcome> {
  const { durations, switches } = world.settings;
  const before = host.runningImage;
  const wanted = boot.image ?? before;
  const busy = host.busy;
  host.busy = 'rebooting';
  world.hostEvent('reboot-started', host, { by: boot.by, kind: boot.kind, image: wanted.baseImage });
  const point = { vCenter: world.managerOf(host), host };
  const fault = world.faults.take(sameImage(before, wanted) ? ['no-return'] : ['no-return', 'old-build'], point);

  const away = boot.kind === 'full' ? durations.reboot : durations.quickBoot;
  const unnoticed = Math.min(durations.notRespondingAfter, away);
  goDown(world, host);
  await world.clock.sleep(unnoticed);
  noteNotResponding(world, host);
  await world.clock.sleep(away - unnoticed);
  host.busy = busy;
  if (fault?.kind === 'no-return') return 'no-return';

  const image = fault?.kind === 'old-build' ? before : wanted;
  if (!sameImage(before, wanted)) host.alternateBank = fault?.kind === 'old-build' ? null : before;
  host.runningImage = image;
  host.lastBoot = boot.kind;
  if (boot.kind === 'full') host.bootedImage = image;
  if (boot.kind === 'full' || switches.quickBootChangesBootTime) host.bootTime = world.clock.now();
  comeBack(world, host);
  world.hostEvent('reboot-ended', host, { by: boot.by, kind: boot.kind, image: image.baseImage });
  noteBuild(world, host, before);
  return fault?.kind === 'old-build' ? 'old-build' : 'up';
}

/**
 * Quick Patch (8.0.3): the running image changes without a boot; boot time and measured image stay, and so does what
 * the host attests with (guessed).
 */
export function patchHostLive(world: World, host: Host, image: EsxImage): void {
  const before = host.runningImage;
  host.alternateBank = before;
  host.runningImage = image;
  noteBuild(world, host, before);
}

function noteBuild(world: World, host: Host, before: EsxImage): void {
  const after = host.runningImage;
  if (sameImage(before, after)) return;
  world.hostEvent('build-changed', host, {
    from: before.build,
    to: after.build,
    fromImage: before.baseImage,
    toImage: after.baseImage,
  });
}

/** The host stops answering: its services are gone and its own sessions end, though its vCenter has not noticed yet. */
function goDown(world: World, host: Host): void {
  world.sessions.closeAll(host.name);
  for (const service of host.services) service.running = false;
}

function noteNotResponding(world: World, host: Host): void {
  if (host.connectionState !== 'connected') return;
  host.connectionState = 'notResponding';
  world.hostEvent('connection-changed', host, { to: 'notResponding' });
}

/** The host answers again. One that somebody disconnected stays disconnected. */
function comeBack(world: World, host: Host): void {
  startServices(world, host);
  if (host.connectionState !== 'notResponding' || host.vCenter === null) return;
  host.connectionState = 'connected';
  world.hostEvent('connection-changed', host, { to: 'connected' });
}

/** Services whose policy says so start with the host. */
function startServices(world: World, host: Host): void {
  for (const service of host.services) service.running = startsWithHost(service);
  const down = world.faults.take(['service-down'], { vCenter: world.managerOf(host), host });
  if (!down) return;
  const key = down.service ?? 'attestd';
  for (const service of host.services) if (service.key === key) service.running = false;
}

function startsWithHost(service: HostService): boolean {
  return service.required || service.policy === 'on' || service.policy === 'automatic';
}
