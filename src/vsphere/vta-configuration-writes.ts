import { nothing, string } from './decode';
import type { ClusterId, KeyProviderId } from './ids';
import type { RestClient, Task } from './rest-client';
import { path } from './rest-path';
import type { CallOptions } from './transport';
import { TRUSTED_INFRASTRUCTURE } from './trust-values';
import type { CaCertificate, ConsumerPrincipal, EndorsementKey, KeyProvider, Tpm2Settings } from './vta-configuration';

/**
 * Writes of the configuration of a Trust Authority Cluster (contract vcenter-trusted-infrastructure, all since 7.0.0.0,
 * all tasks). Each goes to every host of the cluster. There is no delete here, on purpose: what a host lacks is created
 * again, and nothing that other hosts have is taken away (design §7). `…` is
 * `/api/vcenter/trusted-infrastructure/trust-authority-clusters/{cluster}`.
 */
export class VtaConfigurationWrites {
  constructor(private readonly rest: RestClient) {}

  /** `PATCH …` with state ENABLE · repeatable: the services of every member are started. */
  enable(cluster: ClusterId, options?: CallOptions): Promise<Task<undefined>> {
    return this.#write('PATCH', cluster, '', { state: 'ENABLE' }, options);
  }

  /** `POST …/kms/providers` · ALREADY_EXISTS when some host has it; what then becomes of the others is not documented. */
  createKeyProvider(
    cluster: ClusterId,
    provider: KeyProviderId,
    { master_key_id, key_server }: Pick<KeyProvider, 'master_key_id' | 'key_server'>,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    return this.#write('POST', cluster, '/kms/providers', { provider, master_key_id, key_server }, options);
  }

  /** `PATCH …/kms/providers/{provider}/peer-certs/trusted` · repeatable. @param certificates PEM, all of them */
  setTrustedPeers(
    cluster: ClusterId,
    provider: KeyProviderId,
    certificates: readonly string[],
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    const below = path`/kms/providers/${provider}/peer-certs/trusted`;
    return this.#write('PATCH', cluster, below, { certificates }, options);
  }

  /** `PATCH …/kms/providers/{provider}/client-certificate` · repeatable. @param privateKey a secret, PEM */
  setClientCertificate(
    cluster: ClusterId,
    provider: KeyProviderId,
    { certificate, privateKey }: { certificate: string; privateKey: string },
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    const below = path`/kms/providers/${provider}/client-certificate`;
    return this.#write('PATCH', cluster, below, { certificate, private_key: privateKey }, options);
  }

  /** `PUT …/kms/providers/{provider}/credential` · repeatable. @param password a secret: the body is this one string */
  setCredential(
    cluster: ClusterId,
    provider: KeyProviderId,
    password: string,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    return this.#write('PUT', cluster, path`/kms/providers/${provider}/credential`, password, options);
  }

  /** `PATCH …/attestation/tpm2/settings` · repeatable. */
  setTpm2Settings(
    cluster: ClusterId,
    {
      require_endorsement_keys,
      require_certificate_validation,
    }: Pick<Tpm2Settings, 'require_endorsement_keys' | 'require_certificate_validation'>,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    const body = { require_endorsement_keys, require_certificate_validation };
    return this.#write('PATCH', cluster, '/attestation/tpm2/settings', body, options);
  }

  /** `POST …/attestation/tpm2/ca-certificates` · ALREADY_EXISTS as for key providers. */
  createCaCertificate(
    cluster: ClusterId,
    name: string,
    { cert_chain }: Pick<CaCertificate, 'cert_chain'>,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    return this.#write('POST', cluster, '/attestation/tpm2/ca-certificates', { name, cert_chain }, options);
  }

  /** `POST …/attestation/tpm2/endorsement-keys` with the public key, which is all that is returned of one · as above. */
  createEndorsementKey(
    cluster: ClusterId,
    name: string,
    { public_key }: Pick<EndorsementKey, 'public_key'>,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    return this.#write('POST', cluster, '/attestation/tpm2/endorsement-keys', { name, public_key }, options);
  }

  /** `POST …/consumer-principals` · as above. @returns a task whose result is the id of the profile */
  createConsumerPrincipal(
    cluster: ClusterId,
    { certificates, issuer_alias, issuer, principal }: Omit<ConsumerPrincipal, 'id' | 'health' | 'message'>,
    options?: CallOptions,
  ): Promise<Task<string>> {
    const body = { certificates, issuer_alias, issuer, principal };
    const request = { method: 'POST', path: at(cluster, '/consumer-principals'), body } as const;
    return this.rest.start(request, string, options);
  }

  #write(
    method: 'POST' | 'PATCH' | 'PUT',
    cluster: ClusterId,
    below: string,
    body: unknown,
    options?: CallOptions,
  ): Promise<Task<undefined>> {
    return this.rest.start({ method, path: at(cluster, below), body }, nothing, options);
  }
}

function at(cluster: ClusterId, below: string): string {
  return `${TRUSTED_INFRASTRUCTURE}${path`/trust-authority-clusters/${cluster}`}${below}`;
}
