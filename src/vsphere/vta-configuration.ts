import { boolean, id, list, number, object, oneOf, string, type Decoded } from './decode';
import type { ClusterId, KeyProviderId } from './ids';
import { localizableMessage } from './localizable-message';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';
import { health, networkAddress, stsPrincipal, TRUSTED_INFRASTRUCTURE, x509CertChain } from './trust-values';

const providerSummary = object({ provider: id, health });
export type KeyProviderSummary = Decoded<typeof providerSummary>;

const keyServer = object(
  { type: oneOf('KMIP') },
  {
    description: string,
    proxy_server: networkAddress,
    connection_timeout: number,
    kmip_server: object({ servers: list(object({ name: string, address: networkAddress })) }, { username: string }),
  },
);
const serverStatus = object({
  name: string,
  health,
  details: list(localizableMessage),
  client_trust_server: boolean,
  server_trust_client: boolean,
});
const provider = object({
  master_key_id: string,
  key_server: keyServer,
  status: object({ health, details: list(localizableMessage), servers: list(serverStatus) }),
});
/** A key provider; its KMIP password and private key are never among it. */
export type KeyProvider = Decoded<typeof provider>;

const clientCertificate = object({ certificate: string });
export type ClientCertificate = Decoded<typeof clientCertificate>;
const trustedPeers = object({ certificates: list(string) });
export type TrustedPeerCertificates = Decoded<typeof trustedPeers>;
const currentPeer = object(
  { server_name: string, trusted: boolean, error_messages: list(localizableMessage) },
  { certificate: string },
);
/** What a key server presents now. */
export type CurrentPeerCertificate = Decoded<typeof currentPeer>;

const tpm2Settings = object({
  require_endorsement_keys: boolean,
  require_certificate_validation: boolean,
  health,
  details: list(localizableMessage),
});
export type Tpm2Settings = Decoded<typeof tpm2Settings>;

const named = object({ name: id, health });
/** A CA certificate or an endorsement key in a list. */
export type NamedHealth = Decoded<typeof named>;
const caCertificate = object({ cert_chain: x509CertChain, health, details: list(localizableMessage) });
export type CaCertificate = Decoded<typeof caCertificate>;
const endorsementKey = object({ public_key: string, health, details: list(localizableMessage) });
export type EndorsementKey = Decoded<typeof endorsementKey>;

const principalSummary = object({ id, principal: stsPrincipal, issuer_alias: string, issuer: string });
export type ConsumerPrincipalSummary = Decoded<typeof principalSummary>;
const principal = object(
  { id, principal: stsPrincipal, issuer_alias: string, issuer: string, certificates: list(x509CertChain), health },
  { message: localizableMessage },
);
/** A workload vCenter that the Trust Authority Cluster serves. */
export type ConsumerPrincipal = Decoded<typeof principal>;

/**
 * What must be read to rebuild a Trust Authority Cluster (R32, R33). Every operation is a task, since 7.0.0.0 and
 * repeatable; `…` is `/api/vcenter/trusted-infrastructure/trust-authority-clusters/{cluster}`. Fields that this
 * version does not know are kept, so that a backup loses nothing.
 */
export class VtaConfiguration {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/kms/providers`. */
  keyProviders(cluster: ClusterId, options?: CallOptions): Promise<Task<KeyProviderSummary[]>> {
    return this.rest.start(at(cluster, '/kms/providers'), list(providerSummary), options);
  }

  /** `GET …/kms/providers/{provider}`, with the health of each key server. */
  keyProvider(cluster: ClusterId, name: KeyProviderId, options?: CallOptions): Promise<Task<KeyProvider>> {
    return this.rest.start(at(cluster, path`/kms/providers/${name}`), provider, options);
  }

  /** `GET …/kms/providers/{provider}/client-certificate`. */
  clientCertificate(cluster: ClusterId, name: KeyProviderId, options?: CallOptions): Promise<Task<ClientCertificate>> {
    return this.rest.start(at(cluster, path`/kms/providers/${name}/client-certificate`), clientCertificate, options);
  }

  /** `GET …/kms/providers/{provider}/peer-certs/trusted`: the key servers' certificates that are trusted. */
  trustedPeers(cluster: ClusterId, name: KeyProviderId, options?: CallOptions): Promise<Task<TrustedPeerCertificates>> {
    return this.rest.start(at(cluster, path`/kms/providers/${name}/peer-certs/trusted`), trustedPeers, options);
  }

  /** `GET …/kms/providers/{provider}/peer-certs/current`: the certificates that the key servers present now. */
  currentPeers(
    cluster: ClusterId,
    name: KeyProviderId,
    options?: CallOptions,
  ): Promise<Task<CurrentPeerCertificate[]>> {
    return this.rest.start(at(cluster, path`/kms/providers/${name}/peer-certs/current`), list(currentPeer), options);
  }

  /** `GET …/attestation/tpm2/settings`. */
  tpm2Settings(cluster: ClusterId, options?: CallOptions): Promise<Task<Tpm2Settings>> {
    return this.rest.start(at(cluster, '/attestation/tpm2/settings'), tpm2Settings, options);
  }

  /** `GET …/attestation/tpm2/ca-certificates`. */
  caCertificates(cluster: ClusterId, options?: CallOptions): Promise<Task<NamedHealth[]>> {
    return this.rest.start(at(cluster, '/attestation/tpm2/ca-certificates'), list(named), options);
  }

  /** `GET …/attestation/tpm2/ca-certificates/{name}`. */
  caCertificate(cluster: ClusterId, name: string, options?: CallOptions): Promise<Task<CaCertificate>> {
    return this.rest.start(at(cluster, path`/attestation/tpm2/ca-certificates/${name}`), caCertificate, options);
  }

  /** `GET …/attestation/tpm2/endorsement-keys`. */
  endorsementKeys(cluster: ClusterId, options?: CallOptions): Promise<Task<NamedHealth[]>> {
    return this.rest.start(at(cluster, '/attestation/tpm2/endorsement-keys'), list(named), options);
  }

  /** `GET …/attestation/tpm2/endorsement-keys/{name}`. */
  endorsementKey(cluster: ClusterId, name: string, options?: CallOptions): Promise<Task<EndorsementKey>> {
    return this.rest.start(at(cluster, path`/attestation/tpm2/endorsement-keys/${name}`), endorsementKey, options);
  }

  /** `POST …/consumer-principals?action=query` without a filter: all of them. */
  consumerPrincipals(cluster: ClusterId, options?: CallOptions): Promise<Task<ConsumerPrincipalSummary[]>> {
    const { path: to } = at(cluster, '/consumer-principals');
    const request = { method: 'POST', path: withQuery(to, { action: 'query' }), body: {}, repeatable: true } as const;
    return this.rest.start(request, list(principalSummary), options);
  }

  /** `GET …/consumer-principals/{profile}`, with certificates and health. */
  consumerPrincipal(cluster: ClusterId, profile: string, options?: CallOptions): Promise<Task<ConsumerPrincipal>> {
    return this.rest.start(at(cluster, path`/consumer-principals/${profile}`), principal, options);
  }
}

function at(cluster: ClusterId, rest: string) {
  const base = `${TRUSTED_INFRASTRUCTURE}${path`/trust-authority-clusters/${cluster}`}`;
  return { method: 'GET', path: `${base}${rest}` } as const;
}
