import { iso, type Clock } from '../world/clock';

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
  milliseconds: number;
}

/** What the endpoints of a simulator were asked: for GET /requests, fidelity tables and tests. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];

  /** @param limit oldest entries are dropped beyond it */
  constructor(
    private readonly clock: Clock,
    private readonly limit = 100_000,
  ) {}

  /** Logs one answered request. */
  add(entry: Omit<LoggedRequest, 'time' | 'milliseconds'> & { startedAt: number }): void {
    const { startedAt, ...rest } = entry;
    this.#requests.push({ time: iso(startedAt), ...rest, milliseconds: this.clock.now() - startedAt });
    if (this.#requests.length > this.limit) this.#requests.splice(0, this.limit / 10);
  }

  all(): readonly LoggedRequest[] {
    return this.#requests;
  }
}
