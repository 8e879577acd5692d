import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { NotSent } from '../../src/vsphere/errors';
import type { TlsTrust } from '../../src/vsphere/tls';
import { createTransport, type Transport } from '../../src/vsphere/transport';
import { makeCertificate } from './support/certificates';
import { json, startRawServer } from './support/raw-server';

const open: Transport[] = [];
afterEach(() => {
  for (const transport of open.splice(0)) transport.close();
});

/** Sends a request that holds a secret; answers with the status or with the error. */
async function login(url: string, trust: TlsTrust): Promise<number | NotSent> {
  const transport = createTransport({ url, trust });
  open.push(transport);
  try {
    const headers = { authorization: 'Basic c2VjcmV0' };
    return (await transport.send({ method: 'POST', path: '/api/session', headers })).status;
  } catch (error) {
    if (error instanceof NotSent) return error;
    throw error;
  }
}

const ca = makeCertificate({ ca: true, name: 'test CA' });
const otherCa = makeCertificate({ ca: true, name: 'other CA' });

describe('a server whose certificate the CA file has signed', () => {
  it('is trusted under its name and under its IP address', async () => {
    await using server = await startRawServer(
      (socket) => socket.write(json(201, 't')),
      makeCertificate({ issuer: ca }),
    );
    expect(await login(server.url, { kind: 'ca', pem: ca.cert })).toBe(201);
    expect(await login(`https://127.0.0.1:${server.port}`, { kind: 'ca', pem: ca.cert })).toBe(201);
  });

  it('is refused under another name', async () => {
    const certificate = makeCertificate({ issuer: ca, dns: ['vc.example.com'], ip: [] });
    await using server = await startRawServer((socket) => socket.write(json(201, 't')), certificate);
    for (const url of [server.url, `https://127.0.0.1:${server.port}`]) {
      const error = await login(url, { kind: 'ca', pem: ca.cert });
      expect(error).toMatchObject({ name: 'NotSent', reason: 'tls-host-name' });
      expect(String(error)).toMatch(/vc\.example\.com.*pin its SHA-256 thumbprint|pin its/s);
    }
    expect(server.received()).toBe('');
  });

  it('is refused once its certificate has expired', async () => {
    const certificate = makeCertificate({ issuer: ca, notAfter: new Date(Date.now() - 60_000) });
    await using server = await startRawServer((socket) => socket.write(json(201, 't')), certificate);
    expect(await login(server.url, { kind: 'ca', pem: ca.cert })).toMatchObject({ reason: 'tls-validity' });
    expect(server.received()).toBe('');
  });
});

describe('a server that nobody vouches for', () => {
  const trusts: [string, TlsTrust][] = [
    ['another CA file', { kind: 'ca', pem: otherCa.cert }],
    ['the CAs of the system', { kind: 'system' }],
  ];
  it.each(trusts)('is refused with %s, and receives not one byte', async (_name, trust) => {
    await using server = await startRawServer(
      (socket) => socket.write(json(201, 't')),
      makeCertificate({ issuer: ca }),
    );
    const error = await login(server.url, trust);
    expect(error).toMatchObject({ name: 'NotSent', reason: 'tls-unknown-ca', operation: 'POST /api/session' });
    expect(String(error)).toMatch(/give the CA file|pin/);
    expect(server.received()).toBe('');
  });
});

describe('a pinned thumbprint', () => {
  it('is enough for a self-signed certificate with other names', async () => {
    const certificate = makeCertificate({ dns: ['old-name.example.com'], ip: [] });
    await using server = await startRawServer((socket) => socket.write(json(201, 't')), certificate);
    expect(await login(server.url, { kind: 'thumbprint', sha256: certificate.sha256 })).toBe(201);
    expect(server.connections(), 'one probe, one request').toBe(2);
    expect(server.requests, 'the probe sends nothing').toHaveLength(1);
    expect(await login(server.url, { kind: 'thumbprint', sha256: certificate.sha256 })).toBe(201);
    expect(server.connections(), 'a known certificate needs no probe').toBe(3);
  });

  it('is enough for a certificate of an unknown CA, however it is written', async () => {
    const certificate = makeCertificate({ issuer: ca });
    await using server = await startRawServer((socket) => socket.write(json(201, 't')), certificate);
    const sha256 = certificate.sha256.replaceAll(':', '').toLowerCase();
    expect(await login(server.url, { kind: 'thumbprint', sha256 })).toBe(201);
  });

  it('that is wrong names the expected and the actual one, and the server receives nothing', async () => {
    await using server = await startRawServer((socket) => socket.write(json(201, 't')));
    const expected = makeCertificate().sha256;
    const error = await login(server.url, { kind: 'thumbprint', sha256: expected });
    expect(error).toMatchObject({ name: 'NotSent', reason: 'tls-wrong-thumbprint' });
    expect(String(error)).toContain(expected);
    expect(String(error)).toContain(server.certificate.sha256);
    expect(server.received()).toBe('');
  });

  it('that once matched notices that the certificate was replaced', async () => {
    const before = makeCertificate();
    await using first = await startRawServer((socket) => socket.write(json(201, 't')), before);
    expect(await login(first.url, { kind: 'thumbprint', sha256: before.sha256 })).toBe(201);
    await using second = await startRawServer((socket) => socket.write(json(201, 't')), makeCertificate());
    const error = await login(second.url, { kind: 'thumbprint', sha256: before.sha256 });
    expect(error).toMatchObject({ reason: 'tls-wrong-thumbprint' });
    expect(String(error)).toContain(second.certificate.sha256);
    expect(second.received()).toBe('');
  });

  it('of a CA does not extend to the certificates that it has signed', async () => {
    const leaf = makeCertificate({ issuer: ca });
    await using caServer = await startRawServer((socket) => socket.write(json(201, 't')), ca);
    expect(await login(caServer.url, { kind: 'thumbprint', sha256: ca.sha256 })).toBe(201);
    await using server = await startRawServer((socket) => socket.write(json(201, 't')), leaf);
    const error = await login(server.url, { kind: 'thumbprint', sha256: ca.sha256 });
    expect(error).toMatchObject({ reason: 'tls-wrong-thumbprint' });
    expect(String(error)).toContain(leaf.sha256);
    expect(server.received()).toBe('');
  });

  it('that is no SHA-256 is refused with the command that prints one', async () => {
    const error = await login('https://localhost:1', { kind: 'thumbprint', sha256: 'AA:BB' });
    expect(String(error)).toMatch(/openssl x509/);
  });
});

it('a port that does not speak TLS is named as such', async () => {
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const { port } = plain.address() as AddressInfo;
  const error = await login(`https://127.0.0.1:${port}`, { kind: 'system' });
  expect(error).toMatchObject({ name: 'NotSent', reason: 'tls-handshake' });
  expect(String(error)).toMatch(/is this an HTTPS port/);
  plain.close();
});
