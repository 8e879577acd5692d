import { activityInfo } from '@temporalio/activity';
import type { AttestingHost, BaseImageFacts, BaseImageReview } from '../model/base-image-review';
import type { Pace } from '../model/pace';
import { canonicalJson } from '../planner/canonical';
import { reviewBaseImages } from '../planner/review-base-images';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { Activities, RemovalRefused } from './activities';
import { sha256 } from './archive';
import { readAttestingHosts, readBaseImageFacts } from './base-image-facts';
import type { FindSite, Site } from './dependencies';
import { isAfter } from './host-facts';
import { refuse } from './to-failure';
import { trustAuthorityReader } from './trust-authority-reader';
import { readServiceHealth } from './trust-authority-health';
import { passedMs, waitUntil } from './wait';

type RemovalActivities = Pick<
  Activities,
  'vtaReadBaseImageReview' | 'vtaEnsureBaseImageRemoved' | 'vtaWaitAttestedByAll'
>;

/** Base images that nothing needs any more: found, and removed one by one (R13, R15, R30, R31). */
export function createBaseImageRemovalActivities(findSite: FindSite): RemovalActivities {
  return {
    async vtaReadBaseImageReview({ removal, pace, ...ref }) {
      const review = reviewBaseImages(await readBaseImageFacts(findSite(ref), pace), removal);
      return { review, digest: sha256(canonicalJson(review.images.filter(({ mayGo }) => mayGo))) };
    },

    async vtaEnsureBaseImageRemoved({ version, removal, resumed, pace, ...ref }) {
      const site = findSite(ref);
      // The cluster may be left with hosts that differ in it, if this is not the first try: that is what is mended here.
      let begun = resumed || activityInfo().attempt > 1;
      await waitUntil({
        what: `The removal of base image ${version}`,
        code: 'VTA_DEADLINE_PASSED',
        pace,
        deadlineMs: pace.baseImage.deadlineMs,
        remedy: 'It may be gone from some Trust Authority Hosts. Mend what is named, then decide "retry".',
        async look(_remember, _remembered, late) {
          const facts = await readBaseImageFacts(site, pace);
          if (!facts.images.some((image) => image.version === version)) {
            const trouble = await readServiceHealth(site, pace);
            return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
          }
          requireNotNeeded(reviewBaseImages(begun ? asIfWell(facts, version) : facts, removal), version, begun);
          if (late) return { pending: 'nothing is begun any more after the deadline' };
          begun = true;
          await remove(site, version, pace);
          return { pending: 'it is being removed' };
        },
      });
    },

    async vtaWaitAttestedByAll({ since, until, deadlineMs, pace, ...ref }) {
      const site = findSite(ref);
      return await waitUntil({
        what: 'The attestation of every Trusted Host',
        code: 'VTA_NOT_ATTESTED',
        pace,
        deadlineMs: 2 * deadlineMs,
        remedy: 'Look at the hosts that are named.',
        async look() {
          const hosts = await readAttestingHosts(site, pace);
          const over = passedMs() >= deadlineMs;
          const anew = ({ vCenter, attestation, attestedAt }: AttestingHost) =>
            attestation === 'attested' && isAfter(attestedAt, since[vCenter]);
          const notAnew = hosts.filter((host) => !anew(host));
          // An old report of one service must not hide the refusal of another; one that cannot be asked is no good end.
          const refused = notAnew.filter(
            ({ attestation, refusedBySome }) =>
              refusedBySome === true || attestation === 'notAttested' || (over && attestation !== 'attested'),
          );
          const names = (of: AttestingHost[]) => of.map(({ name }) => name);
          const seen = { refused: names(refused), notAnew: names(notAnew), hosts: hosts.length };
          const decided = notAnew.length === 0 || (until === 'refused' && refused.length > 0);
          if (decided || over) return { done: seen };
          return { pending: `not attested anew yet: ${names(notAnew).join(', ')}` };
        },
      });
    },
  };
}

function asIfWell(facts: BaseImageFacts, version: string): BaseImageFacts {
  const images = facts.images.map((image) => (image.version === version ? { ...image, health: 'OK' as const } : image));
  return { ...facts, images };
}

/** @param begun it may be gone from some Trust Authority Hosts already */
function requireNotNeeded({ images, blocked }: BaseImageReview, version: string, begun: boolean): void {
  const verdict = images.find((image) => image.version === version);
  if (verdict === undefined || verdict.mayGo) return;
  throw refuse(
    'VTA_BASE_IMAGE_NEEDED',
    `Base image ${version} must stay after all: ${[...blocked, ...verdict.why].join('; ')}.`,
    { begun } satisfies RemovalRefused,
  );
}

/** Exactly this one (R31). Gone is gone. */
async function remove(site: Site, version: string, pace: Pace): Promise<void> {
  const { baseImages, cluster, run } = await trustAuthorityReader(site, pace);
  try {
    await run((o) => baseImages.remove(cluster, version, o));
  } catch (error) {
    if (!(error instanceof ApiFault) || remedyOf(error) !== 'gone') throw error;
  }
}
