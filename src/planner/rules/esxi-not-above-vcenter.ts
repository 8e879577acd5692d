import type { Inventory } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import type { UpgradeRequest } from '../../model/request';
import { runScope, type ClusterInRun, type RunScope } from '../run-scope';
import { compareReleases, compareVersions, removesTrustAuthority } from '../versions';
import type { Rule } from './rule';

/**
 * R37: a vCenter manages hosts up to its own release. Compared is major, minor and update, with the version that the
 * vCenter will run *when the phase of the hosts begins*: the order of the phases counts.
 */
export const esxiNotAboveVCenter: Rule = (request: UpgradeRequest, inventory: Inventory) => {
  const scope = runScope(request, inventory);
  return scope.clusters.flatMap((inRun): Finding[] => {
    const { cluster, vCenter, target, toUpgrade } = inRun;
    if (target === undefined || toUpgrade.length === 0 || removesTrustAuthority(target.image.baseImage)) return [];
    const then = versionWhenPhaseBegins(inRun, request, scope);
    const difference = compareReleases(target.image.baseImage, then);
    if (difference !== undefined && difference <= 0) return [];
    return [
      {
        code: 'VTA_TARGET_ABOVE_VCENTER',
        subject: `cluster ${cluster.name}`,
        message:
          `The target ${target.image.baseImage} of cluster ${cluster.name} is newer than ${vCenter.name} when ` +
          `${inRun.phase === 'reference' ? 'the turn of the reference host comes' : `phase ${inRun.phase} begins`} (${then}); ` +
          `a vCenter manages hosts up to its own release.`,
        remedy:
          `Upgrade ${vCenter.name} first: name a version in "target.vCenter" and put phase ${inRun.phase === 2 ? 1 : 3} ` +
          `before ${inRun.phase === 'reference' ? 'it (in a run with phases 3 and 4, or in a run of its own)' : `phase ${inRun.phase}`}. Or choose an older image.`,
      },
    ];
  });
};

function versionWhenPhaseBegins({ phase, vCenter }: ClusterInRun, { phases }: UpgradeRequest, scope: RunScope): string {
  // The reference host comes right before the Trusted Hosts.
  const earlier = phases.slice(0, phases.indexOf(phase === 'reference' ? 4 : phase));
  const upgrade = scope.vCenters.find(
    (other) => other.vCenter.name === vCenter.name && earlier.includes(other.phase) && other.upgradeTo !== undefined,
  );
  const to = upgrade?.upgradeTo;
  return to !== undefined && (compareVersions(to, vCenter.version) ?? 0) > 0 ? to : vCenter.version;
}
