import type { HostItself, Recovery } from '../model/recovery';

/** A host that is said to be reverted, compared with what it was. */
export interface RevertProof {
  /** What shows that it is not reverted; only the host can change that. */
  differences: string[];
  /** It runs what it ran before and has not booted since: all that lacks is a boot that shows which image is installed. */
  lacksOnlyBoot: boolean;
  /** What could not be proved; a person may take the responsibility for it. */
  unproved: string[];
}

/**
 * Compares a host, asked directly, with what it ran before the run touched it (R21): the same machine, the old version
 * and build, booted since, with the image that it had. "Done" is never believed.
 */
export function compareReverted({ host, previous }: Recovery, itself: HostItself): RevertProof {
  const differences: string[] = [];
  const unproved: string[] = [];
  let lacksOnlyBoot = false;
  const { name } = host;
  if (!itself.reachable)
    return {
      differences: [`${name} does not answer: ${itself.unknown.join('; ') || 'why is not known'}`],
      unproved,
      lacksOnlyBoot: false,
    };
  if (itself.uuid === undefined) unproved.push('its hardware UUID');
  else if (itself.uuid !== host.uuid)
    differences.push(`another machine answers as ${name}: hardware UUID ${itself.uuid} instead of ${host.uuid}`);
  if (itself.version === undefined || itself.build === undefined) unproved.push('its version and build');
  else if (itself.version !== previous.version || itself.build !== previous.build)
    differences.push(
      `it runs ${itself.version} build ${itself.build} instead of ${previous.version} build ${previous.build}`,
    );
  if (itself.bootTime === undefined || previous.bootTime === undefined) unproved.push('that it has booted since');
  else if (Date.parse(itself.bootTime) <= Date.parse(previous.bootTime)) {
    lacksOnlyBoot = differences.length === 0;
    differences.push(`it has not booted since before the upgrade (${previous.bootTime}): what is installed may be new`);
  }
  if (previous.imageSha256 === undefined) unproved.push('its image: none was recorded before the upgrade');
  else if (itself.imageSha256 === undefined) unproved.push('its image: it could not be read');
  else if (itself.imageSha256 !== previous.imageSha256)
    // Not known to be the same file to the byte after a revert: a person judges.
    unproved.push(
      `its image: the digest is ${itself.imageSha256} and was ${previous.imageSha256}, at the same version and build`,
    );
  return { differences, unproved, lacksOnlyBoot };
}
