import { NotSent, type NotSentReason } from './errors';
import type { TlsTarget } from './tls';

/** OpenSSL's verification codes for "I do not know who signed this". */
const UNKNOWN_CA = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

/** The certificate is not the pinned one: names both, because somebody has to compare them with the real one. */
export function wrongThumbprint(operation: string, target: TlsTarget, expected: string, actual: string): NotSent {
  return new NotSent(
    operation,
    'tls-wrong-thumbprint',
    `${target.host}:${target.port} presents a certificate with the SHA-256 thumbprint ${actual}, expected ${expected}. ` +
      'If the certificate was replaced on purpose, verify the new thumbprint at the server itself and put it into the ' +
      'infrastructure file; otherwise somebody is in between.',
  );
}

/**
 * Turns an error of a connection or handshake into one that says what to do. Nothing was sent: everything here happens
 * before the peer is verified, and a request is written only afterwards.
 */
export function describeConnectError(operation: string, target: TlsTarget, error: Error): NotSent {
  const where = `${target.host}:${target.port}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const say = (reason: NotSentReason, detail: string): NotSent =>
    new NotSent(operation, reason, detail, { cause: error });
  if (code === 'ECONNREFUSED') return say('refused', `${where} refuses connections; is the server up, the port right?`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return say('dns', `the name ${target.host} was not resolved (${code}); check the name and the worker's DNS`);
  }
  if (['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EHOSTDOWN', 'EADDRNOTAVAIL'].includes(code)) {
    return say('unreachable', `${where} is not reachable (${code})`);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return say(
      'tls-host-name',
      `the certificate of ${where} is for other names (${error.message}); ` +
        'use the name in the certificate as address, or pin its SHA-256 thumbprint',
    );
  }
  if (UNKNOWN_CA.has(code)) {
    return say(
      'tls-unknown-ca',
      `the certificate of ${where} is signed by an authority that is not trusted here (${code}); ` +
        'give the CA file of this server (vCenter: https://SERVER/certs/download.zip), or pin its SHA-256 thumbprint',
    );
  }
  if (code === 'INVALID_PURPOSE' || code === 'INVALID_CA') {
    return say('tls-validity', `the certificate of ${where}, or one above it, is not made for this use (${code})`);
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return say(
      'tls-validity',
      `the certificate of ${where} is not valid now (${code}); renew it, and compare the clocks`,
    );
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === '') {
    return say('connection-lost', `${where}: ${error.message}`);
  }
  return say('tls-handshake', `the TLS handshake with ${where} failed (${code}); is this an HTTPS port?`);
}
