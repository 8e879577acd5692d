import { formatDuration } from '../model/duration';
import type { Inventory, VCenterFacts } from '../model/inventory';
import type { PatchRequest, PatchTake } from '../model/patch-request';
import type { UpgradeRequest } from '../model/request';
import { nameList } from './name-list';
import { reviewBaseImages } from './review-base-images';
import { runScope } from './run-scope';
import { compareReleases, compareVersions } from './versions';

/** Sentences for people: what is pending, and what is left alone and why. */
export interface Pending {
  pending: string[];
  why: string[];
}

type PendingUpdate = VCenterFacts['pendingUpdates'][number];

/**
 * The newest update that every vCenter either runs or is offered, of those that may be taken. A run has one target for
 * all: where one vCenter cannot go along, none goes.
 * @returns `target`: its version; not given when there is none that a vCenter would need
 */
export function pendingUpdates({ take }: PatchRequest, inventory: Inventory): Pending & { target?: string } {
  const vCenters = vCentersOf(inventory);
  if (take.vCenter === 'nothing')
    return {
      pending: [],
      why: vCenters.map(({ name }) => `vCenter ${name}: the request takes no updates of vCenters`),
    };
  const candidates = vCenters.flatMap((vCenter) => allowedUpdates(take, vCenter)).sort(newestFirst);
  const update = candidates.find(({ version }) => vCenters.every((each) => goesAlong(take, each, version)));
  if (update === undefined) return { pending: [], why: vCenters.map((each) => whyNone(take, each, vCenters)) };
  const { version: target } = update;
  const [pending, why]: [string[], string[]] = [[], []];
  for (const { name, version, pendingUpdates: offered } of vCenters) {
    const kind = offered.find((each) => compareVersions(each.version, target) === 0)?.type ?? 'unknown';
    if (compareVersions(version, target) === 0) why.push(`vCenter ${name}: runs ${version} already`);
    else pending.push(`vCenter ${name}: ${version} can go to ${target} (${kind})`);
  }
  return { target, pending, why };
}

/** One that is Trust Authority vCenter and workload vCenter at once stands here once. */
function vCentersOf({ trustAuthority, trusted }: Inventory): VCenterFacts[] {
  const all = [trustAuthority.vCenter, ...trusted.map(({ vCenter }) => vCenter)];
  return all.filter((vCenter, index) => all.findIndex(({ name }) => name === vCenter.name) === index);
}

function allowedUpdates({ vCenter: taken, within }: PatchTake, vCenter: VCenterFacts): PendingUpdate[] {
  // UPGRADE is a major step, which the update of an appliance cannot do.
  const kinds = taken === 'any' ? ['SECURITY', 'FIX', 'UPDATE'] : ['SECURITY'];
  return vCenter.pendingUpdates.filter(
    ({ version, type }) =>
      kinds.includes(type) &&
      compareReleases(version, within ?? vCenter.version) === 0 &&
      (compareVersions(version, vCenter.version) ?? 0) > 0,
  );
}

function newestFirst(one: PendingUpdate, other: PendingUpdate): number {
  return compareVersions(other.version, one.version) ?? 0;
}

function goesAlong(take: PatchTake, vCenter: VCenterFacts, target: string): boolean {
  if (compareVersions(vCenter.version, target) === 0) return true;
  return allowedUpdates(take, vCenter).some(({ version }) => compareVersions(version, target) === 0);
}

function whyNone(take: PatchTake, vCenter: VCenterFacts, all: VCenterFacts[]): string {
  const { name, version, pendingUpdates: offered } = vCenter;
  const runs = `vCenter ${name}: runs ${version} and is offered`;
  if (offered.length === 0) return `${runs} no update`;
  const allowed = allowedUpdates(take, vCenter);
  const list = (updates: PendingUpdate[]) => nameList(updates.map((each) => `${each.version} (${each.type})`));
  if (allowed.length === 0) return `${runs} ${list(offered)}; the request takes ${takenWords(take)}`;
  const others = all.filter(
    (other) => other !== vCenter && !allowed.some(({ version: target }) => goesAlong(take, other, target)),
  );
  const who =
    others.length === 0 ? 'no version of them is for all' : `${nameList(others.map((o) => o.name))} cannot take`;
  return `${runs} ${list(allowed)}, but ${who}${others.length === 0 ? '' : ' that'}; all vCenters go to one version`;
}

function takenWords({ vCenter, within }: PatchTake): string {
  const what = vCenter === 'any' ? 'any update within a major version' : 'updates of kind SECURITY';
  return `${what}, ${within === undefined ? 'within the release that runs' : `within ${within}`}`;
}

/**
 * Hosts that are not at the desired image of their cluster, as the run would find them.
 * @param run the request of the run
 */
export function pendingHosts({ take }: PatchRequest, run: UpgradeRequest, inventory: Inventory): Pending {
  if (take.hosts === 'nothing') {
    const clusters = [inventory.trustAuthority.cluster, ...inventory.trusted.flatMap((each) => each.clusters)];
    return { pending: [], why: clusters.map(({ name }) => `cluster ${name}: the request takes no hosts`) };
  }
  const [pending, why]: [string[], string[]] = [[], []];
  for (const { phase, cluster, target, toUpgrade, atTarget } of runScope(run, inventory).clusters) {
    // One host of that cluster was looked at, and it is there for its image.
    if (phase === 'reference' && toUpgrade.length === 0) continue;
    const all = toUpgrade.length + atTarget.length;
    if (target === undefined)
      pending.push(`cluster ${cluster.name}: it is not known what its hosts are to run`); // the planner refuses it
    else if (all === 0) why.push(`cluster ${cluster.name}: has no hosts`);
    else if (toUpgrade.length === 0)
      why.push(`cluster ${cluster.name}: all ${all} hosts run its desired image, base image ${target.image.baseImage}`);
    else
      pending.push(
        `cluster ${cluster.name}: ${toUpgrade.length} of ${all} hosts are not at its desired image, base image ` +
          `${target.image.baseImage}: ${nameList(toUpgrade.map(({ name }) => name))}`,
      );
  }
  return { pending, why };
}

/** Base images that nothing needs any more; none where their removal is not asked for. */
export function pendingRemovals({ removeBaseImages }: UpgradeRequest, { baseImageFacts }: Inventory): Pending {
  if (removeBaseImages === undefined || baseImageFacts === undefined) return { pending: [], why: [] };
  const { images, blocked } = reviewBaseImages(baseImageFacts, removeBaseImages);
  const going = images.filter(({ mayGo }) => mayGo).map(({ version }) => version);
  if (going.length > 0) return { pending: [`base images that nothing needs any more: ${nameList(going)}`], why: [] };
  const [reason] = blocked;
  return { pending: [], why: [`base images: none may go${reason === undefined ? '' : `. ${reason}`}`] };
}

/**
 * The request of the run that takes what is pending, in the form in which people write one: the run checks it again.
 * @param target version for all vCenters; undefined: they stay as they are
 */
export function patchRun(request: PatchRequest, target: string | undefined): Record<string, unknown> {
  const { take, soakMs, infrastructure, baseImage, quickBoot, approve, failureBudget, reason, window } = request;
  const { removeBaseImages: removal, standingApproval, recoverTrustedHosts } = request;
  const hostsToo = take.hosts === 'desired';
  const why = reason ?? (hostsToo ? undefined : 'a patch run whose request takes no hosts');
  return {
    infrastructure,
    target: { ...(target === undefined ? {} : { vCenter: target }), esxi: 'desired' },
    baseImage,
    quickBoot,
    approve,
    failureBudget,
    ...(hostsToo ? {} : { phases: [1, 3] }),
    ...(why === undefined ? {} : { reason: why }),
    ...(window === undefined ? {} : { window }),
    ...(soakMs === undefined ? {} : { soak: formatDuration(soakMs) }),
    ...(removal === undefined
      ? {}
      : { removeBaseImages: { keepFor: formatDuration(removal.keepForMs), withoutFile: removal.withoutFile } }),
    ...(standingApproval === undefined ? {} : { standingApproval }),
    ...(recoverTrustedHosts === undefined ? {} : { recoverTrustedHosts }),
  };
}
