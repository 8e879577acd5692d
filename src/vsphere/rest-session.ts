import { type ApiFault, LoginRefused, NotSent } from './errors';
import { Misread, type Decoder } from './decode';
import { readAnswer, readFault } from './rest-answer';
import type { CallOptions, HttpRequest, HttpResponse, Transport } from './transport';

/** Resolves user name and password when they are needed. They are used for one login and not kept. */
export type CredentialsSource = () => Promise<{ readonly username: string; readonly password: string }>;

/** A token as it may stand in a header; anything else would be refused by Node with an error of its own. */
const sessionToken: Decoder<string> = (value, at) => {
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw new Misread(at, 'is not a session token');
  return value;
};

/** A login is shared by many calls, so it has a deadline of its own. */
const LOGIN_DEADLINE_MS = 30_000;
const DEFAULT_DEADLINE_MS = 60_000;
const LOGIN = 'POST /api/session';

/**
 * One session on a vCenter's REST API, renewed whenever the server has forgotten it: idle limit, absolute limit,
 * restart. Operations in progress outlive the session that began them, so a task may be polled under the next one.
 */
export class RestSession {
  #token: string | undefined;
  #login: Promise<string> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly credentials: CredentialsSource,
  ) {}

  /**
   * Sends a request with the session's token, logging in first if need be, and gives the answer if it is a success.
   *
   * A 401 is answered with one login and one repetition, for every method: a request that was refused for its session
   * was not carried out. A second 401 is thrown.
   * @throws LoginRefused for wrong credentials; otherwise as `Transport.send`, and `ApiFault` for status 400 and up
   */
  async request(request: HttpRequest & { operation: string }, options: CallOptions = {}): Promise<HttpResponse> {
    const until = performance.now() + (options.deadlineMs ?? DEFAULT_DEADLINE_MS);
    const first = await this.#send(
      request,
      await this.#tokenFor(request.operation, until, options.signal),
      until,
      options,
    );
    if (first.response.status !== 401) return this.#success(request.operation, first.response);
    if (this.#token === first.token) this.#token = undefined;
    const renewed = await this.#tokenFor(request.operation, until, options.signal);
    const second = await this.#send(request, renewed, until, options);
    if (second.response.status === 401 && this.#token === second.token) this.#token = undefined;
    return this.#success(request.operation, second.response);
  }

  /** `DELETE /api/session`. Ends the session at the server if there is one; the next request would log in again. */
  async logout(options: CallOptions = {}): Promise<void> {
    const token = this.#token;
    if (token === undefined) return;
    this.#token = undefined;
    const request: HttpRequest = {
      method: 'DELETE',
      path: '/api/session',
      headers: { 'vmware-api-session-id': token },
    };
    const response = await this.transport.send(request, options);
    // 401: it had ended already.
    if (response.status >= 400 && response.status !== 401) throw readFault('DELETE /api/session', response);
  }

  #success(operation: string, response: HttpResponse): HttpResponse {
    if (response.status >= 200 && response.status < 300) return response;
    throw readFault(operation, response);
  }

  async #send(request: HttpRequest, token: string, until: number, options: CallOptions) {
    const headers = { accept: 'application/json', ...request.headers, 'vmware-api-session-id': token };
    const deadlineMs = Math.max(1, until - performance.now());
    return { token, response: await this.transport.send({ ...request, headers }, { ...options, deadlineMs }) };
  }

  /** The token, after a login if there is none. Many callers share one login, each with its own patience. */
  async #tokenFor(operation: string, until: number, signal: AbortSignal | undefined): Promise<string> {
    if (this.#token !== undefined) return this.#token;
    this.#login ??= this.#logIn().finally(() => (this.#login = undefined));
    const login = this.#login;
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const giveUp = (reason: 'deadline' | 'cancelled', cause?: unknown): void => {
        done();
        reject(new NotSent(operation, reason, `${this.transport.origin}: still logging in`, { cause }));
      };
      const onAbort = (): void => giveUp('cancelled', signal?.reason);
      const timer = setTimeout(() => giveUp('deadline'), Math.max(1, until - performance.now()));
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
      login.then(resolve, reject).finally(done);
    });
  }

  async #logIn(): Promise<string> {
    const { username, password } = await this.credentials();
    const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    const response = await this.transport.send(
      { method: 'POST', path: '/api/session', headers: { authorization, accept: 'application/json' } },
      { deadlineMs: LOGIN_DEADLINE_MS },
    );
    if (response.status < 200 || response.status >= 300) throw loginFault(readFault(LOGIN, response));
    const token = readAnswer(LOGIN, response, sessionToken);
    this.#token = token;
    return token;
  }
}

function loginFault(fault: ApiFault): ApiFault {
  return fault.status === 401 ? new LoginRefused(LOGIN, fault) : fault;
}
