import { Fault } from './fault';
import { sameImage } from './image';
import { imageOfSpec } from './lifecycle-image';
import type { Depot, SoftwareCommit, SoftwareDraft } from './lifecycle-state';
import type { Cluster, Host, VCenter } from './state';
import type { TaskRecord } from './tasks';
import type { World } from './world';

/** The desired image of a cluster. @throws Fault NOT_FOUND when it never had one (documented) */
export function desiredCommit(cluster: Cluster): SoftwareCommit {
  const commit = cluster.lifecycle.commits.at(-1);
  if (!commit) throw new Fault('NOT_FOUND', `The cluster ${cluster.name} has no desired image.`);
  return commit;
}

/** @throws Fault NOT_FOUND */
export function commitById(cluster: Cluster, id: string): SoftwareCommit {
  const commit = cluster.lifecycle.commits.find((candidate) => candidate.id === id);
  if (!commit) throw new Fault('NOT_FOUND', `The commit ${id} does not exist in the cluster ${cluster.name}.`);
  return commit;
}

/** @throws Fault NOT_FOUND */
export function draftById(cluster: Cluster, id: string): SoftwareDraft {
  const draft = cluster.lifecycle.drafts.find((candidate) => candidate.id === id);
  if (!draft) throw new Fault('NOT_FOUND', `The draft ${id} does not exist in the cluster ${cluster.name}.`);
  return draft;
}

/** What a check, stage or apply names. */
export interface OperationSpec {
  /** The least commit that will do: a later one wins (documented). */
  commit?: string;
  /** Managed object ids; unset or empty: every host of the cluster (documented). */
  hosts?: string[];
}

/**
 * Preconditions that check, stage and apply share.
 * @returns the hosts that the operation is about
 * @throws Fault NOT_FOUND (no desired image), INVALID_ARGUMENT (not managed with an image, a commit or host that is
 *   none of this cluster), NOT_ALLOWED_IN_CURRENT_STATE (another operation is in progress); all documented
 */
export function prepareOperation(world: World, vCenter: VCenter, cluster: Cluster, spec: OperationSpec): Host[] {
  if (!cluster.lifecycle.enabled) {
    throw new Fault('INVALID_ARGUMENT', `The cluster ${cluster.name} is not managed with a single image.`);
  }
  desiredCommit(cluster);
  if (spec.commit !== undefined && !cluster.lifecycle.commits.some((commit) => commit.id === spec.commit)) {
    throw new Fault('INVALID_ARGUMENT', `The commit ${spec.commit} does not exist in the cluster ${cluster.name}.`);
  }
  const all = world.hostsOf(vCenter, cluster.moid);
  const named = spec.hosts ?? [];
  const foreign = named.filter((moid) => !all.some((host) => host.moid === moid));
  if (foreign.length > 0) {
    throw new Fault('INVALID_ARGUMENT', `Not in the cluster ${cluster.name}: ${foreign.join(', ')}.`);
  }
  checkIdleCluster(cluster);
  return named.length === 0 ? all : all.filter((host) => named.includes(host.moid));
}

/** @throws Fault NOT_ALLOWED_IN_CURRENT_STATE while vLCM works on the cluster */
export function checkIdleCluster(cluster: Cluster): void {
  const { busy } = cluster.lifecycle;
  if (busy !== null) {
    throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `Another operation is in progress on ${cluster.name}: ${busy}.`);
  }
}

/** A task has the cluster for itself until it ends. A task that hangs keeps it. */
export function claimCluster(world: World, cluster: Cluster, record: TaskRecord): void {
  cluster.lifecycle.busy = record.id;
  void world.tasks.ended(record).then(() => {
    if (cluster.lifecycle.busy === record.id) cluster.lifecycle.busy = null;
  });
}

/** Whether a host runs what a commit asks for. */
export function runsCommit(depot: Depot, host: Host, commit: SoftwareCommit): boolean {
  return sameImage(host.runningImage, imageOfSpec(depot, commit.spec));
}

/** Whether every host of the cluster runs what a commit asks for. */
export function isApplied(world: World, vCenter: VCenter, cluster: Cluster, commit: SoftwareCommit): boolean {
  return world.hostsOf(vCenter, cluster.moid).every((host) => runsCommit(vCenter.depot, host, commit));
}
