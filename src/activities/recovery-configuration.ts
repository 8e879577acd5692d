import type { ConfigurationBackup } from '../model/work';
import { sha256 } from './archive';
import type { FindSite, Site } from './dependencies';
import { hostsAway } from './base-images';
import { restoreKeyProviders } from './recovery-key-provider';
import { restoreObjects } from './recovery-objects';
import { Restoration } from './recovery-restoration';
import type { RecoveryActivities } from './recovery-activities';
import { refuse } from './to-failure';
import type { VtaConfigurationCopy } from './vta-configuration';
import { inconsistencies } from './vta-health';
import { waitUntil } from './wait';

type Configuration = Pick<RecoveryActivities, 'vtaEnsureVtaConfigurationRestored'>;

/** Gives a Trust Authority Host that was added again what the other hosts have (R22, R32), judged by health. */
export function createRecoveryConfigurationActivities(findSite: FindSite): Configuration {
  return {
    async vtaEnsureVtaConfigurationRestored(input) {
      const { host, pace } = input;
      const site = findSite(input);
      const backup = await readBackup(site, input.backup);
      const restoration = await Restoration.over(site, pace);
      return await waitUntil({
        what: `The vTA configuration being on ${host.name}`,
        code: 'VTA_TRUST_AUTHORITY_NOT_CONSISTENT',
        pace,
        deadlineMs: pace.baseImage.deadlineMs,
        remedy: `${host.name} is in its cluster, in maintenance mode. Mend what is named, then decide "retry": it goes on with what is missing then.`,
        async look(_remember, _remembered, late) {
          // Which hosts are alike can only be told while all of them can be asked.
          const away = await hostsAway(site, pace);
          if (away.length > 0) return { pending: away.join(', ') };
          let trouble = await inconsistencies(site, pace);
          if (trouble.length > 0 && !late) {
            await restoreObjects(restoration, backup);
            await restoreKeyProviders(restoration, backup);
            trouble = await inconsistencies(site, pace);
          }
          if (trouble.length === 0) return { done: { written: restoration.written, notes: [...restoration.notes] } };
          if (restoration.settled)
            throw refuse('VTA_TRUST_AUTHORITY_NOT_CONSISTENT', failure(host.name, restoration, trouble));
          return { pending: trouble.join('; ') };
        },
      });
    },
  };
}

/**
 * The backup that the run took before it touched a host.
 * @throws ApplicationFailure VTA_ARCHIVE_UNUSABLE when it is gone, VTA_DIGEST_STALE when it was changed
 */
async function readBackup(site: Site, { path, sha256: taken }: ConfigurationBackup): Promise<VtaConfigurationCopy> {
  const bytes = await site.archive.read(path);
  if (bytes === undefined)
    throw refuse(
      'VTA_ARCHIVE_UNUSABLE',
      `The backup of the vTA configuration ${site.archive.path(path)} is gone. Nothing was written. Put it back, then decide "retry".`,
    );
  const digest = sha256(bytes);
  if (digest !== taken)
    throw refuse(
      'VTA_DIGEST_STALE',
      `The backup of the vTA configuration ${site.archive.path(path)} was changed since the run took it: it is ${digest}, taken was ${taken}. Nothing was written. Put it back, then decide "retry".`,
    );
  // Its digest says that it is what this product wrote.
  const content = JSON.parse(bytes.toString('utf8')) as { configuration: VtaConfigurationCopy };
  return content.configuration;
}

/** What is true now, and what a person can do about it. */
function failure(name: string, restoration: Restoration, trouble: readonly string[]): string {
  const { written, problems, existing } = restoration;
  return [
    `${name} is in its cluster, in maintenance mode, and not all hosts of the Trust Authority Cluster have the same configuration, or it does not work: ${trouble.join('; ')}.`,
    `Written: ${written.length === 0 ? 'nothing' : written.join(', ')}. Nothing that the other hosts have was removed.`,
    ...(problems.size === 0 ? [] : [`Could not be given to it: ${[...problems].join('; ')}.`]),
    ...(existing.size === 0
      ? []
      : [
          `The API answered that these exist already: ${[...existing].join(', ')}. What it did not bring to ${name} with that, no API brings there, since there is none for one host. ` +
            `You can remove what is named above from the whole cluster and create it anew for all hosts at a time when nobody needs it (no Trusted Host attests or gets keys by it meanwhile), or have ${name} cleaned and set up by hand as for a new host (article 77234 of VMware).`,
        ]),
    `Then decide "retry": health is read again, and it goes on with what is missing then.`,
  ].join(' ');
}
