/** Durations as people write them in the infrastructure file and in requests: `90s`, `15m`, `72h`. */

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

const WRITTEN = /^(\d{1,7})([smh])$/;

/**
 * Milliseconds of a written duration: a whole number and one unit of `s`, `m` and `h`.
 * @returns undefined when the text is no duration, or none that lasts
 */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = WRITTEN.exec(text) ?? [];
  if (count === undefined || (unit !== 's' && unit !== 'm' && unit !== 'h')) return undefined;
  const milliseconds = Number(count) * UNITS[unit];
  return milliseconds > 0 ? milliseconds : undefined;
}

/** Writes milliseconds in the largest unit that divides them: 900000 is `15m`. Anything below a second is `250ms`. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    if (milliseconds >= UNITS[unit] && milliseconds % UNITS[unit] === 0) return `${milliseconds / UNITS[unit]}${unit}`;
  }
  return milliseconds >= UNITS.s ? `${Math.round(milliseconds / UNITS.s)}s` : `${Math.round(milliseconds)}ms`;
}
