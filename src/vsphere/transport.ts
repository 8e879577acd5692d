import * as https from 'node:https';
import { NotSent } from './errors';
import { exchange } from './exchange';
import type { TlsTrust } from './tls';
import { VerifyingAgent } from './verifying-agent';

/** What every method of every client takes last. */
export interface CallOptions {
  /** Aborting gives `NotSent` (nothing was written yet) or `OutcomeUnknown`, both with reason `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, from connecting to the last byte of the answer. Default 60 s. */
  readonly deadlineMs?: number | undefined;
}

/** One HTTP request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, already percent-encoded, from the leading slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Buffer | string | undefined;
  /** What errors call this request. Default: method and path without the query. */
  readonly operation?: string | undefined;
  /**
   * True if sending it twice does no harm (default: only GET). Repeatable requests go over kept-alive connections.
   * All others get a fresh one: a kept-alive connection that the server has just closed would leave it open whether
   * the request arrived, and for those that question is expensive.
   */
  readonly repeatable?: boolean | undefined;
  /** Largest answer accepted, in bytes. Default 64 MB. */
  readonly maxResponseBytes?: number | undefined;
}

/** An answer as it came, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated ones joined with `, ` (`set-cookie` too: nobody here keeps cookies). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /**
   * False if only the end of the connection says where the body ends (no Content-Length, not chunked): a body that
   * does not parse may then have been cut short.
   */
  readonly delimited: boolean;
}

/** HTTPS to one server. */
export interface Transport {
  /** `https://host:port`, for messages. */
  readonly origin: string;
  /**
   * Sends one request and reads the whole answer. Never sleeps, never retries, never follows a redirect.
   * @throws NotSent if no byte of the request was written
   * @throws OutcomeUnknown if it may have arrived but there is no complete answer
   * @throws ApiFault for a redirect: following it would carry credentials to a server that nobody named
   */
  send(request: HttpRequest, options?: CallOptions): Promise<HttpResponse>;
  /** Closes all connections, those in use too. */
  close(): void;
}

/** Where a transport goes and how it trusts. */
export interface Endpoint {
  /** `https://host[:port]`; a path is ignored. */
  readonly url: string;
  readonly trust: TlsTrust;
}

const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/**
 * A transport to one endpoint, with its own connections.
 * @throws TypeError if the URL is none or not https: a mistake of the caller, nothing a server did
 */
export function createTransport(endpoint: Endpoint): Transport {
  const url = new URL(endpoint.url);
  if (url.protocol !== 'https:') throw new TypeError(`only https addresses are allowed, not ${url.protocol}`);
  // The URL is for the address only: credentials in it would end up in messages.
  if (url.username !== '' || url.password !== '') throw new TypeError('the address must not hold credentials');
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 443 : Number(url.port) };
  const kept = new VerifyingAgent(target, endpoint.trust, { keepAlive: true });
  const fresh = new VerifyingAgent(target, endpoint.trust, { keepAlive: false });
  return {
    origin: url.origin,
    send: async (request, options = {}) => {
      const operation = request.operation ?? `${request.method} ${request.path.replace(/\?.*$/s, '')}`;
      const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
      if (options.signal?.aborted === true) {
        throw new NotSent(operation, 'cancelled', 'cancelled before it began', { cause: options.signal.reason });
      }
      const repeatable = request.repeatable ?? request.method === 'GET';
      const headers: Record<string, string> = { ...request.headers };
      if (request.body !== undefined) headers['content-length'] = String(Buffer.byteLength(request.body));
      const outgoing = https.request({
        ...target,
        method: request.method,
        path: request.path,
        headers,
        agent: repeatable ? kept : fresh,
      });
      return exchange(outgoing, {
        operation,
        origin: url.origin,
        body: request.body,
        deadlineMs,
        signal: options.signal,
        maxResponseBytes: request.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
      });
    },
    close: () => {
      kept.destroy();
      fresh.destroy();
    },
  };
}
