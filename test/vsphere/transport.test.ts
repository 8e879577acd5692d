import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiFault, NotSent, OutcomeUnknown } from '../../src/vsphere/errors';
import { createTransport, type HttpRequest, type Transport } from '../../src/vsphere/transport';
import { json, startRawServer, type RawServer } from './support/raw-server';

const open: Transport[] = [];
afterEach(() => {
  for (const transport of open.splice(0)) transport.close();
});

function to(server: RawServer): Transport {
  const transport = createTransport({ url: server.url, trust: { kind: 'ca', pem: server.certificate.cert } });
  open.push(transport);
  return transport;
}

const GET: HttpRequest = { method: 'GET', path: '/api/thing?secret=1' };
const POST: HttpRequest = {
  method: 'POST',
  path: '/api/thing',
  body: '{"a":1}',
  headers: { authorization: 'Basic c2VjcmV0' },
};

describe('an answer', () => {
  it('comes with status, lower-case headers and body', async () => {
    await using server = await startRawServer((socket) => socket.write(json(418, { tea: true }, { 'X-Op': 'a1' })));
    const answer = await to(server).send(GET);
    expect(answer.status).toBe(418);
    expect(answer.headers['x-op']).toBe('a1');
    expect(answer.body.toString()).toBe('{"tea":true}');
    expect(answer.delimited).toBe(true);
  });

  it('without any framing says that it is not delimited', async () => {
    await using server = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"a":'));
    expect(await to(server).send(GET)).toMatchObject({ status: 200, delimited: false });
  });

  it('that redirects is refused, and the other server never hears of it', async () => {
    await using other = await startRawServer((socket) => socket.write(json(200, {})));
    await using server = await startRawServer((socket) =>
      socket.write(`HTTP/1.1 302 Found\r\nlocation: ${other.url}/\r\ncontent-length: 0\r\n\r\n`),
    );
    const error = await to(server)
      .send(POST)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiFault);
    expect(error).toMatchObject({ status: 302, errorType: undefined });
    expect(other.connections()).toBe(0);
  });

  it('larger than the limit is given up', async () => {
    await using server = await startRawServer((socket) => socket.write(json(200, 'x'.repeat(5000))));
    const error = await to(server)
      .send({ ...GET, maxResponseBytes: 1000 })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'answer-too-large' });
  });
});

describe('a request whose answer does not arrive', () => {
  const ends: [string, string, (socket: TLSSocket) => unknown][] = [
    ['connection-lost', 'a reset before the answer', (socket) => socket.destroy()],
    ['connection-lost', 'an end before the answer', (socket) => socket.end()],
    ['body-cut-short', 'half a body', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":')],
    [
      'body-cut-short',
      'half a chunked body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"hal\r\n'),
    ],
    ['answer-broken', 'bytes that are no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n')],
    [
      'answer-broken',
      'a broken chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    ],
  ];
  it.each(ends)('is %s after %s', async (reason, _what, end) => {
    await using server = await startRawServer((socket) => end(socket));
    const error = await to(server)
      .send(POST)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(error).toMatchObject({ reason, operation: 'POST /api/thing' });
    expect(server.requests).toHaveLength(1);
  });

  it('is outcome-unknown when the deadline passes after it was written', async () => {
    await using server = await startRawServer(() => undefined);
    const error = await to(server)
      .send(POST, { deadlineMs: 1000 })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'deadline' });
    expect(server.requests).toHaveLength(1);
  });

  it('is outcome-unknown when the deadline passes in the middle of the body', async () => {
    await using server = await startRawServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    );
    const error = await to(server)
      .send(GET, { deadlineMs: 1000 })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'deadline' });
  });

  it('is outcome-unknown when the caller cancels after it was written', async () => {
    const controller = new AbortController();
    await using server = await startRawServer(() => controller.abort(new Error('stop')));
    const error = await to(server)
      .send(POST, { signal: controller.signal })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'cancelled', cause: { message: 'stop' } });
  });
});

describe('a request that never gets through', () => {
  it('is not sent when the port refuses', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const transport = createTransport({ url: `https://127.0.0.1:${port}`, trust: { kind: 'system' } });
    const error = await transport.send(POST).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotSent);
    expect(error).toMatchObject({ reason: 'refused', operation: 'POST /api/thing' });
  });

  it('is not sent when the name does not resolve', async () => {
    const transport = createTransport({ url: 'https://no-such-host.invalid', trust: { kind: 'system' } });
    expect(await transport.send(GET).catch((e: unknown) => e)).toMatchObject({ name: 'NotSent', reason: 'dns' });
  });

  it('is not sent when the deadline passes during the handshake', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const transport = createTransport({ url: `https://127.0.0.1:${port}`, trust: { kind: 'system' } });
    const error = await transport.send(POST, { deadlineMs: 100 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'NotSent', reason: 'deadline' });
    transport.close();
    silent.close();
    await once(silent, 'close');
  });

  it('is not sent when the transport is closed during the handshake', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const transport = createTransport({ url: `https://127.0.0.1:${port}`, trust: { kind: 'system' } });
    silent.once('connection', () => transport.close());
    const error = await transport.send(POST, { deadlineMs: 5000 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'NotSent', reason: 'connection-lost' });
    silent.close();
    await once(silent, 'close');
  });

  it('is not sent when it was cancelled before it began', async () => {
    await using server = await startRawServer((socket) => socket.write(json(200, {})));
    const error = await to(server)
      .send(POST, { signal: AbortSignal.abort() })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'NotSent', reason: 'cancelled' });
    expect(server.connections()).toBe(0);
  });
});

describe('connections', () => {
  it('are kept for repeatable requests and fresh for the others', async () => {
    await using server = await startRawServer((socket) => socket.write(json(200, {})));
    const transport = to(server);
    for (const request of [GET, GET, POST, POST, { ...POST, repeatable: true }]) await transport.send(request);
    expect(server.requests.map((request) => request.connection)).toEqual([1, 1, 2, 3, 1]);
  });

  it('that idle too long are closed by us, before the server closes them', async () => {
    let closed: (() => void) | undefined;
    const closing = new Promise<void>((resolve) => (closed = resolve));
    await using server = await startRawServer((socket) => {
      socket.once('close', () => closed?.());
      socket.write(json(200, {}));
    });
    await to(server).send(GET);
    const begin = Date.now();
    await closing;
    expect(Date.now() - begin).toBeLessThan(6000);
  });
});

describe('messages of errors', () => {
  it('hold no header, no body and no query', async () => {
    await using server = await startRawServer((socket) => socket.destroy());
    for (const request of [GET, POST]) {
      const error = (await to(server)
        .send(request)
        .catch((e: unknown) => e)) as Error;
      expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/secret|c2VjcmV0|"a"/);
    }
  });

  it('refuse an address that is not https or holds credentials', () => {
    expect(() => createTransport({ url: 'http://vc.example.com', trust: { kind: 'system' } })).toThrow(/https/);
    expect(() => createTransport({ url: 'https://a:b@vc.example.com', trust: { kind: 'system' } })).toThrow(
      /credentials/,
    );
  });
});
