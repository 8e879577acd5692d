import { isCertificate, keyMatches, newKeyPair, privatePem, selfSigned, signingRequest } from './certificates';
import { Fault } from './fault';
import type { TrustCluster } from './trust-cluster';
import { updateOne, type Collection } from './trust-collection';
import type { KeyProvider } from './trust-state';

/** Key providers: where Trust Authority Hosts get keys from. */
export const KEY_PROVIDERS: Collection<KeyProvider> = {
  kind: 'key provider',
  of: (copy) => copy.keyProviders,
  key: (provider) => provider.provider,
  form: (provider) => provider,
};

/** @throws Fault INVALID_ARGUMENT: no server, or two of one name */
export function checkServers(servers: KeyProvider['servers']): void {
  if (servers.length === 0) throw new Fault('INVALID_ARGUMENT', 'A key provider needs at least one server.');
  const names = servers.map((server) => server.name);
  if (new Set(names).size < names.length) throw new Fault('INVALID_ARGUMENT', 'Two servers have the same name.');
}

/** Makes a key and a self-signed certificate on the hosts; the key never leaves them. */
export function generateClientCertificate(trust: TrustCluster, provider: string): void {
  const made = selfSigned({ commonName: `KMIP client ${provider}`, now: trust.world.clock.now() });
  updateOne(trust, KEY_PROVIDERS, provider, (item) => {
    item.clientCertificate = made.pem;
    item.clientKey = made.key;
    item.clientKeyGenerated = true;
  });
}

/** Makes a key on the hosts and a request to have it signed. @returns the request, PEM */
export function generateSigningRequest(trust: TrustCluster, provider: string): string {
  const pair = newKeyPair();
  const csr = signingRequest(`KMIP client ${provider}`, pair);
  updateOne(trust, KEY_PROVIDERS, provider, (item) => {
    item.csr = csr;
    item.pendingKey = privatePem(pair);
  });
  return csr;
}

/**
 * Which private key a new client certificate goes with: the one that is sent, else the one of the signing request,
 * else the one in use.
 * @throws Fault INVALID_ARGUMENT: not PEM, or no key fits
 */
export function keyForCertificate(item: KeyProvider, certificate: string, sent: string | undefined): string {
  if (!isCertificate(certificate)) throw new Fault('INVALID_ARGUMENT', 'The client certificate is not PEM.');
  const candidates = sent === undefined ? [item.pendingKey, item.clientKey] : [sent];
  const key = candidates.find((candidate) => candidate !== undefined && keyMatches(certificate, candidate));
  if (key === undefined) throw new Fault('INVALID_ARGUMENT', 'The client certificate does not fit the private key.');
  return key;
}

/** Sets client certificate and key on every host. */
export function setClientCertificate(
  trust: TrustCluster,
  provider: string,
  certificate: string,
  key: string,
  generated: boolean,
): void {
  updateOne(trust, KEY_PROVIDERS, provider, (item) => {
    item.clientCertificate = certificate;
    item.clientKey = key;
    item.clientKeyGenerated = generated;
    if (generated) delete item.pendingKey;
  });
}

/** @throws Fault INVALID_ARGUMENT */
export function checkCertificates(certificates: readonly string[]): void {
  if (!certificates.every(isCertificate)) throw new Fault('INVALID_ARGUMENT', 'A certificate is not PEM.');
}
