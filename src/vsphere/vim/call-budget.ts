import { NotSent } from '../errors';
import type { CallOptions } from '../transport';

const DEFAULT_DEADLINE_MS = 60_000;

/** Deadline and cancellation of one method of a client, shared by all the requests that the method needs. */
export class CallBudget {
  readonly #endsAt: number;
  readonly #deadlineMs: number;
  readonly #signal: AbortSignal | undefined;

  constructor(options: CallOptions = {}) {
    this.#deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
    this.#endsAt = performance.now() + this.#deadlineMs;
    this.#signal = options.signal;
  }

  /**
   * The options for the next request: what is left of the time.
   * @throws NotSent if nothing is left, so that the request is not even begun
   */
  left(operation: string): CallOptions {
    const deadlineMs = Math.ceil(this.#endsAt - performance.now());
    if (deadlineMs <= 0) throw this.#tooLate(operation);
    return { deadlineMs, signal: this.#signal };
  }

  /**
   * Waits for something that others wait for too, so that it must not be cancelled: a login, say.
   * @throws NotSent if the time is over or the caller cancels before
   */
  async wait<T>(operation: string, shared: Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal?.aborted === true) throw cancelled(operation, signal);
    const { promise: stopped, reject: stop } = withReject();
    const onAbort = (): void => stop(cancelled(operation, signal));
    const timer = setTimeout(() => stop(this.#tooLate(operation)), Math.max(0, this.#endsAt - performance.now()));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([shared, stopped]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #tooLate(operation: string): NotSent {
    return new NotSent(operation, 'deadline', `not begun within ${this.#deadlineMs} ms`);
  }
}

const cancelled = (operation: string, signal: AbortSignal | undefined): NotSent =>
  new NotSent(operation, 'cancelled', 'cancelled before it began', { cause: signal?.reason });

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, fail) => (reject = fail));
  return { promise, reject };
}
