import type { ImageSpecification } from '../model/image';
import type { ClusterFacts, HostFacts, Inventory, VCenterFacts } from '../model/inventory';
import type { EsxiTarget, PhaseNumber, UpgradeRequest } from '../model/request';
import { isAtTarget } from './at-target';
import { imageKey } from './image-key';
import { leftInMaintenanceMode } from './left-in-maintenance-mode';
import { compareVersions, esxiOf } from './versions';

/** What the phases of a request mean for the vCenters and clusters of an inventory; the ground on which rules stand. */
export interface RunScope {
  vCenters: VCenterInRun[];
  clusters: ClusterInRun[];
}

/** A vCenter of a chosen vCenter phase. One that is in both tiers stands here once, in the phase that is run first. */
interface VCenterInRun {
  phase: 1 | 3;
  vCenter: VCenterFacts;
  /** Version to bring it to; not given when it stays as it is: `why` says why. */
  upgradeTo?: string;
  why?: string;
}

/** A cluster of a chosen host phase, or that of the reference host, of which only that host is in the run. */
export interface ClusterInRun {
  phase: 2 | 4 | 'reference';
  cluster: ClusterFacts;
  vCenter: VCenterFacts;
  /** Not given when the desired image is asked for and there is none. */
  target?: ClusterTarget;
  /** Hosts that are to be upgraded, and hosts that need nothing (M17); both in the order of the inventory. */
  toUpgrade: HostFacts[];
  atTarget: HostFacts[];
}

interface ClusterTarget {
  image: ImageSpecification;
  /** What a host reports once it runs the image; not given when the base image version does not tell. */
  esxi?: { version: string; build: string };
  /** True: the image is not the cluster's desired image yet and will be committed. */
  commitImage: boolean;
}

/** Works out which vCenters and hosts a request is about. Never refuses anything: that is for the rules. */
export function runScope(request: UpgradeRequest, inventory: Inventory): RunScope {
  const vCenters: VCenterInRun[] = [];
  const clusters: ClusterInRun[] = [];
  for (const phase of request.phases) {
    for (const { vCenter, clusters: clustersOfVCenter } of tier(inventory, phase)) {
      if (phase === 2 || phase === 4) {
        clusters.push(...clustersOfVCenter.map((cluster) => clusterInRun(phase, cluster, vCenter, request, inventory)));
      } else if (!vCenters.some((other) => other.vCenter.name === vCenter.name)) {
        vCenters.push({ phase, vCenter, ...vCenterTarget(vCenter, request.target.vCenter) });
      }
    }
  }
  return { vCenters, clusters: [...referenceInRun(request, inventory, clusters), ...clusters] };
}

/**
 * The reference host that is to be upgraded: alone in a run without phases, else before the Trusted Hosts, and only where
 * one of them is to be upgraded.
 */
function referenceInRun(request: UpgradeRequest, inventory: Inventory, clusters: ClusterInRun[]): ClusterInRun[] {
  const { baseImage, phases } = request;
  if (baseImage.from !== 'reference-host' || baseImage.upgrade !== true) return [];
  if (phases.length > 0 && learners(clusters).length === 0) return [];
  return inventory.trusted.flatMap(({ vCenter, referenceClusters = [] }) =>
    referenceClusters.flatMap((cluster): ClusterInRun[] => {
      const host = cluster.hosts.find(({ name }) => name === baseImage.host);
      if (host === undefined) return [];
      const [image] = referenceImages(request, inventory, cluster, clusters);
      if (image === undefined) return [{ phase: 'reference', cluster, vCenter, toUpgrade: [], atTarget: [host] }];
      const target = targetOf(image, cluster);
      // What it runs is compared with the desired image of its own cluster, so that must be the target too.
      const isThere =
        isAtTarget(host, cluster, target) &&
        !target.commitImage &&
        leftInMaintenanceMode(inventory, host) === undefined;
      const [toUpgrade, atTarget] = isThere ? [[], [host]] : [[host], []];
      return [{ phase: 'reference', cluster, vCenter, target, toUpgrade, atTarget }];
    }),
  );
}

/** Clusters of which Trusted Hosts are to be upgraded: the Trust Authority Cluster must learn their images (R4). */
function learners(clusters: ClusterInRun[]): ClusterInRun[] {
  return clusters.filter(({ phase, toUpgrade }) => phase === 4 && toUpgrade.length > 0);
}

/**
 * The image that a reference host is brought to: what the request says for its cluster by name, else what the Trusted
 * Hosts get. One host stands for one image: several are for a rule to refuse.
 */
export function referenceImages(
  request: UpgradeRequest,
  inventory: Inventory,
  cluster: ClusterFacts,
  inRun: ClusterInRun[],
): ImageSpecification[] {
  const { esxi } = request.target;
  const named = esxi !== 'desired' && 'byCluster' in esxi && Object.hasOwn(esxi.byCluster, cluster.name);
  const taught =
    request.phases.length === 0
      ? inventory.trusted.flatMap((one) => one.clusters)
      : learners(inRun).map((one) => one.cluster);
  const images = (named ? [cluster] : taught).flatMap((one) => clusterTarget(request, one)?.image ?? []);
  return images.filter((image, at) => images.findIndex((one) => imageKey(one) === imageKey(image)) === at);
}

/** The vCenters, with their clusters, that a phase is about. */
function tier(inventory: Inventory, phase: 1 | 2 | 3 | 4): { vCenter: VCenterFacts; clusters: ClusterFacts[] }[] {
  if (phase >= 3) return inventory.trusted;
  return [{ vCenter: inventory.trustAuthority.vCenter, clusters: [inventory.trustAuthority.cluster] }];
}

function vCenterTarget(vCenter: VCenterFacts, target: string | undefined): { upgradeTo: string } | { why: string } {
  if (target === undefined) return { why: 'the request names no vCenter version' };
  if (compareVersions(vCenter.version, target) === 0) return { why: `runs ${vCenter.version} already` };
  // What is offered may be written with other zeros than what was asked for.
  const offered = vCenter.pendingUpdates.find((update) => compareVersions(update.version, target) === 0);
  return { upgradeTo: offered?.version ?? target };
}

function clusterInRun(
  phase: 2 | 4,
  cluster: ClusterFacts,
  vCenter: VCenterFacts,
  request: UpgradeRequest,
  inventory: Inventory,
): ClusterInRun {
  const target = clusterTarget(request, cluster);
  if (target === undefined) return { phase, cluster, vCenter, toUpgrade: [], atTarget: [] };
  // One that an earlier run left in maintenance mode may run its target and is not done: it is finished.
  const atTarget = cluster.hosts.filter(
    (host) =>
      isAtTarget(host, cluster, target) &&
      leftInMaintenanceMode(inventory, host) === undefined &&
      !isToBeRebooted(request, phase, host),
  );
  const toUpgrade = cluster.hosts.filter((host) => !atTarget.includes(host));
  return { phase, cluster, vCenter, target, toUpgrade, atTarget };
}

/** Only Trusted Hosts: what a Trust Authority Host booted is of no account to attestation. */
export function isToBeRebooted(
  { reboot }: UpgradeRequest,
  phase: PhaseNumber | 'reference',
  { name }: HostFacts,
): boolean {
  return phase === 4 && reboot.includes(name);
}

function clusterTarget(request: UpgradeRequest, cluster: ClusterFacts): ClusterTarget | undefined {
  const asked = esxiTargetOf(request, cluster);
  const image = asked === 'desired' ? cluster.desiredImage : asked;
  return image === undefined ? undefined : targetOf(image, cluster);
}

function targetOf(image: ImageSpecification, cluster: ClusterFacts): ClusterTarget {
  const esxi = esxiOf(image.baseImage);
  const commitImage = cluster.desiredImage === undefined || imageKey(cluster.desiredImage) !== imageKey(image);
  return { image, commitImage, ...(esxi && { esxi }) };
}

/** What a request asks of the hosts of a cluster; a map that does not name the cluster asks for its desired image. */
export function esxiTargetOf(request: UpgradeRequest, cluster: ClusterFacts): EsxiTarget {
  const { esxi } = request.target;
  if (esxi === 'desired' || !('byCluster' in esxi)) return esxi;
  return Object.hasOwn(esxi.byCluster, cluster.name) ? (esxi.byCluster[cluster.name] ?? 'desired') : 'desired';
}
