import { isCertificate, isPublicKey, isSignedBy, publicKeyOf } from './certificates';
import { Fault } from './fault';
import { configurationChanged, holders, type TrustCluster } from './trust-cluster';
import { listAll, type Collection } from './trust-collection';
import type { CaCertificate, EndorsementKey, Tpm2Settings } from './trust-state';

/** CA certificates of TPM makers. */
export const CA_CERTIFICATES: Collection<CaCertificate> = {
  kind: 'TPM 2.0 CA certificate',
  of: (copy) => copy.caCertificates,
  key: (certificate) => certificate.name,
  form: (certificate) => certificate,
};

/** Endorsement keys of TPMs that are trusted one by one. */
export const ENDORSEMENT_KEYS: Collection<EndorsementKey> = {
  kind: 'TPM 2.0 endorsement key',
  of: (copy) => copy.endorsementKeys,
  key: (key) => key.name,
  form: (key) => key,
};

/**
 * Checks a CA chain, root first (documented order).
 * @throws Fault INVALID_ARGUMENT: empty, not PEM, or not a chain
 */
export function checkCaChain(chain: readonly string[]): void {
  if (chain.length === 0) throw new Fault('INVALID_ARGUMENT', 'The certificate chain is empty.');
  chain.forEach((pem, index) => {
    if (!isCertificate(pem)) throw new Fault('INVALID_ARGUMENT', `Certificate ${index + 1} of the chain is not PEM.`);
    const issuer = chain[index - 1];
    if (issuer !== undefined && !isSignedBy(pem, issuer)) {
      throw new Fault('INVALID_ARGUMENT', `Certificate ${index + 1} is not signed by the one before it.`);
    }
  });
}

/**
 * An endorsement key from exactly one of its two forms; a certificate is verified against the CA certificates of the
 * cluster (documented).
 * @throws Fault INVALID_ARGUMENT
 */
export function endorsementKey(
  trust: TrustCluster,
  name: string,
  publicKey: string | undefined,
  certificate: string | undefined,
): EndorsementKey {
  if ((publicKey === undefined) === (certificate === undefined)) {
    throw new Fault('INVALID_ARGUMENT', 'Exactly one of public_key and certificate is required.');
  }
  if (publicKey !== undefined) {
    if (!isPublicKey(publicKey)) throw new Fault('INVALID_ARGUMENT', 'public_key is no public key in PEM.');
    return { name, publicKey };
  }
  const pem = certificate ?? '';
  if (!isCertificate(pem)) throw new Fault('INVALID_ARGUMENT', 'certificate is no certificate in PEM.');
  const authorities = listAll(trust, CA_CERTIFICATES).flatMap((ca) => ca.certChain);
  if (!authorities.some((authority) => isSignedBy(pem, authority))) {
    throw new Fault('INVALID_ARGUMENT', 'The certificate is not signed by a trusted CA certificate.');
  }
  return { name, publicKey: publicKeyOf(pem), certificate: pem };
}

/** Settings of the first reachable host; health tells when others differ. */
export function tpm2Settings(trust: TrustCluster): Tpm2Settings {
  const [first] = holders(trust);
  if (!first) throw new Fault('ERROR', 'No Trust Authority Host can be reached.');
  return first.copy.tpm2Settings;
}

/** Changes what is given and leaves the rest (documented: unset = unchanged). */
export function updateTpm2Settings(trust: TrustCluster, change: Partial<Tpm2Settings>): void {
  const all = holders(trust);
  for (const { copy } of all) Object.assign(copy.tpm2Settings, change);
  const hosts = all.map(({ host }) => host);
  configurationChanged(trust, hosts, { kind: 'TPM 2.0 settings', action: 'updated', name: 'settings' });
}
