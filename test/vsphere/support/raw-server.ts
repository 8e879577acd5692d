import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { makeCertificate, type TestCertificate } from './certificates';

/** One request as its bytes say; the head is kept as text, so that tests can look at every header. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

/** What a test does with a request: write bytes, or not, and end, reset or keep the connection. */
export type Answer = (socket: tls.TLSSocket, request: RawRequest, index: number) => void;

/** A server that answers with hand-written bytes on a real TLS socket. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly certificate: TestCertificate;
  /** Every request that arrived whole, in order. */
  readonly requests: RawRequest[];
  /** Every application byte that arrived, on all connections. */
  readonly received: () => string;
  /** TCP connections so far, those without a finished handshake too. */
  readonly connections: () => number;
}

/** Starts a server whose answers are written by the test. */
export async function startRawServer(answer: Answer, certificate = makeCertificate()): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<tls.TLSSocket>();
  let received = '';
  let connections = 0;
  let secured = 0;
  const server = tls.createServer({ key: certificate.key, cert: certificate.cert }, (socket) => {
    const connection = ++secured;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    let pending = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      pending += chunk.toString('latin1');
      for (let request = take(); request !== undefined; request = take()) {
        requests.push(request);
        answer(socket, request, requests.length - 1);
      }
    });
    const take = (): RawRequest | undefined => {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const [first = '', ...lines] = pending.slice(0, end).split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const length = Number(headers['content-length'] ?? 0);
      if (pending.length < end + 4 + length) return undefined;
      const body = pending.slice(end + 4, end + 4 + length);
      pending = pending.slice(end + 4 + length);
      const [method = '', path = ''] = first.split(' ');
      return { method, path, headers, body, connection };
    };
  });
  server.on('connection', () => connections++);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    port,
    certificate,
    requests,
    received: () => received,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An answer with a JSON body and its length. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const extra = Object.entries({ 'content-type': 'application/json', ...headers }).map(([k, v]) => `${k}: ${v}\r\n`);
  return `HTTP/1.1 ${status} X\r\n${extra.join('')}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
