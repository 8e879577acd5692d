import type { DataObject, MoRef, VimValue } from './vim25/values';

/**
 * A TaskHistoryCollector or EventHistoryCollector: a window on a growing list. It begins behind the newest item
 * (documented: reset puts the position there), so ReadNext waits for new items and ReadPrevious goes back in time.
 */
export class HistoryCollector {
  pageSize = 10;
  #position: number;

  /** @param items everything the filter lets through, oldest first, read at the moment of asking */
  constructor(
    readonly ref: MoRef,
    readonly filter: VimValue,
    private readonly items: () => readonly DataObject[],
  ) {
    this.#position = items().length;
  }

  readNext(count: number): DataObject[] {
    const page = this.items().slice(this.#position, this.#position + count);
    this.#position += page.length;
    return page;
  }

  readPrevious(count: number): DataObject[] {
    const start = Math.max(0, this.#position - count);
    const page = this.items().slice(start, this.#position);
    this.#position = start;
    return page;
  }

  /** Before the oldest item. */
  rewind(): void {
    this.#position = 0;
  }

  /** Behind the newest item. */
  reset(): void {
    this.#position = this.items().length;
  }

  latestPage(): DataObject[] {
    return this.items().slice(-this.pageSize).toReversed();
  }
}
