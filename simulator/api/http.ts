import type { IncomingHttpHeaders } from 'node:http';

/** A request as the endpoints see it: whole, without a socket. */
export interface HttpRequest {
  method: string;
  /** Path without the query, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A reply, and how it reaches the client: faults act here. */
export interface HttpReply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** `lost`: the socket is closed without a byte. `half`: half of the body, then closed. `never`: silence. */
  deliver?: 'lost' | 'half' | 'never';
  /** `never`: close the socket after that many milliseconds. */
  closeAfter?: number;
}

/**
 * One endpoint: request in, reply out. `vCenter` endpoints are built by `restHandler` (/api, /) and by
 * `soapHandler(world, vCenterId)` of `api/soap/endpoint.ts` (/sdk); hosts by `esxiHandler(world, hostName)` of
 * `api/esxi/endpoint.ts`.
 */
export type HttpHandler = (request: HttpRequest) => Promise<HttpReply>;

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  if (body === undefined) return { status, headers, body: '' };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** User and password of an `Authorization: Basic` header, or null. */
export function basicCredentials(headers: IncomingHttpHeaders): { user: string; password: string } | null {
  const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '');
  if (!match?.[1]) return null;
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
