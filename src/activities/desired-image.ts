import type { Activities, ClusterStepInput } from './activities';
import type { ImageSpecification } from '../model/image';
import type { Pace } from '../model/pace';
import type { PlannedCluster } from '../model/plan';
import { canonicalJson } from '../planner/canonical';
import { imageKey } from '../planner/image-key';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { SoftwareInfo } from '../vsphere/lifecycle-values';
import { pollTask, runTask } from '../vsphere/task-poll';
import type { FindSite, Site } from './dependencies';
import { findOwnDraft } from './own-draft';
import { refuse } from './to-failure';
import { callOptions, pollTools } from './wait';

/** The desired image of a cluster: as it was approved, and nothing else. */
export function createDesiredImageActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureDesiredImage'> {
  return {
    async vtaEnsureDesiredImage(input) {
      const site = findSite(input);
      const { cluster, pace } = input;
      const vCenter = await site.connections.vCenter(cluster.vCenter);
      const now = imageOf(await vCenter.lifecycle.software(cluster.id, callOptions(pace)));
      if (!sameImage(now, cluster.image, !cluster.commitImage)) {
        if (!input.mayCommit) throw refuse('VTA_DESIRED_IMAGE_DRIFTED', driftText(cluster, now));
        await commitImage(site, input);
        return { commit: await currentCommit(site, cluster, pace) };
      }
      const commit = await currentCommit(site, cluster, pace);
      // Somebody committed the approved image while a draft of an earlier try was there.
      const left = input.mayCommit && (await findOwnDraft(site, cluster, pace)) !== undefined;
      return left ? { commit, draftLeft: true } : { commit };
    },
  };
}

/**
 * Whether somebody edited the desired image since it was approved or committed (N10).
 * @param commit as recorded when the phase began; undefined compares the specification only
 * @returns what to tell people, or undefined
 */
export async function describeDrift(
  site: Site,
  cluster: PlannedCluster,
  pace: Pace,
  commit: string | undefined,
): Promise<string | undefined> {
  const { lifecycle } = await site.connections.vCenter(cluster.vCenter);
  const now = imageOf(await lifecycle.software(cluster.id, callOptions(pace)));
  if (!sameImage(now, cluster.image, !cluster.commitImage)) return driftText(cluster, now);
  const current = (await lifecycle.compliance(cluster.id, callOptions(pace))).commit;
  if (commit === undefined || current === undefined || current === commit) return undefined;
  return (
    `Somebody committed the desired image of ${cluster.name} again (commit ${current} instead of ${commit}). ` +
    `It is still what was approved: ${imageText(now)}. "retry" goes on with the new commit, "abort" ends the run.`
  );
}

function driftText(cluster: PlannedCluster, now: ImageSpecification): string {
  return (
    `The desired image of ${cluster.name} is not the one that was approved: it is ${imageText(now)}, approved was ${imageText(cluster.image)}. ` +
    `No further host is touched. Put the approved image back and decide "retry": the run does not overwrite what somebody committed. Or "abort" and start a new run for the new image.`
  );
}

/** Drafts, validates and commits. A draft of our account is taken over: it is set to the approved image and compared before it is committed. */
async function commitImage(site: Site, input: ClusterStepInput & { runId: string }): Promise<void> {
  const { cluster, pace } = input;
  const { image } = cluster;
  const { drafts, tasks } = await site.connections.vCenter(cluster.vCenter);
  const options = callOptions(pace);
  const draft = await ourDraft(site, cluster, pace);
  await drafts.setBaseImage(cluster.id, draft, image.baseImage, options);
  if (image.addOn !== undefined) await drafts.setAddOn(cluster.id, draft, image.addOn, options);
  else await drafts.removeAddOn(cluster.id, draft, options).catch(ignoreGone);
  const before = imageOf((await drafts.get(cluster.id, draft, options)).software);
  const unwanted = Object.keys(before.components ?? {}).filter((name) => image.components?.[name] === undefined);
  const changes = {
    ...(image.components === undefined ? {} : { components_to_set: image.components }),
    ...(unwanted.length === 0 ? {} : { components_to_delete: unwanted }),
  };
  if (Object.keys(changes).length > 0) await drafts.changeComponents(cluster.id, draft, changes, options);

  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.desiredImage.deadlineMs };
  const validation = await runTask(
    tasks,
    (o) => drafts.validate(cluster.id, draft, o),
    poll,
    pollTools(),
    options.signal,
  );
  const errors = (validation.notifications.errors ?? []).map((error) => error.message.text);
  if (errors.length > 0)
    throw refuse(
      'VTA_DESIRED_IMAGE_INVALID',
      `vLCM does not accept ${imageText(image)} for ${cluster.name}: ${errors.join(' ')} Nothing was committed; the draft is kept until the approved plan of a new run discards it. Choose another image and start a new run.`,
    );
  const drafted = imageOf((await drafts.get(cluster.id, draft, options)).software);
  if (!sameImage(drafted, image, false))
    throw refuse(
      'VTA_DESIRED_IMAGE_INVALID',
      `The draft for ${cluster.name} holds ${imageText(drafted)}, not the approved ${imageText(image)}: somebody else edits it with the account of the run. Nothing was committed. Discard the draft, then decide "retry".`,
    );
  const message = `vta-upgrade run ${input.runId}: approved image`;
  await pollTask(tasks, await drafts.commit(cluster.id, draft, message, options), poll, pollTools(), options.signal);
}

async function ourDraft(site: Site, cluster: PlannedCluster, pace: Pace): Promise<string> {
  const { drafts } = await site.connections.vCenter(cluster.vCenter);
  try {
    return await drafts.create(cluster.id, callOptions(pace));
  } catch (error) {
    if (!(error instanceof ApiFault) || remedyOf(error) !== 'already-done') throw error;
  }
  const own = await findOwnDraft(site, cluster, pace);
  if (own === undefined)
    throw refuse(
      'VTA_DESIRED_IMAGE_INVALID',
      `${cluster.name} has a draft that stands in the way and is not listed as ours. Discard it, then decide "retry".`,
    );
  return own;
}

/** A scan changes no host; it is what tells the commit, and it makes the compliance fresh. */
async function currentCommit(site: Site, cluster: PlannedCluster, pace: Pace): Promise<string> {
  const { lifecycle, tasks } = await site.connections.vCenter(cluster.vCenter);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.desiredImage.deadlineMs };
  const { signal } = callOptions(pace);
  const { commit } = await runTask(tasks, (o) => lifecycle.scan(cluster.id, o), poll, pollTools(), signal);
  if (commit === undefined)
    throw refuse(
      'VTA_DESIRED_IMAGE_INVALID',
      `vLCM does not tell the commit of the desired image of ${cluster.name}; without it nothing can be applied. Check compliance in the vSphere Client, then decide "retry".`,
    );
  return commit;
}

function ignoreGone(error: unknown): undefined {
  if (error instanceof ApiFault && remedyOf(error) === 'gone') return undefined;
  throw error;
}

/** The specification of a desired image: what decides what a host boots. */
export function imageOf(software: SoftwareInfo): ImageSpecification {
  const components = Object.fromEntries(
    Object.entries(software.components).flatMap(([name, { version }]) =>
      version === undefined ? [] : [[name, version]],
    ),
  );
  return {
    baseImage: software.base_image.version,
    ...(software.add_on === undefined
      ? {}
      : { addOn: { name: software.add_on.name, version: software.add_on.version } }),
    ...(Object.keys(components).length === 0 ? {} : { components }),
    ...furtherOf(software),
  };
}

/** Hardware support and removed components (8.0.3.0) are part of what a host boots, too. */
function furtherOf({ hardware_support: hardware, removed_components: removed }: SoftwareInfo): { further?: string } {
  const nothingRemoved = removed === undefined || Object.keys(removed).length === 0;
  if (hardware === undefined && nothingRemoved) return {};
  return { further: canonicalJson({ hardware, removed: nothingRemoved ? undefined : removed }) };
}

/**
 * @param whole false for an image that is committed: a draft cannot be given hardware support and removed components, which
 * stay as the cluster has them
 */
function sameImage(now: ImageSpecification, approved: ImageSpecification, whole: boolean): boolean {
  if (whole) return imageKey(now) === imageKey(approved);
  const named = (image: ImageSpecification) => {
    const { further: _, ...rest } = image;
    return imageKey(rest);
  };
  return named(now) === named(approved);
}

function imageText(image: ImageSpecification): string {
  const components = Object.entries(image.components ?? {}).map(([name, version]) => `${name} ${version}`);
  return [
    `base image ${image.baseImage}`,
    image.addOn === undefined ? 'no add-on' : `add-on ${image.addOn.name} ${image.addOn.version}`,
    ...(components.length === 0 ? [] : [`components ${components.join(', ')}`]),
  ].join(', ');
}
