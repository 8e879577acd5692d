import { randomUUID } from 'node:crypto';

import { attestLater } from './attestation';
import { isCertificate } from './certificates';
import { Fault } from './fault';
import type { Cluster, VCenter } from './state';
import { isReachable } from './trust-cluster';
import type { NetworkAddress, RegisteredService } from './trust-state';
import type { World } from './world';

export type ServiceKind = 'attestation' | 'kms';

/** Services that a workload vCenter knows. */
export function servicesOf(vCenter: VCenter, kind: ServiceKind): RegisteredService[] {
  return kind === 'attestation' ? vCenter.attestationServices : vCenter.kmsServices;
}

/** A filter's address: a port that is left out is 443 (guessed). */
export function sameAddress(a: NetworkAddress, b: NetworkAddress): boolean {
  return a.hostname.toLowerCase() === b.hostname.toLowerCase() && (a.port ?? 443) === (b.port ?? 443);
}

/** @throws Fault INVALID_ARGUMENT, ALREADY_EXISTS (an address is registered once) */
export function register(vCenter: VCenter, kind: ServiceKind, spec: Omit<RegisteredService, 'service'>): string {
  if (spec.address.hostname.trim() === '') throw new Fault('INVALID_ARGUMENT', 'The host name is empty.');
  if (spec.trustedCA.length === 0 || !spec.trustedCA.every(isCertificate)) {
    throw new Fault('INVALID_ARGUMENT', 'trusted_CA holds no certificate chain in PEM.');
  }
  const services = servicesOf(vCenter, kind);
  if (services.some((service) => sameAddress(service.address, spec.address))) {
    throw new Fault('ALREADY_EXISTS', `A service at ${spec.address.hostname} is registered.`);
  }
  const service = randomUUID();
  services.push({ service, ...spec });
  return service;
}

/** @throws Fault NOT_FOUND */
export function findService(services: readonly RegisteredService[], id: string): RegisteredService {
  const found = services.find((service) => service.service === id);
  if (!found) throw new Fault('NOT_FOUND', `The service ${id} does not exist.`);
  return found;
}

/** @throws Fault NOT_FOUND, RESOURCE_BUSY (documented: used by a configuration on a cluster level) */
export function unregister(vCenter: VCenter, kind: ServiceKind, id: string): void {
  const services = servicesOf(vCenter, kind);
  findService(services, id);
  if (vCenter.clusters.some((cluster) => cluster.trustServices[kind].some((service) => service.service === id))) {
    throw new Fault('RESOURCE_BUSY', `The service ${id} is used by a cluster.`);
  }
  services.splice(
    services.findIndex((service) => service.service === id),
    1,
  );
}

/** What a cluster is to be configured with: one registered service, or all of one Trust Authority Cluster. */
export interface ClusterServiceSpec {
  type: 'SERVICE' | 'CLUSTER';
  service?: string;
  trustAuthorityCluster?: string;
}

/**
 * The services that a cluster would get.
 * @throws Fault NOT_FOUND, INVALID_ARGUMENT (R35: the cluster is a Trust Authority Cluster), ALREADY_EXISTS,
 *   UNABLE_TO_ALLOCATE_RESOURCE (documented: no host has the licence)
 */
export function planClusterServices(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  kind: ServiceKind,
  spec: ClusterServiceSpec,
): RegisteredService[] {
  if (cluster.trustAuthority === 'ENABLE') {
    throw new Fault('INVALID_ARGUMENT', `${cluster.name} is a Trust Authority Cluster.`);
  }
  const wanted =
    spec.type === 'SERVICE'
      ? [findService(servicesOf(vCenter, kind), spec.service ?? '')]
      : servicesOf(vCenter, kind).filter((service) => service.trustAuthorityCluster === spec.trustAuthorityCluster);
  if (wanted.length === 0) {
    throw new Fault('NOT_FOUND', `No service of Trust Authority Cluster ${spec.trustAuthorityCluster} is registered.`);
  }
  const added = wanted.filter((service) => !cluster.trustServices[kind].some((own) => own.service === service.service));
  if (added.length === 0) throw new Fault('ALREADY_EXISTS', 'The service is configured for the cluster.');
  const hosts = world.hostsOf(vCenter, cluster.moid);
  if (hosts.length > 0 && !hosts.some((host) => host.trustLicence)) {
    throw new Fault('UNABLE_TO_ALLOCATE_RESOURCE', 'No host has a vSphere Trust Authority licence.');
  }
  return added;
}

/** Configures services for a cluster and its reachable hosts. */
export function addClusterServices(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  kind: ServiceKind,
  added: readonly RegisteredService[],
): void {
  cluster.trustServices[kind].push(...structuredClone([...added]));
  changeHosts(world, vCenter, cluster, (services) => {
    for (const service of added) {
      if (!services[kind].some((own) => own.service === service.service)) services[kind].push(structuredClone(service));
    }
  });
}

/** Takes a service from a cluster and its reachable hosts. @throws Fault NOT_FOUND */
export function removeClusterService(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  kind: ServiceKind,
  id: string,
): void {
  findService(cluster.trustServices[kind], id);
  cluster.trustServices[kind] = cluster.trustServices[kind].filter((service) => service.service !== id);
  changeHosts(world, vCenter, cluster, (services) => {
    services[kind] = services[kind].filter((service) => service.service !== id);
  });
}

function changeHosts(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  change: (services: Cluster['trustServices']) => void,
): void {
  for (const host of world.hostsOf(vCenter, cluster.moid).filter(isReachable)) {
    change(host.appliedTrust);
    attestLater(world, host, 'applied-config-changed');
  }
}
