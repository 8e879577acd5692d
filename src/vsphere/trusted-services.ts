import { id, list, nothing, object, string, type Decoded } from './decode';
import type { ClusterId } from './ids';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';
import { networkAddress, TRUSTED_INFRASTRUCTURE, withTrustedCa, x509CertChain } from './trust-values';

/** Attestation services and key provider services are two lists of the same form. */
export type TrustedServiceKind = 'attestation' | 'kms';

const summary = object({ service: id, address: networkAddress, group: string, trust_authority_cluster: string });
/** A service of a Trust Authority Host that a workload vCenter knows. */
export type KnownService = Decoded<typeof summary>;

const info = withTrustedCa(
  object({ address: networkAddress, trusted_CA: x509CertChain, group: string, trust_authority_cluster: string }),
);
/** The same with the certificates by which it is trusted. */
export type KnownServiceInfo = Decoded<typeof info>;

/**
 * What a workload vCenter knows of the services of a Trust Authority Cluster (contract vcenter-trusted-infrastructure,
 * since 7.0.0.0). There is no update: a service that changed its address or authority is taken out and put in again.
 */
export class TrustedServices {
  constructor(private readonly rest: RestClient) {}

  /** `POST /api/vcenter/trusted-infrastructure/{attestation|kms}/services?action=query` · repeatable. */
  list(kind: TrustedServiceKind, options?: CallOptions): Promise<KnownService[]> {
    const to = withQuery(known(kind), { action: 'query' });
    return this.rest.call({ method: 'POST', path: to, body: {}, repeatable: true }, list(summary), options);
  }

  /** `GET …/services/{service}` · repeatable. */
  get(kind: TrustedServiceKind, service: string, options?: CallOptions): Promise<KnownServiceInfo> {
    return this.rest.get(`${known(kind)}${path`/${service}`}`, info, options);
  }

  /** `POST …/services` · ALREADY_EXISTS: a service of that address is known. @returns its id */
  create(kind: TrustedServiceKind, service: KnownServiceInfo, options?: CallOptions): Promise<string> {
    const { address, trusted_CA, group, trust_authority_cluster } = service;
    const body = { address, trusted_CA, group, trust_authority_cluster };
    return this.rest.call({ method: 'POST', path: known(kind), body }, id, options);
  }

  /** `DELETE …/services/{service}` · repeatable: gone is gone. RESOURCE_BUSY while a Trusted Cluster uses it. */
  remove(kind: TrustedServiceKind, service: string, options?: CallOptions): Promise<undefined> {
    const to = `${known(kind)}${path`/${service}`}`;
    return this.rest.call({ method: 'DELETE', path: to }, nothing, options);
  }

  /** `POST …/trusted-clusters/{cluster}/…/services` of type SERVICE · task · ALREADY_EXISTS: the cluster uses it. */
  use(kind: TrustedServiceKind, cluster: ClusterId, service: string, options?: CallOptions): Promise<Task<string>> {
    const body = { type: 'SERVICE', service };
    return this.rest.start({ method: 'POST', path: ofCluster(kind, cluster), body }, string, options);
  }

  /** `DELETE …/trusted-clusters/{cluster}/…/services/{service}` · task · repeatable: gone is gone. */
  useNoMore(
    kind: TrustedServiceKind,
    cluster: ClusterId,
    service: string,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    const to = `${ofCluster(kind, cluster)}${path`/${service}`}`;
    return this.rest.start({ method: 'DELETE', path: to }, nothing, options);
  }
}

function known(kind: TrustedServiceKind): string {
  return `${TRUSTED_INFRASTRUCTURE}/${kind}/services`;
}

function ofCluster(kind: TrustedServiceKind, cluster: ClusterId): string {
  return `${TRUSTED_INFRASTRUCTURE}${path`/trusted-clusters/${cluster}`}/${kind}/services`;
}
