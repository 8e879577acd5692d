import { id, list, object, oneOf, string, type Decoded } from './decode';
import type { ClusterId, HostId } from './ids';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';
import {
  healthReport,
  networkAddress,
  TRUSTED_INFRASTRUCTURE,
  withTrustedCa,
  x509CertChain,
  type HealthReport,
} from './trust-values';

const clusters = `${TRUSTED_INFRASTRUCTURE}/trust-authority-clusters`;
const hosts = `${TRUSTED_INFRASTRUCTURE}/trust-authority-hosts`;

const cluster = object({ cluster: id, state: oneOf('ENABLE', 'DISABLE') });
/** A cluster and whether it is a Trust Authority Cluster (ENABLE). */
export type TrustAuthorityCluster = Decoded<typeof cluster>;

/** In a list: the certificates come only with projection FULL, which we do not ask for. */
const hostServiceSummary = object(
  { host: id, address: networkAddress },
  { group: string, cluster: string, summary_type: string },
);
/** Where one Trust Authority Host offers a service. */
export type HostServiceSummary = Decoded<typeof hostServiceSummary>;

const hostService = withTrustedCa(
  object({ host: id, address: networkAddress, group: string, cluster: string, trusted_CA: x509CertChain }),
);
/** The same with the certificates by which Trusted Hosts know the service. */
export type HostService = Decoded<typeof hostService>;

/**
 * Trust Authority Clusters and their hosts, on the vCenter of the Trust Authority Cluster. Read only.
 * Health is known per cluster only; whether a single host answers is asked of its `trust-authority-hosts` entries.
 */
export class TrustAuthority {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/trust-authority-clusters` · since 7.0.0.0 · repeatable. */
  clusters(options?: CallOptions): Promise<TrustAuthorityCluster[]> {
    return this.rest.get(clusters, list(cluster), options);
  }

  /**
   * `GET …/trust-authority-clusters/{cluster}` · since 7.0.0.0 · repeatable. The state is the result of the last
   * update: ENABLE does not prove that the services of each host run.
   */
  cluster(clusterId: ClusterId, options?: CallOptions): Promise<TrustAuthorityCluster> {
    return this.rest.get(`${clusters}${path`/${clusterId}`}`, cluster, options);
  }

  /** `GET …/trust-authority-clusters/{cluster}/attestation/service-status` · task · since 7.0.0.0 · repeatable. */
  attestationStatus(clusterId: ClusterId, options?: CallOptions): Promise<Task<HealthReport>> {
    const to = `${clusters}${path`/${clusterId}/attestation/service-status`}`;
    return this.rest.start({ method: 'GET', path: to }, healthReport, options);
  }

  /** `GET …/trust-authority-clusters/{cluster}/kms/service-status` · task · since 7.0.0.0 · repeatable. */
  keyProviderStatus(clusterId: ClusterId, options?: CallOptions): Promise<Task<HealthReport>> {
    const to = `${clusters}${path`/${clusterId}/kms/service-status`}`;
    return this.rest.start({ method: 'GET', path: to }, healthReport, options);
  }

  /** `POST …/trust-authority-hosts/attestation` (a query without `action`) · since 7.0.0.0 · repeatable. */
  attestationHosts(clusterId: ClusterId, options?: CallOptions): Promise<HostServiceSummary[]> {
    const to = withQuery(`${hosts}/attestation`, { projection: 'NORMAL' });
    return this.#query(to, clusterId, options);
  }

  /** `POST …/trust-authority-hosts/kms?action=query` · since 7.0.0.0 · repeatable. */
  keyProviderHosts(clusterId: ClusterId, options?: CallOptions): Promise<HostServiceSummary[]> {
    const to = withQuery(`${hosts}/kms`, { action: 'query', projection: 'NORMAL' });
    return this.#query(to, clusterId, options);
  }

  /**
   * `GET …/trust-authority-hosts/{host}/attestation/` (the slash belongs to it) · since 7.0.0.0 · repeatable.
   * RESOURCE_INACCESSIBLE: the host does not answer; ERROR: the host answers with a certificate chain that is not valid.
   */
  attestationHost(host: HostId, options?: CallOptions): Promise<HostService> {
    return this.rest.get(`${hosts}${path`/${host}/attestation/`}`, hostService, options);
  }

  /** `GET …/trust-authority-hosts/{host}/kms/` · since 7.0.0.0 · repeatable. Errors as for attestation. */
  keyProviderHost(host: HostId, options?: CallOptions): Promise<HostService> {
    return this.rest.get(`${hosts}${path`/${host}/kms/`}`, hostService, options);
  }

  #query(to: string, clusterId: ClusterId, options?: CallOptions): Promise<HostServiceSummary[]> {
    const request = { method: 'POST', path: to, body: { clusters: [clusterId] }, repeatable: true } as const;
    return this.rest.call(request, list(hostServiceSummary), options);
  }
}
