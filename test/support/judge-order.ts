import type { WorldEvent } from '../../simulator/world/events';

/** Which host is of which kind, from the world before the run. */
export interface Site {
  trustAuthorityVCenter: string;
  trustAuthorityHosts: string[];
  trustedHosts: string[];
}

/**
 * Judges order and pace of an upgrade by the simulator's event log alone (R8, R10, R25, R26): every broken rule, a
 * sentence each; none for a good run.
 */
export function judgeOrder(events: readonly WorldEvent[], site: Site): string[] {
  return [
    ...oneHostAtATime(events),
    ...phasesInOrder(events, site),
    ...noExitBeforeAttestation(events, site),
    ...importedBeforeSecondHost(events, site),
    ...importsWhileAllConnected(events, site),
  ];
}

/** Never two hosts out of service at once. */
function oneHostAtATime(events: readonly WorldEvent[]): string[] {
  const out = new Set<string>();
  const broken: string[] = [];
  for (const { what, host = '', seq } of events) {
    if (what === 'maintenance-mode-entering' || what === 'reboot-started') {
      out.add(host);
      if (out.size > 1) broken.push(`#${seq}: ${[...out].join(' and ')} are out of service at once`);
    }
    if (what === 'maintenance-mode-left' || what === 'maintenance-mode-failed') out.delete(host);
  }
  return broken;
}

/** Each phase begins after the one before it ended: vCenter, its hosts, vCenter, its hosts. */
function phasesInOrder(events: readonly WorldEvent[], site: Site): string[] {
  const phaseOf = ({ what, host, vCenter }: WorldEvent): number | undefined => {
    if (what === 'vcenter-update-started' || what === 'vcenter-back')
      return vCenter === site.trustAuthorityVCenter ? 1 : 3;
    if (what !== 'maintenance-mode-entering' && what !== 'maintenance-mode-left' && what !== 'remediation-started')
      return undefined;
    if (site.trustAuthorityHosts.includes(host ?? '')) return 2;
    return site.trustedHosts.includes(host ?? '') ? 4 : undefined;
  };
  let reached = 0;
  const broken: string[] = [];
  for (const event of events) {
    const phase = phaseOf(event);
    if (phase === undefined) continue;
    if (phase < reached) broken.push(`#${event.seq}: ${event.what} of phase ${phase} after phase ${reached} began`);
    reached = Math.max(reached, phase);
  }
  return broken;
}

/** A Trusted Host leaves maintenance mode only when it is attested, after its last boot (R26). */
function noExitBeforeAttestation(events: readonly WorldEvent[], site: Site): string[] {
  const attested = new Map<string, boolean>();
  const broken: string[] = [];
  for (const { what, host = '', seq } of events) {
    if (what === 'attested') attested.set(host, true);
    if (what === 'reboot-started' || what === 'not-attested') attested.set(host, false);
    if (what === 'maintenance-mode-left' && site.trustedHosts.includes(host) && attested.get(host) !== true)
      broken.push(`#${seq}: ${host} left maintenance mode without being attested`);
  }
  return broken;
}

/** An image is known to the Trust Authority before a second Trusted Host is given it (R4). */
function importedBeforeSecondHost(events: readonly WorldEvent[], site: Site): string[] {
  const imported = new Set<unknown>();
  const first = new Map<unknown, string>();
  const broken: string[] = [];
  for (const { what, host = '', detail, seq } of events) {
    if (what === 'base-image-imported') imported.add(detail['baseImage']);
    if (what === 'build-changed' && site.trustedHosts.includes(host)) {
      const image = detail['baseImage'];
      const earlier = first.get(image);
      if (earlier !== undefined && earlier !== host && !imported.has(image))
        broken.push(`#${seq}: ${host} got image ${String(image)} before it was imported; ${earlier} had it first`);
      if (earlier === undefined) first.set(image, host);
    }
  }
  return broken;
}

/** Base images are imported only while every Trust Authority Host is connected. */
function importsWhileAllConnected(events: readonly WorldEvent[], site: Site): string[] {
  const away = new Set<string>();
  const broken: string[] = [];
  for (const { what, host = '', detail, seq } of events) {
    if (what === 'connection-changed' && site.trustAuthorityHosts.includes(host)) {
      if (detail['to'] === 'connected') away.delete(host);
      else away.add(host);
    }
    // One that was removed stays away until it is added again, which connects it.
    if (what === 'host-added') away.delete(host);
    if (what === 'base-image-imported' && away.size > 0)
      broken.push(`#${seq}: base image imported while ${[...away].join(', ')} was away`);
  }
  return broken;
}
