import { attestLater } from './attestation';
import { Fault, message, type LocalizableMessage } from './fault';
import { sameAddress, servicesOf, type ServiceKind } from './registered-services';
import type { Cluster, Host, VCenter } from './state';
import { isReachable } from './trust-cluster';
import type { NetworkAddress, RegisteredService, TrustServices } from './trust-state';
import type { World } from './world';

/** Health of applied configuration: NONE = unknown, ERROR = diverged from the desired state (documented). */
export interface AppliedHealth {
  health: 'NONE' | 'OK' | 'ERROR';
  details: LocalizableMessage[];
}

/** One service address of a cluster, desired or found on a host. */
export interface AppliedService extends AppliedHealth {
  address: NetworkAddress;
  /** Registered service of that address, if it is one. */
  service?: string;
  groups: string[];
  trustedCAs: string[][];
}

const KINDS: readonly ServiceKind[] = ['attestation', 'kms'];

/**
 * What hosts have, compared with what their vCenter wants. For a cluster that is not trusted nothing is wanted, and
 * what is found there counts as an error (documented).
 */
export function appliedHealth(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  kinds: readonly ServiceKind[] = KINDS,
  only?: NetworkAddress,
): AppliedHealth {
  const details: LocalizableMessage[] = [];
  let unknown = 0;
  const select = (services: readonly RegisteredService[]): string =>
    services
      .filter((service) => only === undefined || sameAddress(service.address, only))
      .map(form)
      .sort()
      .join();
  const wanted = kinds.map((kind) => ({ kind, form: select(cluster.trustServices[kind]) }));
  for (const host of world.hostsOf(vCenter, cluster.moid)) {
    if (!isReachable(host)) {
      unknown += 1;
      details.push(message('applied.unknown', `${host.name} cannot be reached.`, host.name));
      continue;
    }
    for (const { kind, form: desired } of wanted) {
      if (select(host.appliedTrust[kind]) === desired) continue;
      details.push(
        message('applied.diverged', `The ${kind} services on ${host.name} differ from the desired state.`, host.name),
      );
    }
  }
  if (details.length > unknown) return { health: 'ERROR', details };
  return { health: unknown > 0 ? 'NONE' : 'OK', details };
}

function form({ address, trustedCA, group }: RegisteredService): string {
  return `${address.hostname}:${address.port ?? 443} ${group} ${trustedCA.join()}`;
}

/** Service addresses of one kind, desired or found on a host of the cluster. */
export function appliedServices(world: World, vCenter: VCenter, cluster: Cluster, kind: ServiceKind): AppliedService[] {
  const found = [
    ...cluster.trustServices[kind],
    ...world.hostsOf(vCenter, cluster.moid).flatMap((host) => (isReachable(host) ? host.appliedTrust[kind] : [])),
  ];
  const addresses: NetworkAddress[] = [];
  for (const { address } of found) if (!addresses.some((known) => sameAddress(known, address))) addresses.push(address);
  return addresses.map((address) => {
    const mine = found.filter((service) => sameAddress(service.address, address));
    const registered = servicesOf(vCenter, kind).find((service) => sameAddress(service.address, address));
    return {
      ...appliedHealth(world, vCenter, cluster, [kind], address),
      address,
      ...(registered ? { service: registered.service } : {}),
      groups: [...new Set(mine.map((service) => service.group))],
      trustedCAs: unique(mine.map((service) => service.trustedCA)),
    };
  });
}

function unique(chains: readonly string[][]): string[][] {
  return [...new Map(chains.map((chain) => [chain.join(), chain])).values()];
}

/**
 * Makes the hosts of a cluster equal to its desired state; never changes the desired state. On a cluster that is not
 * trusted that strips its hosts (documented).
 * @throws Fault ERROR naming hosts that could not be reached; the others are done
 */
export function remediateApplied(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  kinds: readonly ServiceKind[] = KINDS,
): void {
  applyTo(world, vCenter, cluster, (host) => {
    for (const kind of kinds) host.appliedTrust[kind] = structuredClone(cluster.trustServices[kind]);
  });
}

/** Removes the applied configuration, and only that. @throws Fault ERROR as above */
export function removeApplied(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  kinds: readonly ServiceKind[] = KINDS,
): void {
  applyTo(world, vCenter, cluster, (host) => {
    for (const kind of kinds) host.appliedTrust[kind] = [];
  });
}

function applyTo(world: World, vCenter: VCenter, cluster: Cluster, change: (host: Host) => void): void {
  const hosts = world.hostsOf(vCenter, cluster.moid);
  for (const host of hosts.filter(isReachable)) {
    const before = formOf(host.appliedTrust);
    change(host);
    if (formOf(host.appliedTrust) === before) continue;
    world.hostEvent('applied-config-changed', host, {
      attestation: host.appliedTrust.attestation.length,
      kms: host.appliedTrust.kms.length,
    });
    attestLater(world, host, 'applied-config-changed');
  }
  const away = hosts.filter((host) => !isReachable(host));
  if (away.length > 0) throw new Fault('ERROR', `Not reached: ${away.map((host) => host.name).join(', ')}.`);
}

function formOf(services: TrustServices): string {
  return JSON.stringify(services);
}
