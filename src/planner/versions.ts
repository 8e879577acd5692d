/** The last versions with vSphere Trust Authority are 8.x: it is removed in 9.0 (R37). */
const FIRST_MAJOR_WITHOUT_TRUST_AUTHORITY = 9;

/**
 * The numbers of a version: `8.0.3.00500` is 8, 0, 3, 500; `8.0.3-0.0.24674464` is 8, 0, 3, 0, 0, 24674464.
 * @returns undefined when the text is no version
 */
export function parseVersion(text: string): number[] | undefined {
  return /^\d{1,15}(?:[.-]\d{1,15})*$/.test(text) ? text.split(/[.-]/).map(Number) : undefined;
}

/**
 * Compares two versions number by number; numbers that are not there count as 0.
 * @returns below 0, 0 or above 0, as for `sort`; undefined when one of them is no version
 */
export function compareVersions(one: string, other: string): number | undefined {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  if (a === undefined || b === undefined) return undefined;
  return compareNumbers(a, b);
}

/**
 * Compares the releases of two versions, major, minor and update: what ESXi and its vCenter have in common (R37).
 * ESXi `8.0.3-0.0.24674464` and vCenter `8.0.3.00500` are of one release.
 */
export function compareReleases(one: string, other: string): number | undefined {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  if (a === undefined || b === undefined) return undefined;
  return compareNumbers(a.slice(0, 3), b.slice(0, 3));
}

function compareNumbers(a: number[], b: number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** First number of a version; undefined when it is no version. */
export function majorOf(version: string): number | undefined {
  return parseVersion(version)?.[0];
}

/** True when a version has no vSphere Trust Authority. What is no version is not known to have it. */
export function removesTrustAuthority(version: string): boolean {
  const major = majorOf(version);
  return major === undefined || major >= FIRST_MAJOR_WITHOUT_TRUST_AUTHORITY;
}

/**
 * What a host reports once it runs a base image: `8.0.3-0.0.24674464` is version 8.0.3, build 24674464.
 * @returns undefined when the base image version has another form
 */
export function esxiOf(baseImage: string): { version: string; build: string } | undefined {
  const [, version, build] = /^(\d+\.\d+\.\d+)-\d+\.\d+\.(\d+)$/.exec(baseImage) ?? [];
  return version === undefined || build === undefined ? undefined : { version, build };
}

/** Compares what a host runs with what it is to run: by release, then by build. */
export function compareEsxi(
  one: { version: string; build: string },
  other: { version: string; build: string },
): number | undefined {
  const release = compareReleases(one.version, other.version);
  return release === 0 ? compareVersions(one.build, other.build) : release;
}
