/**
 * Builds a path from a template; every inserted id is percent-encoded (base image versions and task ids hold spaces,
 * slashes and colons).
 * @throws TypeError for an empty id or one of dots only: `DELETE …/base-images/` would be another request altogether
 */
export function path(fixed: TemplateStringsArray, ...ids: readonly string[]): string {
  return fixed.reduce((built, part, index) => {
    const id = ids[index - 1] ?? '';
    if (id === '' || id === '.' || id === '..')
      throw new TypeError(`an id is missing in the path ${fixed.join('{id}')}`);
    return `${built}${encodeURIComponent(id)}${part}`;
  });
}

/** Values of a query parameter; `undefined` and an empty list leave it out, a list repeats it (`collectionFormat: multi`). */
export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** Appends query parameters to a path. */
export function withQuery(to: string, query: Readonly<Record<string, QueryValue>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    const values = value === undefined ? [] : typeof value === 'object' ? value : [String(value)];
    return values.map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`);
  });
  return pairs.length === 0 ? to : `${to}${to.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}
