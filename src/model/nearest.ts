/**
 * The candidate that was probably meant, for "did you mean": at most two slips of the keyboard away, and fewer than
 * half of the letters. Letter case is not a slip.
 * @returns undefined when nothing is near; the first of several that are equally near
 */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.min(2, Math.floor((written.length - 1) / 2));
  let best: { candidate: string; slips: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) > limit) continue;
    const slips = countSlips(written.toLowerCase(), candidate.toLowerCase());
    if (slips <= limit && slips < (best?.slips ?? Infinity)) best = { candidate, slips };
  }
  return best?.candidate;
}

/** Optimal string alignment distance: letters left out, put in, replaced, or swapped with their neighbour. */
function countSlips(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
