import { AnswerNotUnderstood } from '../errors';
import type { XmlElement } from './xml-reader';

/** The API versions that this client speaks: vSphere Trust Authority begins with 7.0 and ends with 8.0.3. */
export interface VersionRange {
  readonly oldest: string;
  readonly newest: string;
}

/** From the first to the last release with vSphere Trust Authority (R37: 9.0 has none). */
export const TRUST_AUTHORITY_VERSIONS: VersionRange = { oldest: '7.0', newest: '8.0.3.0' };

const NUMERIC = /^\d+(\.\d+)*$/;

/** Orders API versions by their numbers: `7.0` is the same as `7.0.0.0`, and older than `7.0.1.0`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The highest API version that both sides know. A server keeps speaking the versions that it lists as prior ones, and
 * every version within our range is ours too: later ones only add members.
 *
 * @param document `/sdk/vimServiceVersions.xml`
 * @throws AnswerNotUnderstood if the document does not list `urn:vim25`, or no version within the range
 */
export function chooseVersion(document: XmlElement, range: VersionRange): string {
  const listed = document.children
    .filter((namespace) => namespace.name === 'namespace' && textOf(namespace, 'name') === 'urn:vim25')
    .flatMap((namespace) => [
      textOf(namespace, 'version'),
      ...namespace.children.filter((child) => child.name === 'priorVersions').flatMap((prior) => allVersions(prior)),
    ])
    .filter((version) => NUMERIC.test(version));
  const operation = 'read the vim25 API versions';
  if (listed.length === 0) throw new AnswerNotUnderstood(operation, '', 'names no version of urn:vim25');
  const best = listed
    .filter((version) => compareVersions(version, range.oldest) >= 0 && compareVersions(version, range.newest) <= 0)
    .toSorted(compareVersions)
    .at(-1);
  if (best === undefined) {
    const problem = `lists no version from ${range.oldest} to ${range.newest}, only ${listed.slice(0, 20).join(', ')}`;
    throw new AnswerNotUnderstood(operation, 'urn:vim25', problem);
  }
  return best;
}

const textOf = (element: XmlElement, name: string): string =>
  element.children.find((child) => child.name === name)?.text.trim() ?? '';

const allVersions = (element: XmlElement): string[] =>
  element.children.filter((child) => child.name === 'version').map((child) => child.text.trim());
