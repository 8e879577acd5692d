import type { Health } from '../../world/trust-cluster';
import { trustCluster, type TrustCluster } from '../../world/trust-cluster';
import type { NetworkAddress } from '../../world/trust-state';
import type { RestCall } from './route';

/** Prefix of the operations of trust_authority_clusters. */
export const TAC = 'com.vmware.vcenter.trusted_infrastructure.trust_authority_clusters';

/** com.vmware.vcenter.trusted_infrastructure.X509CertChain */
export interface WireChain {
  cert_chain: string[];
}

export function chain(certificates: readonly string[]): WireChain {
  return { cert_chain: [...certificates] };
}

/** The Trust Authority Cluster that a call's path names. @throws Fault NOT_FOUND */
export function clusterOf(call: RestCall): TrustCluster {
  return trustCluster(call.world, call.vCenter, pathValue(call, 'cluster'));
}

/** A path parameter; the router found it, or the route would not have been chosen. */
export function pathValue(call: RestCall, name: string): string {
  return call.path[name] ?? '';
}

/** Health with its details, as every Info of vTA has it. */
export function wireHealth({ health, details }: Health): Pick<Health, 'health' | 'details'> {
  return { health, details };
}

export function wireAddress({ hostname, port }: NetworkAddress): NetworkAddress {
  return { hostname, ...(port === undefined ? {} : { port }) };
}

/** True when a filter is unset or holds the value. documented: an unset or empty filter matches everything. */
export function passes<T>(filter: readonly T[] | undefined, value: T): boolean {
  return filter === undefined || filter.length === 0 || filter.includes(value);
}
