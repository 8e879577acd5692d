/**
 * Whether a value passes one member of a filter.
 * @param wanted unset or empty: everything passes (documented)
 * @param value null: it passes only an unset filter
 */
export function matches(wanted: readonly string[] | undefined, value: string | null): boolean {
  if (wanted === undefined || wanted.length === 0) return true;
  return value !== null && wanted.includes(value);
}
