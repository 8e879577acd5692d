import type { WorldEvent, WorldEventKind } from './events';
import type { Host, VCenter } from './state';
import { isTrustAuthorityHost } from './trust-authority';
import type { World } from './world';

/** A log file that a host or vCenter lets be read. */
export interface LogFile {
  /** What DiagnosticManager calls it. */
  key: string;
  fileName: string;
  label: string;
}

const HOST_LOGS = ['hostd', 'vmkernel', 'vpxa'] as const;
const ATTESTATION: readonly WorldEventKind[] = ['attested', 'not-attested', 'attestation-unknown'];
const SERVICE: readonly WorldEventKind[] = ['service-started', 'service-stopped', 'service-restarted'];
const IMAGES: readonly WorldEventKind[] = ['base-image-imported', 'base-image-removed'];

/** Logs of a vCenter. */
export function vCenterLogs(): LogFile[] {
  return [{ key: 'vpxd:vpxd.log', fileName: '/var/log/vmware/vpxd/vpxd.log', label: 'vCenter server log' }];
}

/**
 * Logs of a host: attestd and kmxd on Trust Authority Hosts, kmxa on hosts that use them (R27).
 * guessed: that these three can be browsed at all, and their keys; hostd, vmkernel and vpxa are documented.
 */
export function hostLogs(world: World, host: Host): LogFile[] {
  const trust = isTrustAuthorityHost(world, host) || host.trust !== null ? ['attestd', 'kmxd'] : [];
  const client = host.appliedTrust.attestation.length > 0 ? ['kmxa'] : [];
  return [...HOST_LOGS, ...trust, ...client].map((key) => ({
    key,
    fileName: `/var/run/log/${key}.log`,
    label: `${key} log`,
  }));
}

/** Lines of vpxd.log: whatever happened at this vCenter, oldest first. */
export function vpxdLines(world: World, vCenter: VCenter): string[] {
  return world.events
    .all()
    .filter((event) => event.vCenter === vCenter.id)
    .map((event) => line('vpxd', event));
}

/** Lines of one log of a host; none for a key that it does not have. */
export function hostLines(world: World, host: Host, key: string): string[] {
  return world.events
    .all()
    .filter((event) => belongs(world, host, key, event))
    .map((event) => line(key, event));
}

function belongs(world: World, host: Host, key: string, event: WorldEvent): boolean {
  const own = event.host === host.name;
  switch (key) {
    case 'attestd':
      return (own && isAbout(event, 'attestd')) || IMAGES.includes(event.what) || isClient(world, host, event);
    case 'kmxd':
      return (own && isAbout(event, 'kmxd')) || (event.what === 'attested' && isClient(world, host, event));
    case 'kmxa':
      return own && (ATTESTATION.includes(event.what) || event.what === 'reboot-ended');
    case 'vmkernel':
      return own && (event.what === 'reboot-started' || event.what === 'reboot-ended');
    default:
      return own;
  }
}

function isAbout({ what, detail }: WorldEvent, service: string): boolean {
  return what === 'reboot-ended' || (SERVICE.includes(what) && detail['service'] === service);
}

/** An attestation of a host that uses this Trust Authority Host. */
function isClient(world: World, authority: Host, event: WorldEvent): boolean {
  if (!ATTESTATION.includes(event.what)) return false;
  const client = world.state.hosts.find(({ name }) => name === event.host);
  return client?.appliedTrust.attestation.some(({ address }) => address.hostname === authority.name) ?? false;
}

const WARNINGS = new Set<WorldEventKind>(['not-attested', 'attestation-unknown', 'maintenance-mode-failed']);

function line(component: string, { time, what, host, detail }: WorldEvent): string {
  const level = WARNINGS.has(what) ? 'warning' : 'info';
  const facts = Object.entries(detail).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${time} ${level} ${component}[2099123] [Originator@6876] ${[what, host ?? '', ...facts].join(' ')}`;
}
