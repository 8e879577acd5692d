import { randomUUID } from 'node:crypto';

import { Fault } from './fault';
import { scanCluster } from './lifecycle-compliance';
import type { SoftwareCommit, SoftwareDraft, SoftwareSpec } from './lifecycle-state';
import { validateSpec } from './lifecycle-validate';
import type { Cluster, VCenter } from './state';
import type { World } from './world';

const EMPTY: SoftwareSpec = { baseImage: '', components: {} };

/**
 * A working copy of the desired image (documented: empty when the cluster has none; one a user).
 * @throws Fault ALREADY_EXISTS
 */
export function createDraft(world: World, vCenter: VCenter, cluster: Cluster, owner: string): SoftwareDraft {
  const mine = cluster.lifecycle.drafts.find((draft) => draft.owner === owner);
  if (mine) throw new Fault('ALREADY_EXISTS', `${owner} already has the draft ${mine.id} of ${cluster.name}.`);
  return addDraft(world, vCenter, cluster, owner, cluster.lifecycle.commits.at(-1)?.spec ?? EMPTY);
}

/** A draft made of an imported specification. guessed: it takes the place of a draft that the user has already. */
export function importDraft(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  owner: string,
  spec: SoftwareSpec,
): SoftwareDraft {
  const { lifecycle } = cluster;
  lifecycle.drafts = lifecycle.drafts.filter((draft) => draft.owner !== owner);
  return addDraft(world, vCenter, cluster, owner, spec);
}

function addDraft(world: World, vCenter: VCenter, cluster: Cluster, owner: string, spec: SoftwareSpec): SoftwareDraft {
  const draft: SoftwareDraft = {
    id: randomUUID(),
    owner,
    spec: structuredClone(spec),
    status: 'VALID',
    createdAt: world.clock.now(),
  };
  judge(world, vCenter, cluster, draft);
  cluster.lifecycle.drafts.push(draft);
  log(world, vCenter, cluster, draft, 'created');
  return draft;
}

/** Changes a draft. Whether the result is fit is told by validation, not here (documented: set has no such error). */
export function editDraft(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  draft: SoftwareDraft,
  change: (spec: SoftwareSpec) => void,
): void {
  change(draft.spec);
  judge(world, vCenter, cluster, draft);
  log(world, vCenter, cluster, draft, 'edited');
}

/** Forgets a draft. */
export function deleteDraft(world: World, vCenter: VCenter, cluster: Cluster, draft: SoftwareDraft): void {
  cluster.lifecycle.drafts = cluster.lifecycle.drafts.filter((candidate) => candidate !== draft);
  log(world, vCenter, cluster, draft, 'deleted');
}

/**
 * Makes a draft the desired image; the draft is gone then (documented).
 * @returns the commit
 * @throws Fault INVALID_ARGUMENT with the remarks of the validation as `data` (Note[])
 */
export function commitDraft(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  draft: SoftwareDraft,
  by: { user: string; message: string },
): SoftwareCommit {
  const notes = validateSpec(world, vCenter, cluster, draft.spec);
  if (notes.some((remark) => remark.type === 'ERROR')) {
    throw new Fault('INVALID_ARGUMENT', 'The image is not valid.', { data: notes });
  }
  cluster.lifecycle.drafts = cluster.lifecycle.drafts.filter((candidate) => candidate !== draft);
  return commitSpec(world, vCenter, cluster, draft.spec, by);
}

/** Records a desired image and compares the hosts with it (guessed: at once). No precondition. */
export function commitSpec(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  spec: SoftwareSpec,
  by: { user: string; message: string },
): SoftwareCommit {
  const commit: SoftwareCommit = {
    id: randomUUID(),
    spec: structuredClone(spec),
    author: by.user,
    time: world.clock.now(),
    message: by.message,
  };
  cluster.lifecycle.commits.push(commit);
  world.events.add(
    'desired-image-changed',
    { vCenter: vCenter.id },
    { cluster: cluster.moid, commit: commit.id, baseImage: spec.baseImage, by: by.user },
  );
  scanCluster(world, vCenter, cluster);
  return commit;
}

function judge(world: World, vCenter: VCenter, cluster: Cluster, draft: SoftwareDraft): void {
  const unfit = validateSpec(world, vCenter, cluster, draft.spec).some((remark) => remark.type === 'ERROR');
  draft.status = unfit ? 'INVALID' : 'VALID';
}

function log(world: World, vCenter: VCenter, cluster: Cluster, draft: SoftwareDraft, change: string): void {
  const detail = {
    cluster: cluster.moid,
    draft: draft.id,
    owner: draft.owner,
    change,
    baseImage: draft.spec.baseImage,
  };
  world.events.add('draft-changed', { vCenter: vCenter.id }, detail);
}
