import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { asn1, util } from 'node-forge';

const { Class, Type, create, oidToDer, toDer, fromDer } = asn1;

/** Elliptic curve keys: a world of a hundred machines has its own key for each of them at once. */
export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export interface Certificate {
  pem: string;
  /** PEM of its private key. */
  key: string;
}

/** What a certificate is to say. */
export interface CertificateSpec {
  commonName: string;
  organization?: string;
  /** DNS names and IPv4 addresses. */
  altNames?: readonly string[];
  ca?: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

const DAY_MS = 86_400_000;
const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  subjectKeyId: '2.5.29.14',
  authorityKeyId: '2.5.29.35',
} as const;

export function newKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function privatePem(pair: KeyPair): string {
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function publicPem(pair: KeyPair): string {
  return pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** A certificate authority: signs what it is asked to. */
export class CertificateAuthority {
  readonly certificate: Certificate;
  readonly #key: KeyPair;
  readonly #name: string;
  readonly #organization: string | undefined;

  constructor(spec: CertificateSpec) {
    this.#key = newKeyPair();
    this.#name = spec.commonName;
    this.#organization = spec.organization;
    this.certificate = { pem: this.#sign({ ...spec, ca: true }, this.#key.publicKey), key: privatePem(this.#key) };
  }

  /** A certificate for a fresh key. */
  issue(spec: CertificateSpec): Certificate {
    const pair = newKeyPair();
    return { pem: this.#sign(spec, pair.publicKey), key: privatePem(pair) };
  }

  /** A certificate for a key whose private half is elsewhere. */
  issueFor(spec: CertificateSpec, publicKey: KeyObject): string {
    return this.#sign(spec, publicKey);
  }

  #sign(spec: CertificateSpec, publicKey: KeyObject): string {
    return signCertificate(spec, publicKey, { name: this.#name, organization: this.#organization, key: this.#key });
  }
}

/** A self-signed certificate and its key. */
export function selfSigned(spec: CertificateSpec): Certificate {
  const key = newKeyPair();
  const issuer = { name: spec.commonName, organization: spec.organization, key };
  return { pem: signCertificate(spec, key.publicKey, issuer), key: privatePem(key) };
}

/** A certificate signing request (PKCS #10), PEM. */
export function signingRequest(commonName: string, pair: KeyPair): string {
  const info = sequence(integer(0), nameOf(commonName), publicKeyInfo(pair.publicKey), context(0, []));
  const signature = sign('sha256', der(info), pair.privateKey);
  return pem('CERTIFICATE REQUEST', sequence(info, algorithm(), bitString(signature)));
}

/** SHA-1 thumbprint as vCenter shows it: pairs of hex digits with colons. */
export function thumbprint(certificatePem: string): string {
  return new X509Certificate(certificatePem).fingerprint;
}

/** Whether a text holds a certificate in PEM that can be read. */
export function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}

/** Whether a text holds a public key in PEM that can be read. */
export function isPublicKey(text: string): boolean {
  try {
    return text.trim().startsWith('-----BEGIN PUBLIC KEY-----') && createPublicKey(text).type === 'public';
  } catch {
    return false;
  }
}

/** Whether a certificate holds the public half of a private key. */
export function keyMatches(certificatePem: string, privateKeyPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch {
    return false;
  }
}

/** Whether a certificate was signed by the key of another. */
export function isSignedBy(certificatePem: string, issuerPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).verify(new X509Certificate(issuerPem).publicKey);
  } catch {
    return false;
  }
}

/** Public key of a certificate, PEM. */
export function publicKeyOf(certificatePem: string): string {
  return new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

interface Issuer {
  name: string;
  organization: string | undefined;
  key: KeyPair;
}

function signCertificate(spec: CertificateSpec, publicKey: KeyObject, issuer: Issuer): string {
  const serial = randomBytes(16);
  serial[0] = (serial[0] ?? 0) & 0x7f || 1;
  const body = sequence(
    context(0, [integer(2)]),
    create(Class.UNIVERSAL, Type.INTEGER, false, binary(serial)),
    algorithm(),
    nameOf(issuer.name, issuer.organization),
    sequence(time(spec.now - DAY_MS), time(spec.now + 3650 * DAY_MS)),
    nameOf(spec.commonName, spec.organization),
    publicKeyInfo(publicKey),
    context(3, [extensionsOf(spec, publicKey, issuer.key.publicKey)]),
  );
  const signature = sign('sha256', der(body), issuer.key.privateKey);
  return pem('CERTIFICATE', sequence(body, algorithm(), bitString(signature)));
}

function extensionsOf(spec: CertificateSpec, subject: KeyObject, issuer: KeyObject): asn1.Asn1 {
  const usage = spec.ca ? [0x01, 0x06] : [0x07, 0x80];
  const all = [
    extension(OID.basicConstraints, sequence(...(spec.ca ? [boolean(true)] : [])), true),
    extension(OID.keyUsage, bitString(Buffer.from([usage[1] ?? 0]), usage[0]), true),
    extension(OID.subjectKeyId, octets(keyId(subject))),
    extension(OID.authorityKeyId, sequence(create(Class.CONTEXT_SPECIFIC, 0, false, binary(keyId(issuer))))),
  ];
  if (spec.altNames?.length) {
    const names = spec.altNames.map((name) =>
      /^\d+\.\d+\.\d+\.\d+$/.test(name)
        ? create(Class.CONTEXT_SPECIFIC, 7, false, binary(Buffer.from(name.split('.').map(Number))))
        : create(Class.CONTEXT_SPECIFIC, 2, false, name),
    );
    all.push(extension(OID.subjectAltName, sequence(...names)));
  }
  return sequence(...all);
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function extension(id: string, value: asn1.Asn1, critical = false): asn1.Asn1 {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(der(value)));
}

function nameOf(commonName: string, organization?: string): asn1.Asn1 {
  const part = (id: string, text: string) =>
    create(Class.UNIVERSAL, Type.SET, true, [
      sequence(oid(id), create(Class.UNIVERSAL, Type.UTF8, false, util.encodeUtf8(text))),
    ]);
  return sequence(...(organization ? [part(OID.organization, organization)] : []), part(OID.commonName, commonName));
}

const sequence = (...items: asn1.Asn1[]) => create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
const context = (tag: number, items: asn1.Asn1[]) => create(Class.CONTEXT_SPECIFIC, tag, true, items);
const integer = (value: number) => create(Class.UNIVERSAL, Type.INTEGER, false, String.fromCharCode(value));
const boolean = (value: boolean) => create(Class.UNIVERSAL, Type.BOOLEAN, false, value ? '\xff' : '\x00');
const oid = (id: string) => create(Class.UNIVERSAL, Type.OID, false, oidToDer(id).getBytes());
const octets = (bytes: Buffer) => create(Class.UNIVERSAL, Type.OCTETSTRING, false, binary(bytes));
const algorithm = () => sequence(oid(OID.ecdsaWithSha256));
const publicKeyInfo = (key: KeyObject) => fromDer(binary(key.export({ type: 'spki', format: 'der' })));
const binary = (bytes: Buffer) => bytes.toString('binary');
const der = (tree: asn1.Asn1) => Buffer.from(toDer(tree).getBytes(), 'binary');

function bitString(bytes: Buffer, unused = 0): asn1.Asn1 {
  return create(Class.UNIVERSAL, Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));
}

function time(ms: number): asn1.Asn1 {
  const date = new Date(ms);
  return date.getUTCFullYear() < 2050
    ? create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(date))
    : create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date));
}

function pem(label: string, tree: asn1.Asn1): string {
  const body = der(tree)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
