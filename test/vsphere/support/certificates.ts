import * as forge from 'node-forge';

/** A certificate with its key, PEM, and its SHA-256 thumbprint as Node writes it. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly sha256: string;
  readonly keys: forge.pki.rsa.KeyPair;
  readonly subject: forge.pki.CertificateField[];
}

/** What a test certificate is made of; everything has a default that verifies for `localhost` and 127.0.0.1. */
export interface CertificateSpec {
  readonly name?: string;
  readonly issuer?: TestCertificate;
  readonly ca?: boolean;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly notAfter?: Date;
}

let serial = 1;
/** One key pair for all: making an RSA key takes longer than all the rest of a test. */
let sharedKeys: forge.pki.rsa.KeyPair | undefined;

/** Makes a certificate, self-signed unless an issuer is given. */
export function makeCertificate(spec: CertificateSpec = {}): TestCertificate {
  sharedKeys ??= forge.pki.rsa.generateKeyPair({ bits: 2048 });
  const keys = spec.ca === true ? forge.pki.rsa.generateKeyPair({ bits: 2048 }) : sharedKeys;
  const certificate = forge.pki.createCertificate();
  const subject = [{ name: 'commonName', value: spec.name ?? 'test server' }];
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = `01${(serial++).toString(16).padStart(8, '0')}`;
  certificate.validity.notBefore = new Date(Date.now() - 2 * 86_400_000);
  certificate.validity.notAfter = spec.notAfter ?? new Date(Date.now() + 86_400_000);
  certificate.setSubject(subject);
  certificate.setIssuer(spec.issuer?.subject ?? subject);
  const names = [
    ...(spec.dns ?? ['localhost']).map((value) => ({ type: 2, value })),
    ...(spec.ip ?? ['127.0.0.1']).map((ip) => ({ type: 7, ip })),
  ];
  certificate.setExtensions(
    spec.ca === true
      ? [
          { name: 'basicConstraints', cA: true, critical: true },
          { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true },
        ]
      : [{ name: 'subjectAltName', altNames: names }],
  );
  certificate.sign(spec.issuer?.keys.privateKey ?? keys.privateKey, forge.md.sha256.create());
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
  const hex = forge.md.sha256.create().update(der).digest().toHex().toUpperCase();
  return {
    cert: forge.pki.certificateToPem(certificate),
    key: forge.pki.privateKeyToPem(keys.privateKey),
    sha256: (hex.match(/../g) ?? []).join(':'),
    keys,
    subject,
  };
}
