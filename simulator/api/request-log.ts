import { iso, type Clock } from '../world/clock';
import type { HttpRequest } from './http';

/** One request that an endpoint answered. */
export interface LoggedRequest {
  time: string;
  /** Id of the vCenter, or name of the ESXi host. */
  endpoint: string;
  method: string;
  path: string;
  /** REST operation id or SOAP method; null: no such operation. */
  operation: string | null;
  status: number;
  /** REST error type or vim25 fault name. */
  error: string | null;
  user: string | null;
  /** What the client calls itself. */
  userAgent: string | null;
  /** Kind of the injected fault that struck the request. */
  fault: string | null;
  /** Reading a task: which, and how it stands. */
  task?: LoggedTask;
  milliseconds: number;
}

/** A task as a client read it: operation key (`….base_images.list$task`), CIS status, error type when FAILED. */
export interface LoggedTask {
  operation: string;
  status: string;
  error: string | null;
}

/** What an endpoint tells the log. */
type AnsweredRequest = Pick<LoggedRequest, 'endpoint' | 'operation' | 'status' | 'error' | 'user' | 'task'> & {
  startedAt: number;
  request: HttpRequest;
  fault?: string | null;
};

/** What the endpoints of a simulator were asked: for GET /requests, fidelity tables and tests. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];

  /** @param limit oldest entries are dropped beyond it */
  constructor(
    private readonly clock: Clock,
    private readonly limit = 100_000,
  ) {}

  /** Logs one answered request. */
  add(entry: AnsweredRequest): void {
    const { startedAt, request, fault, ...rest } = entry;
    const { method, path, headers } = request;
    this.#requests.push({
      time: iso(startedAt),
      method,
      path,
      userAgent: headers['user-agent'] ?? null,
      fault: fault ?? null,
      ...rest,
      milliseconds: this.clock.now() - startedAt,
    });
    if (this.#requests.length > this.limit) this.#requests.splice(0, this.limit / 10);
  }

  all(): readonly LoggedRequest[] {
    return this.#requests;
  }
}
