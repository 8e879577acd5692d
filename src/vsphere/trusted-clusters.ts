import { id, list, nothing, object, string, type Decoded } from './decode';
import type { ClusterId } from './ids';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';
import {
  healthReport,
  networkAddress,
  stsPrincipal,
  TRUSTED_INFRASTRUCTURE,
  x509CertChain,
  type HealthReport,
} from './trust-values';

const service = object({ service: id, address: networkAddress, group: string, trust_authority_cluster: string });
/** A service of a Trust Authority Host that a Trusted Cluster uses. */
export type TrustedClusterService = Decoded<typeof service>;

const principal = object({ issuer: string, principal: stsPrincipal, name: string, certificates: list(x509CertChain) });
/** How this vCenter presents itself to a Trust Authority Cluster. */
export type Principal = Decoded<typeof principal>;

/**
 * Trusted Clusters, on a workload vCenter. DELETE of `services-applied-config` is left out on purpose: it removes the vTA
 * configuration from all hosts of a cluster.
 */
export class TrustedClusters {
  constructor(private readonly rest: RestClient) {}

  /**
   * `GET …/trusted-clusters/{cluster}/services-applied-config` · task · since 7.0.1.0 · repeatable.
   * OK: the hosts have what the cluster wants; ERROR: they differ; NONE: not known. RESOURCE_BUSY while somebody
   * changes the configuration.
   */
  appliedConfig(cluster: ClusterId, options?: CallOptions): Promise<Task<HealthReport>> {
    const to = trustedCluster(cluster, '/services-applied-config');
    return this.rest.start({ method: 'GET', path: to }, healthReport, options);
  }

  /**
   * `PATCH …/trusted-clusters/{cluster}/services-applied-config` · task · since 7.0.1.0 · repeatable.
   * Makes the hosts equal to what the cluster wants, and never changes that. On a cluster that wants nothing, since it is
   * not trusted, it REMOVES the vTA configuration from its hosts: look first. RESOURCE_BUSY while somebody changes the
   * configuration; ERROR in the task when a host could not be reached, the others are done.
   */
  applyConfig(cluster: ClusterId, options?: CallOptions): Promise<Task<undefined>> {
    const to = trustedCluster(cluster, '/services-applied-config');
    return this.rest.start({ method: 'PATCH', path: to }, nothing, options);
  }

  /** `POST …/trusted-clusters/{cluster}/attestation/services?action=query` · since 7.0.0.0 · repeatable. */
  attestationServices(cluster: ClusterId, options?: CallOptions): Promise<TrustedClusterService[]> {
    return this.#services(cluster, '/attestation/services', options);
  }

  /** `POST …/trusted-clusters/{cluster}/kms/services?action=query` · since 7.0.0.0 · repeatable. */
  keyProviderServices(cluster: ClusterId, options?: CallOptions): Promise<TrustedClusterService[]> {
    return this.#services(cluster, '/kms/services', options);
  }

  /** `GET …/principal` · since 7.0.0.0 · repeatable. To be compared with the TAC's consumer principals (R13). */
  principal(options?: CallOptions): Promise<Principal> {
    return this.rest.get(`${TRUSTED_INFRASTRUCTURE}/principal`, principal, options);
  }

  #services(cluster: ClusterId, kind: string, options?: CallOptions): Promise<TrustedClusterService[]> {
    const to = withQuery(trustedCluster(cluster, kind), { action: 'query' });
    return this.rest.call({ method: 'POST', path: to, body: {}, repeatable: true }, list(service), options);
  }
}

function trustedCluster(cluster: ClusterId, rest: string): string {
  return `${TRUSTED_INFRASTRUCTURE}${path`/trusted-clusters/${cluster}`}${rest}`;
}
