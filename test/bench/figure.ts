/** One line of the benchmark. */
export interface Figure {
  what: string;
  /** As printed, with its unit. */
  figure: string;
  limit: string;
  ok: boolean;
  /** How the figure comes about: its formula, and the numbers in it. */
  how: string;
}

/** A figure that may not exceed its limit. */
export function atMost(what: string, value: number, limit: number, unit: string, how: string): Figure {
  return { what, figure: text(value, unit), limit: `<= ${text(limit, unit)}`, ok: value <= limit, how };
}

/** A figure that may not fall below its limit. */
export function atLeast(what: string, value: number, limit: number, unit: string, how: string): Figure {
  return { what, figure: text(value, unit), limit: `>= ${text(limit, unit)}`, ok: value >= limit, how };
}

function text(value: number, unit: string): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

/** The figure and its formula, as people read them. */
export function render({ what, figure, limit, ok, how }: Figure): string {
  return `${ok ? 'pass' : 'FAIL'}  ${what}: ${figure} (${limit})\n      ${how.replaceAll('\n', '\n      ')}`;
}
