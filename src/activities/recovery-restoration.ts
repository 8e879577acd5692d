import type { Pace } from '../model/pace';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import type { Task } from '../vsphere/rest-client';
import type { CallOptions } from '../vsphere/transport';
import type { Site } from './dependencies';
import { remember, remembered } from './beat';
import { trustAuthorityReader, type TrustAuthorityReader } from './trust-authority-reader';

type Start<T> = (options: CallOptions) => Promise<Task<T>>;

/** One restoring of the configuration: what was written, and what stands in the way of it, for people. */
export class Restoration {
  /** What was written, a phrase each; also by attempts before this one, as far as they came to tell it. */
  readonly written: string[] = writtenBefore(remembered());
  /** What a person should know although it is in order. */
  readonly notes = new Set<string>();
  /** Why something could not be given to the host. */
  readonly problems = new Set<string>();
  /** What other hosts have, so that its creation was refused: perhaps it reached the host all the same. */
  readonly existing = new Set<string>();
  /** When something was written last, on a clock that never jumps: health takes a moment to follow. */
  lastWrite = performance.now();
  readonly #tried = new Set<string>();

  private constructor(
    readonly site: Site,
    readonly pace: Pace,
    readonly read: TrustAuthorityReader,
  ) {}

  static async over(site: Site, pace: Pace): Promise<Restoration> {
    return new Restoration(site, pace, await trustAuthorityReader(site, pace));
  }

  /** The task of an object that is not alike, once: whether it helped is judged by health, not by its answer. */
  async write<T>(what: string, start: Start<T>): Promise<T | undefined> {
    if (this.#tried.has(what)) return undefined;
    let result: T | undefined;
    try {
      result = await this.read.run(start);
      this.written.push(what);
      remember({ written: this.written });
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      // The others have it. Some servers give it to those that lack it and say so all the same, others do not.
      if (remedyOf(error) === 'already-done') this.existing.add(what);
      else if (error.errorType === 'INVALID_ARGUMENT') this.problems.add(`${what}: ${error.message}`);
      else throw error;
    }
    // Only now: one whose answer was lost is written again if health asks for it.
    this.#tried.add(what);
    this.lastWrite = performance.now();
    return result;
  }

  /** Health had the time that it may need to follow what was written last. */
  get settled(): boolean {
    return performance.now() - this.lastWrite >= this.pace.serviceHealth.warnMs;
  }
}

function writtenBefore(details: unknown): string[] {
  if (typeof details !== 'object' || details === null || !('written' in details)) return [];
  const { written } = details;
  return Array.isArray(written) ? written.filter((one): one is string => typeof one === 'string') : [];
}
