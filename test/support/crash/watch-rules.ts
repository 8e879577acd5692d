import type { WorldEvent } from '../../../simulator/world/events';
import { STRANGER } from '../../../simulator/world/lifecycle-strangers';
import type { Host } from '../../../simulator/world/state';
import type { World } from '../../../simulator/world/world';
import { CRASH_SITE } from './crash-site';

/** Services without which a Trust Authority Host serves nobody. */
const SERVICES = ['attestd', 'kmxd'];

/**
 * Rules that hold at every moment, whatever fails and whoever decides what. Judged when something happens, since the
 * world is asked as it is then.
 *
 * @returns where broken rules are collected, a sentence each
 */
export function watchRules(world: World): string[] {
  const broken: string[] = [];
  /** Hosts that the run has taken out of service, with whether they were booted or changed since. */
  const out = new Map<string, { changed: boolean }>();
  /** Hosts that somebody else remediates. */
  const strangers = new Set<string>();

  world.events.subscribe((event) => {
    const { what, host: name, detail, seq } = event;
    const wrong = (rule: string) => broken.push(`#${seq} ${what} ${name ?? ''}: ${rule}`);
    if (what === 'base-image-removed') {
      // Both: after a Quick Boot a host attests with the image of its last full boot (docs/decisions/009).
      for (const { name: user, runningImage, bootedImage } of trustedHosts(world)) {
        if (runningImage.baseImage === detail['baseImage']) wrong(`${user} runs the image`);
        if (bootedImage.baseImage === detail['baseImage']) wrong(`${user} last booted the image fully`);
      }
    }
    if (name === undefined) return;
    if (what === 'edited' && detail['edit'] === 'set-maintenance-mode') out.delete(name);
    if (what === 'remediation-started' && detail['user'] === STRANGER) strangers.add(name);
    if (what === 'remediation-ended') strangers.delete(name);
    if (detail['user'] === STRANGER || strangers.has(name)) {
      out.delete(name);
      return;
    }
    if (what === 'reboot-started' || what === 'build-changed') {
      const known = out.get(name);
      if (known !== undefined) known.changed = true;
    }
    if (takesOut(event)) {
      const others = [...out.keys()].filter((other) => other !== name);
      if (others.length > 0) wrong(`${others.join(', ')} is out of service too`);
      if (CRASH_SITE.trustAuthorityHosts.includes(name) && !anotherServes(world, name))
        wrong('no other Trust Authority Host serves');
      if (!out.has(name)) out.set(name, { changed: what === 'reboot-started' });
    }
    if (what === 'maintenance-mode-failed') out.delete(name);
    if (what === 'maintenance-mode-left') {
      const trusted = CRASH_SITE.trustedHosts.includes(name);
      if (trusted && out.get(name)?.changed !== false && detail['attestation'] !== 'attested')
        wrong(`it was ${String(detail['attestation'])}`);
      out.delete(name);
    }
  });
  return broken;
}

/** What leaves a host without service, and was done by the run (nobody else reboots but a hand at the console). */
function takesOut({ what, detail }: WorldEvent): boolean {
  if (what === 'reboot-started') return detail['by'] !== 'console';
  return what === 'maintenance-mode-entering' || what === 'host-removed';
}

function anotherServes(world: World, name: string): boolean {
  return world.state.hosts.some(
    (host) => CRASH_SITE.trustAuthorityHosts.includes(host.name) && host.name !== name && serves(host),
  );
}

/** In its cluster, connected, not in maintenance mode, with both services. */
export function serves(host: Host): boolean {
  const running = SERVICES.every((key) => host.services.some((service) => service.key === key && service.running));
  return host.up && host.cluster !== null && host.connectionState === 'connected' && !host.inMaintenanceMode && running;
}

function trustedHosts(world: World): Host[] {
  return world.state.hosts.filter(({ name }) => CRASH_SITE.trustedHosts.includes(name));
}
