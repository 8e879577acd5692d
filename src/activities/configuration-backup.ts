import type { Activities } from './activities';
import { activityInfo } from '@temporalio/activity';
import { requireSharedArchive } from './audit-file';
import type { FindSite } from './dependencies';
import { findNotRestorable } from './not-restorable';
import { readVtaConfiguration } from './vta-configuration';

/**
 * The backup of the vTA configuration (R32/R33). Each attempt reads anew and writes a file of its own: a backup that was
 * taken is never overwritten, since it may be the last good copy.
 */
export function createConfigurationBackupActivities(
  findSite: FindSite,
): Pick<Activities, 'vtaEnsureConfigurationBackup' | 'vtaEnsureReport'> {
  return {
    async vtaEnsureConfigurationBackup({ runId, pace, ...ref }) {
      const site = findSite(ref);
      await requireSharedArchive(site.archive, runId);
      const configuration = await readVtaConfiguration(site, pace);
      const notRestorable = await findNotRestorable(site, configuration);
      const takenAt = new Date(site.now()).toISOString();
      const content = { infrastructure: ref.infrastructure, runId, takenAt, notRestorable, configuration };
      const name = `backups/${runId}-vta-configuration-${activityInfo().attempt}.json`;
      const written = await site.archive.write(name, `${JSON.stringify(content, undefined, 2)}\n`);
      return { ...written, notRestorable };
    },

    async vtaEnsureReport({ runId, report, ...ref }) {
      return await findSite(ref).archive.write(`reports/${runId}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
    },
  };
}
