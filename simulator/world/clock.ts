/** A timer of the simulator; `cancel` before it fires makes it never fire. */
interface Timer {
  cancel(): void;
}

/**
 * The one source of time of a world. Scenarios shorten durations; what `now` says stays true, because timestamps
 * of a vCenter are compared with each other by whoever drives it.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fn` once, `ms` milliseconds from now. */
  after(ms: number, fn: () => void): Timer;
  /** Resolves `ms` milliseconds from now; never, when the clock was closed before. */
  sleep(ms: number): Promise<void>;
  /** Cancels whatever is still pending. */
  close(): void;
}

/** The wall clock. Its timers do not keep the process alive: the servers do. */
export function realClock(): Clock {
  const pending = new Set<NodeJS.Timeout>();
  let closed = false;
  const after = (ms: number, fn: () => void): Timer => {
    if (closed) return { cancel: () => undefined };
    const timeout = setTimeout(
      () => {
        pending.delete(timeout);
        fn();
      },
      Math.max(0, ms),
    );
    timeout.unref();
    pending.add(timeout);
    return {
      cancel: () => {
        clearTimeout(timeout);
        pending.delete(timeout);
      },
    };
  };
  return {
    now: () => Date.now(),
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    close: () => {
      closed = true;
      for (const timeout of pending) clearTimeout(timeout);
      pending.clear();
    },
  };
}

/** Milliseconds to the ISO form that every API of the world writes. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
