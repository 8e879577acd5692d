import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import type { HttpHandler, HttpReply, HttpRequest } from './http';

/** Largest request body that an endpoint reads: base images are a few hundred kilobytes. */
const MAX_BODY = 16 * 1024 * 1024;

const KEEP_ALIVE_MS = 20 * 60_000;

export interface EndpointOptions {
  handler: HttpHandler;
  /** Absent: plain HTTP (control). */
  tls?: { cert: string; key: string };
  /** The machine does not answer: connections are cut before the handshake. */
  isDown?: () => boolean;
  host: string;
  /** 0: any free port. */
  port: number;
}

/** A listening endpoint. */
export interface Endpoint {
  url: string;
  /** Cuts every connection, as a machine does that goes down. */
  cut(): void;
  /** Presents another certificate from now on; connections that are open are cut. */
  present(tls: { cert: string; key: string }): void;
  close(): Promise<void>;
}

/** Starts one endpoint and resolves when it listens. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(options, request, response);
  };
  const tlsServer: TlsServer | null = options.tls ? createTlsServer(options.tls, serve) : null;
  const server = tlsServer ?? createPlainServer(serve);
  // As long as a real vCenter's: pyvmomi keeps idle connections for a quarter of an hour and does not retry.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('connection', (socket: Socket) => {
    if (options.isDown?.()) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${options.tls ? 'https' : 'http'}://${options.host}:${port}`,
    cut,
    present: (tls) => {
      tlsServer?.setSecureContext(tls);
      cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

async function answer(options: EndpointOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  if (body === null) {
    response.writeHead(413).end();
    incoming.socket.destroy();
    return;
  }
  const [path, query] = splitOnce(incoming.url ?? '/', '?');
  const request: HttpRequest = {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body,
  };
  const reply = await options.handler(request);
  if (options.isDown?.() || response.destroyed) {
    incoming.socket.destroy();
    return;
  }
  deliver(reply, incoming, response);
}

/** Sends a reply, or what a fault left of it. */
function deliver(reply: HttpReply, incoming: IncomingMessage, response: ServerResponse): void {
  if (reply.deliver === 'never') {
    if (reply.closeAfter !== undefined) setTimeout(() => incoming.socket.destroy(), reply.closeAfter).unref();
    return;
  }
  if (reply.deliver === 'lost') {
    incoming.socket.destroy();
    return;
  }
  const bytes = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(reply.body, 'utf8');
  const hasBody = bytes.length > 0 || reply.status !== 204;
  response.writeHead(reply.status, { ...reply.headers, ...(hasBody ? { 'content-length': bytes.length } : {}) });
  if (reply.deliver === 'half') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => incoming.socket.destroy());
    return;
  }
  response.end(incoming.method === 'HEAD' ? undefined : bytes);
}

/** The whole body; null: too large, or the client went away. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
