/** Names for a sentence: all of a few, the first of many. */
export function nameList(names: readonly string[], most = 4): string {
  if (names.length <= most) return joinWithAnd(names);
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function joinWithAnd(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
