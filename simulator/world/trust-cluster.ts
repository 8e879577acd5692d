import { attestClientsLater } from './attestation';
import { Fault, message, type LocalizableMessage } from './fault';
import type { Cluster, Host, VCenter } from './state';
import type { TrustCopy } from './trust-state';
import type { World } from './world';

/** Health as vTA reports it for one object of a Trust Authority Cluster. */
export interface Health {
  health: 'NONE' | 'OK' | 'WARNING' | 'ERROR';
  details: LocalizableMessage[];
}

/** A Trust Authority Cluster and its hosts, for one operation. */
export interface TrustCluster {
  world: World;
  vCenter: VCenter;
  cluster: Cluster;
  /** Every host in it. */
  members: Host[];
}

/** A host that changes can be written to, with its copy of the configuration. */
export interface Holder {
  host: Host;
  copy: TrustCopy;
}

/**
 * The Trust Authority Cluster of an operation.
 * @throws Fault NOT_FOUND; also for a cluster that is not enabled (guessed)
 */
export function trustCluster(world: World, vCenter: VCenter, moid: string): TrustCluster {
  const cluster = world.clusterByMoid(vCenter, moid);
  if (cluster.trustAuthority !== 'ENABLE') {
    throw new Fault('NOT_FOUND', `The cluster ${moid} is no Trust Authority Cluster.`);
  }
  return { world, vCenter, cluster, members: world.hostsOf(vCenter, cluster.moid) };
}

/** Whether vCenter can talk to a host. */
export function isReachable(host: Host): boolean {
  return host.up && host.connectionState === 'connected';
}

/**
 * Hosts that hold a configuration and can be reached: reads see them, writes go to them.
 * @throws Fault ERROR when there is none
 */
export function holders({ members, cluster }: TrustCluster): Holder[] {
  const found = members.flatMap((host) => (isReachable(host) && host.trust ? [{ host, copy: host.trust }] : []));
  if (found.length === 0) throw new Fault('ERROR', `No Trust Authority Host of ${cluster.name} can be reached.`);
  return found;
}

/**
 * Health of one object: the copies of the hosts compared with each other.
 * documented: OK = all hosts of the cluster are consistent, ERROR = they are not; there is no breakdown by host but in
 * the messages. guessed: a host that cannot be asked makes it WARNING.
 * @param form what of a copy is compared; undefined: the host does not have the object
 */
export function consistency(trust: TrustCluster, what: string, form: (copy: TrustCopy) => unknown): Health {
  const details: LocalizableMessage[] = [];
  const unreachable = trust.members.filter((host) => !isReachable(host));
  const counted = trust.members.filter(isReachable).map((host) => ({
    host,
    text: host.trust ? textOf(form(host.trust)) : undefined,
  }));
  const usual = mostFrequent(counted.flatMap(({ text }) => text ?? []));
  for (const { host, text } of counted) {
    if (text === undefined) {
      details.push(message('trust.missing', `${host.name} does not have ${what}.`, host.name, what));
    } else if (text !== usual) {
      details.push(message('trust.differs', `${host.name} has another ${what} than other hosts.`, host.name, what));
    }
  }
  if (details.length > 0) {
    details.unshift(message('trust.inconsistent', 'Not all hosts of the cluster are consistent.'));
    return { health: 'ERROR', details };
  }
  if (unreachable.length === 0) return { health: 'OK', details: [] };
  return {
    health: 'WARNING',
    details: unreachable.map((host) => message('trust.unreachable', `${host.name} cannot be reached.`, host.name)),
  };
}

/** Contents as text, in whatever order the members were written: an object that was created again is the same one. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The worse of several healths, with the details of all. */
export function worst(all: readonly Health[]): Health {
  const order = ['OK', 'NONE', 'WARNING', 'ERROR'] as const;
  const health = order[Math.max(0, ...all.map((one) => order.indexOf(one.health)))] ?? 'OK';
  return { health, details: all.flatMap((one) => one.details) };
}

/** Logs a change of the configuration, and lets the clients of its hosts attest again. */
export function configurationChanged(
  trust: TrustCluster,
  hosts: readonly Host[],
  detail: { kind: string; action: 'created' | 'updated' | 'removed'; name: string },
): void {
  trust.world.events.add(
    'trust-config-changed',
    { vCenter: trust.vCenter.id },
    { cluster: trust.cluster.name, ...detail, hosts: hosts.map((host) => host.name) },
  );
  attestClientsLater(trust.world, hosts, 'trust-changed');
}
