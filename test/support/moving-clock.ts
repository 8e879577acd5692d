import type { Clock } from '../../simulator/world/clock';

/** Longer than this Node's own timers cannot wait. */
const LONGEST_MS = 2 ** 31 - 1;

interface Timer {
  due: number;
  fire: () => void;
  timeout?: NodeJS.Timeout;
}

/**
 * A clock that goes on like the wall clock, and is moved ahead by whoever owns the time of a test. What was due meanwhile
 * happens in its order, each at its own time.
 */
export class MovingClock implements Clock {
  private aheadMs = 0;
  private readonly pending = new Set<Timer>();
  private moving: Promise<void> = Promise.resolve();
  private closed = false;

  now(): number {
    return Date.now() + this.aheadMs;
  }

  after(ms: number, fn: () => void): { cancel(): void } {
    const timer: Timer = { due: this.now() + Math.max(ms, 0), fire: fn };
    if (!this.closed) {
      this.pending.add(timer);
      this.wait(timer);
    }
    return { cancel: () => this.forget(timer) };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /**
   * Moves the clock ahead; it never goes back.
   * @param at milliseconds since 1970
   */
  moveTo(at: number): Promise<void> {
    this.moving = this.moving.then(() => this.move(at));
    return this.moving;
  }

  close(): void {
    this.closed = true;
    for (const timer of this.pending) this.forget(timer);
  }

  private async move(at: number): Promise<void> {
    for (let next = this.next(); next !== undefined && next.due <= at; next = this.next()) {
      this.jump(next.due);
      this.forget(next);
      next.fire();
      // Whoever slept until now goes on, and may begin to wait anew.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.jump(at);
    for (const timer of this.pending) this.wait(timer);
  }

  private jump(at: number): void {
    this.aheadMs += Math.max(at - this.now(), 0);
  }

  private next(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.pending) if (earliest === undefined || timer.due < earliest.due) earliest = timer;
    return earliest;
  }

  private wait(timer: Timer): void {
    clearTimeout(timer.timeout);
    timer.timeout = setTimeout(
      () => {
        if (timer.due > this.now()) return this.wait(timer);
        this.forget(timer);
        timer.fire();
      },
      Math.min(Math.max(timer.due - this.now(), 0), LONGEST_MS),
    );
    timer.timeout.unref();
  }

  private forget(timer: Timer): void {
    clearTimeout(timer.timeout);
    this.pending.delete(timer);
  }
}
