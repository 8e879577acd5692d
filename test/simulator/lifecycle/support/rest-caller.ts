import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** A reply as it came. */
export interface Reply {
  status: number;
  body: unknown;
}

/** What a CIS task ended with. */
export interface Ended {
  status: string;
  result?: unknown;
  error?: { error_type: string; data?: unknown };
}

/** Asks one vCenter over TLS, with nothing of the product in between. */
export class RestCaller {
  #token = '';

  constructor(
    readonly url: string,
    private readonly ca: string,
    private readonly login: { username: string; password: string },
  ) {}

  /** Opens a session; a second call opens another one. */
  async open(): Promise<void> {
    const { username, password } = this.login;
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    const reply = await this.#send('POST', '/api/session', { authorization: `Basic ${basic}` });
    if (reply.status !== 201) throw new Error(`login: ${reply.status}`);
    this.#token = reply.body as string;
  }

  /** One call below /api. */
  call(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.#send(method, `/api${path}`, { 'vmware-api-session-id': this.#token }, body);
  }

  /** A reading that must succeed. */
  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    const reply = await this.call('GET', path);
    if (reply.status !== 200) throw new Error(`GET ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body as T;
  }

  /** A call that must be refused: its error type, with the status. */
  async refused(method: string, path: string, body?: unknown): Promise<string> {
    const reply = await this.call(method, path, body);
    if (reply.status < 400) throw new Error(`${method} ${path} was not refused: ${reply.status}`);
    return `${reply.status} ${(reply.body as { error_type: string }).error_type}`;
  }

  /** Starts a task and gives its id. */
  async start(method: string, path: string, body?: unknown): Promise<string> {
    const reply = await this.call(method, path, body);
    if (reply.status !== 202) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body as string;
  }

  /** Waits for the end of a task. */
  async ended(id: string): Promise<Ended> {
    for (;;) {
      const info = await this.get<Ended>(`/cis/tasks/${encodeURIComponent(id)}`);
      if (info.status === 'SUCCEEDED' || info.status === 'FAILED') return info;
      await sleep(10);
    }
  }

  /** Starts a task and waits for it. */
  async task(method: string, path: string, body?: unknown): Promise<Ended> {
    return this.ended(await this.start(method, path, body));
  }

  /** Starts a task that must succeed and gives its result. */
  async result<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const info = await this.task(method, path, body);
    if (info.status !== 'SUCCEEDED') throw new Error(`${method} ${path}: ${JSON.stringify(info.error)}`);
    return info.result as T;
  }

  #send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Reply> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const options = {
        method,
        ca: this.ca,
        agent: false as const,
        headers: {
          ...headers,
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      };
      const outgoing = request(new URL(path, this.url), options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, body: text === '' ? null : (JSON.parse(text) as unknown) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }
}
