import type { Progress } from '../../../src/model/progress';

/**
 * A run that nobody keeps waiting has a deadline for whatever it waits for, and at this pace none is longer than 90 s.
 * Both must be passed: looks are few while a machine is busy with other things.
 */
const STUCK_MS = 150_000;
const STUCK_LOOKS = 40;

/** Judges by what a run tells of itself whether it comes forward. */
export class ProgressWatch {
  #told = '';
  #since = Date.now();
  #looks = 0;

  /** Takes an answer of the run. What stands still is state, steps, attempts and gates, in words too. */
  see({ state, now, phases, gates, problem, warnings, paused, aborting }: Progress): void {
    const open = gates.map(({ id, openedAt, approvals }) => ({ id, openedAt, approvals }));
    const told = JSON.stringify({ state, now, phases, open, problem, warnings, paused, aborting });
    this.#looks += 1;
    if (told === this.#told) return;
    this.#told = told;
    this.#since = Date.now();
    this.#looks = 0;
  }

  /** What it has been telling for too long; undefined while it comes forward. */
  get stuckAt(): string | undefined {
    const stuck = this.#looks >= STUCK_LOOKS && Date.now() - this.#since >= STUCK_MS;
    return stuck ? `for ${Date.now() - this.#since} ms and ${this.#looks} looks: ${this.#told}` : undefined;
  }
}
