import type { RemovalRefused } from '../activities/activities';
import type { BaseImageRemoval, BaseImageVerdict } from '../model/base-image-review';
import type { BaseImageFile } from '../model/work';
import { describeFailure, fail, isStepFailure } from './failures';
import { writeWhatWaits } from './ledger-entry';
import { longWork, reads } from './proxies';
import type { Run, Skip } from './run';
import type { ImageRemovalState } from './run-state';

const LEAVE_IT = 'Decide "skip" to leave it trusted; "retry" judges it anew.';

/** Ids of the gate and of the step that looks for what may go. */
const REMOVAL = 'base-image-removal';

/**
 * Removes the base images that nothing needs any more (R13, R15, R30): the list is approved by people, each image is
 * judged again right before it goes, and after each one the attestation of every host is watched. An image that turns out
 * to be needed is imported again at once. Nobody has to answer: unanswered or rejected, all images stay.
 */
export async function removeBaseImages(run: Run): Promise<void> {
  const asked = run.plan.removal;
  if (asked === undefined) return;
  const removal = { keepForMs: asked.keepForMs, withoutFile: asked.withoutFile };
  await run.once(
    REMOVAL,
    async () => {
      // A recovery of this run that has ended must not look like an open one.
      await writeWhatWaits(run);
      return await approve(run, (run.state.removal ??= await review(run, removal)));
    },
    { skip: removeNone() },
  );
  const { removal: state } = run.state;
  if (state?.approved === undefined) return;
  for (const image of mayGo(state)) {
    const step = `${REMOVAL}:${image.version}`;
    await run.once(step, () => removeOne(run, state, removal, image), { skip: leaveAsItIs(state, image) });
  }
}

/** What cannot be judged is left as it is; a run that has done its work does not wait for it. */
function removeNone(): Skip {
  return {
    refusal: () => Promise.resolve(undefined),
    leave: () => Promise.resolve('none was removed: what may go could not be judged'),
  };
}

async function review(run: Run, removal: BaseImageRemoval): Promise<ImageRemovalState> {
  run.say('Looking which base images nothing needs any more.');
  const { pace } = run.plan;
  const read = reads(pace, 'base images: what may go?').vtaReadBaseImageReview({ ...run.ref, removal, pace });
  return { ...(await read), images: {} };
}

function mayGo({ review: { images } }: ImageRemovalState): BaseImageVerdict[] {
  return images.filter((image) => image.mayGo);
}

/** Says what was decided. */
async function approve(run: Run, state: ImageRemovalState): Promise<string> {
  const { review, digest } = state;
  const going = mayGo(state);
  if (going.length === 0) return `none was removed. ${whyAllStay(state)}`;
  const answer = await run.gateUntilExpiry({
    id: REMOVAL,
    question: `May ${going.map(({ version }) => `"${version}"`).join(', ')} be removed from the trusted base images?`,
    facts: review.images.map(({ version, mayGo: goes, file, why }) =>
      goes
        ? `would go: ${version}: ${why.join('; ')}${file === undefined ? '; NO FILE of it is in the archive: it could not be imported again' : ''}`
        : `stays: ${version}: ${why.join('; ')}`,
    ),
    digest,
    closes: true,
  });
  if (answer?.outcome === 'approved') {
    state.approved = true;
    return `${going.length} of ${review.images.length} are to be removed, approved by ${answer.by.join(', ')}`;
  }
  const why = answer === undefined ? 'nobody answered in time' : `${answer.by.join(', ')} rejected it`;
  return `none was removed: ${why}`;
}

function whyAllStay({ review: { blocked, images } }: ImageRemovalState): string {
  const reasons = blocked.length > 0 ? blocked : images.map(({ version, why }) => `${version}: ${why.join('; ')}.`);
  return reasons.join(' ');
}

async function removeOne(
  run: Run,
  { images }: ImageRemovalState,
  removal: BaseImageRemoval,
  image: BaseImageVerdict,
): Promise<string> {
  const { version } = image;
  const { pace } = run.plan;
  if (images[version] === 'needed')
    throw await takeBack(run, images, image, `Base image ${version} was found to be needed after it was removed.`);
  const before = await reads(pace, 'base image: before the removal').vtaReadBeforeImport({ ...run.ref, pace });
  await remove(run, images, removal, image, before.clocks);
  const seen = await requireAttested(run, images, image, before.clocks);
  images[version] = 'removed';
  const anew = seen.hosts - seen.notAnew.length;
  const rest = seen.notAnew.length === 0 ? '' : `; not seen to attest anew yet: ${seen.notAnew.join(', ')}`;
  return `removed; ${anew} of ${seen.hosts} hosts have attested since${rest}`;
}

/** @param since clock of each workload vCenter from before */
async function remove(
  run: Run,
  images: ImageRemovalState['images'],
  removal: BaseImageRemoval,
  image: BaseImageVerdict,
  since: Record<string, string>,
): Promise<void> {
  const { version } = image;
  const { pace } = run.plan;
  run.say(`Removing base image ${version}.`);
  const resumed = images[version] === 'begun';
  images[version] = 'begun';
  run.audit('base image removal begun', version);
  const removing = run.longWork(pace.baseImage, `base image: remove ${version}`);
  try {
    await removing.vtaEnsureBaseImageRemoved({ ...run.ref, version, removal, resumed, pace });
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    const { code, message, details } = describeFailure(error);
    if (code !== 'VTA_BASE_IMAGE_NEEDED') {
      // It may be gone all the same: a host that needs it is not left waiting for people.
      throw await orTakenBack(run, images, image, since, error);
    }
    if ((details as RemovalRefused | undefined)?.begun !== false) throw await takeBack(run, images, image, message);
    images[version] = 'kept';
    throw fail(code, `${message} Nothing was removed. ${LEAVE_IT}`);
  }
}

/** @returns what to fail with: what happened, unless a host turns out to need the image meanwhile */
async function orTakenBack(
  run: Run,
  images: ImageRemovalState['images'],
  image: BaseImageVerdict,
  since: Record<string, string>,
  happened: unknown,
): Promise<unknown> {
  try {
    await requireAttested(run, images, image, since);
    return happened;
  } catch (error) {
    // That nobody could be watched must not hide what led here.
    return isStepFailure(error) && images[image.version] === 'begun' ? happened : error;
  }
}

/** Watches the attestation of every host; an image that one turns out to need is imported again at once. */
async function requireAttested(
  run: Run,
  images: ImageRemovalState['images'],
  image: BaseImageVerdict,
  since: Record<string, string>,
): Promise<{ notAnew: string[]; hosts: number }> {
  const { pace } = run.plan;
  const { version } = image;
  run.say(`Watching whether every host still attests without base image ${version}.`);
  const { deadlineMs } = pace.firstAttestation;
  const watching = longWork(pace, pace.firstAttestation, `base image: do all attest without ${version}?`);
  const seen = await watching.vtaWaitAttestedByAll({ ...run.ref, since, pace, until: 'refused', deadlineMs });
  if (seen.refused.length === 0) return seen;
  const found = `After base image ${version} was removed, ${seen.refused.join(', ')} did not attest.`;
  throw await takeBack(run, images, image, found);
}

/** An image that is needed is imported again; people decide what next. @returns what to fail with */
async function takeBack(
  run: Run,
  images: ImageRemovalState['images'],
  image: BaseImageVerdict,
  found: string,
): Promise<Error> {
  images[image.version] = 'needed';
  run.audit('base image needed', image.version, found);
  return fail('VTA_BASE_IMAGE_NEEDED', `${found} ${await importAgain(run, images, image, found)} ${LEAVE_IT}`);
}

/** Says what is true then. */
async function importAgain(
  run: Run,
  images: ImageRemovalState['images'],
  { version, file }: BaseImageVerdict,
  found: string,
): Promise<string> {
  const { pace } = run.plan;
  if (file === undefined)
    throw fail(
      'VTA_BASE_IMAGE_NEEDED',
      `${found} The archive holds no file of it. Export it from a host that runs it and import it, or reboot the hosts fully.`,
    );
  run.say(`Base image ${version} is needed: importing it again.`);
  const whole: BaseImageFile = { ...file, bytes: 0, facts: [] };
  const importing = run.longWork(pace.baseImage, `base image: import ${version} again`);
  const before = await reads(pace, 'base image: before the import').vtaReadBeforeImport({ ...run.ref, pace });
  try {
    await importing.vtaEnsureBaseImageImported({ ...run.ref, file: whole, before, pace });
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    const { code, message } = describeFailure(error);
    throw fail(code, `${found} Base image ${version} is NOT trusted again: ${message} "retry" tries it again.`);
  }
  const { deadlineMs } = pace.attestation;
  const watching = run.longWork(pace.attestation, `base image: do all attest with ${version} again?`);
  const since = before.clocks;
  const seen = await watching.vtaWaitAttestedByAll({ ...run.ref, since, pace, until: 'attested', deadlineMs });
  images[version] = 'kept';
  run.audit('base image imported again', version, found);
  const refused = seen.refused.length === 0 ? 'every host attests' : `${seen.refused.join(', ')} do NOT attest yet`;
  return `It was imported again at once; now ${refused}.`;
}

/** An image too many does no harm. */
function leaveAsItIs({ images }: ImageRemovalState, { version }: BaseImageVerdict): Skip {
  return {
    refusal: () => Promise.resolve(undefined),
    leave: () => {
      const begun = images[version] === 'begun' || images[version] === 'needed';
      return Promise.resolve(
        begun ? 'left as it is: it may be gone from Trust Authority Hosts, see their base images' : 'left trusted',
      );
    },
  };
}
