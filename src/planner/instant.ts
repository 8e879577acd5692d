import { Temporal } from 'temporal-polyfill';

/** Milliseconds since 1970 of an ISO time; what is none is NaN, so that every comparison with it is false. */
export function instant(iso: string): number {
  try {
    return Temporal.Instant.from(iso).epochMilliseconds;
  } catch {
    return Number.NaN;
  }
}
