import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { NotSent } from './errors';
import { describeConnectError, wrongThumbprint } from './tls-errors';

/**
 * How a server's certificate is judged. There is no fourth way, and none that does not look:
 * - `system`: the certificate authorities that Node and the machine know;
 * - `ca`: the content (PEM) of a CA file, and only that;
 * - `thumbprint`: exactly the certificate with this SHA-256 thumbprint (hex, colons and case do not matter).
 */
export type TlsTrust =
  | { readonly kind: 'system' }
  | { readonly kind: 'ca'; readonly pem: string }
  | { readonly kind: 'thumbprint'; readonly sha256: string };

/** Where to connect. `host` is a DNS name or an IP address without brackets. */
export interface TlsTarget {
  readonly host: string;
  readonly port: number;
}

/** A TCP connection and its handshake take no longer than this, whatever the deadline of the request. */
const CONNECT_TIMEOUT_MS = 20_000;

/** The certificate behind a thumbprint that was once seen to match; a thumbprint names one certificate for ever. */
const pinnedCertificates = new Map<string, string>();

/**
 * Opens a TLS connection and calls back once the peer is verified, so that no byte of a request, its Authorization
 * header included, is written to a peer that is not.
 *
 * @param operation what the error message names: method and path, never a secret
 * @param onSocket called at once with each raw socket, so that the owner can destroy it while it connects
 * @throws NotSent for everything that goes wrong here, with what to do about it
 */
export async function connectVerified(
  operation: string,
  target: TlsTarget,
  trust: TlsTrust,
  onSocket: (socket: tls.TLSSocket) => void = () => undefined,
): Promise<tls.TLSSocket> {
  if (trust.kind !== 'thumbprint') {
    const ca = trust.kind === 'ca' ? { ca: trust.pem } : {};
    return handshake(operation, target, { ...baseOptions(target), ...ca }, onSocket);
  }
  const expected = normalThumbprint(operation, trust.sha256);
  const known = pinnedCertificates.get(expected);
  if (known !== undefined) {
    try {
      return await handshake(operation, target, pinnedOptions(target, expected, known), onSocket);
    } catch (error) {
      // A certificate that was replaced fails here as "unknown CA" or the like: look again, to say which it is now.
      if (!(error instanceof NotSent) || !error.reason.startsWith('tls-')) throw error;
    }
  }
  const presented = await probe(operation, target, onSocket);
  if (presented.sha256 !== expected) throw wrongThumbprint(operation, target, expected, presented.sha256);
  pinnedCertificates.set(expected, presented.pem);
  return handshake(operation, target, pinnedOptions(target, expected, presented.pem), onSocket);
}

/** The thumbprint as Node writes it, `AA:BB:…`; throws NotSent when it is no SHA-256 in hex. */
function normalThumbprint(operation: string, written: string): string {
  const hex = written.replace(/[:\s]/g, '').toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(hex)) {
    throw new NotSent(
      operation,
      'tls-wrong-thumbprint',
      'the configured thumbprint is not a SHA-256 thumbprint (64 hex digits, colons allowed). ' +
        'Print it with: openssl x509 -in CERTIFICATE -noout -fingerprint -sha256',
    );
  }
  return (hex.match(/../g) ?? []).join(':');
}

function baseOptions(target: TlsTarget): tls.ConnectionOptions {
  // An IP address must not be sent as server name (RFC 6066); Node then checks it against the certificate's IP names.
  return { ...target, ...(isIP(target.host) === 0 ? { servername: target.host } : {}), minVersion: 'TLSv1.2' };
}

function pinnedOptions(target: TlsTarget, expected: string, pem: string): tls.ConnectionOptions {
  return {
    ...baseOptions(target),
    ca: pem,
    // The pinned certificate is the anchor itself, also when some authority that we do not know has issued it.
    allowPartialTrustChain: true,
    // Its names do not matter: it is this very certificate or none (a certificate that it may have issued is not it).
    checkServerIdentity: (_host, certificate) =>
      certificate.fingerprint256 === expected ? undefined : new PinMismatch(certificate.fingerprint256),
  };
}

/** A peer whose chain ends in the pinned certificate without being it. */
class PinMismatch extends Error {
  constructor(readonly actual: string) {
    super('the certificate is not the pinned one');
  }
}

/** A certificate that a server presents: thumbprints as Node writes them, `AA:BB:…`. */
export interface PresentedCertificate {
  sha256: string;
  /** What vim25 calls `sslThumbprint`. */
  sha1: string;
  /** Verified by the trust; otherwise it was only looked at, and nothing was sent. */
  trusted: boolean;
}

/**
 * The certificate that a server presents, and whether it is trusted. Sends nothing either way.
 * @throws NotSent when there is no TLS server
 */
export async function presentedCertificate(target: TlsTarget, trust: TlsTrust): Promise<PresentedCertificate> {
  const operation = 'look at the certificate';
  const sockets: tls.TLSSocket[] = [];
  try {
    const socket = await connectVerified(operation, target, trust, (opened) => sockets.push(opened));
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new NotSent(operation, 'tls-handshake', 'no certificate was presented');
    return { sha256: certificate.fingerprint256, sha1: certificate.fingerprint, trusted: true };
  } catch (error) {
    if (!(error instanceof NotSent) || !error.reason.startsWith('tls-')) throw error;
    const { sha256, sha1 } = await probe(operation, target, (opened) => sockets.push(opened));
    return { sha256, sha1, trusted: false };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Looks at the certificate that a server presents, sends nothing and hangs up. */
async function probe(
  operation: string,
  target: TlsTarget,
  onSocket: (socket: tls.TLSSocket) => void,
): Promise<{ pem: string; sha256: string; sha1: string }> {
  // The one place where a certificate may be looked at before it is trusted: to compare it with the pinned thumbprint
  // one must first have it. Nothing is written to this connection, and it is closed before anybody decides.
  const socket = await handshake(operation, target, { ...baseOptions(target), rejectUnauthorized: false }, onSocket);
  const certificate = socket.getPeerX509Certificate();
  socket.destroySoon();
  if (certificate === undefined) {
    throw new NotSent(operation, 'tls-handshake', `${target.host}:${target.port} presented no certificate`);
  }
  return { pem: certificate.toString(), sha256: certificate.fingerprint256, sha1: certificate.fingerprint };
}

function handshake(
  operation: string,
  target: TlsTarget,
  options: tls.ConnectionOptions,
  onSocket: (socket: tls.TLSSocket) => void,
): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(options);
    onSocket(socket);
    const fail = (error: Error): void => {
      done();
      socket.destroy();
      reject(
        error instanceof PinMismatch && typeof options.ca === 'string'
          ? wrongThumbprint(operation, target, 'the pinned certificate', error.actual)
          : describeConnectError(operation, target, error),
      );
    };
    const onClose = (): void => fail(new Error('the connection was closed during the handshake'));
    const onTimeout = (): void => fail(new Error(`no handshake within ${CONNECT_TIMEOUT_MS / 1000} s`));
    const timer = setTimeout(onTimeout, CONNECT_TIMEOUT_MS);
    const done = (): void => {
      clearTimeout(timer);
      socket.off('error', fail).off('close', onClose);
      // A late error of a socket that is given up must not end the process.
      socket.on('error', () => undefined);
    };
    socket.once('error', fail).once('close', onClose);
    socket.once('secureConnect', () => {
      done();
      resolve(socket);
    });
  });
}
