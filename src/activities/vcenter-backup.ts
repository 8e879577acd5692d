import type { Activities, VCenterStepInput } from './activities';
import type { BackupRequest } from '../vsphere/appliance-backup';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import { sameAccount } from './account';
import type { FindSite, Site } from './dependencies';
import { refuse } from './to-failure';
import { callOptions, waitUntil } from './wait';

/** Backup of a vCenter before it is updated. It holds no vTA configuration (R32): that has a backup of its own. */
export function createVCenterBackupActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureVCenterBackup'> {
  return {
    async vtaEnsureVCenterBackup(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const configured = site.connections.endpoint(vCenter.name).backup;
      if (configured === undefined) return { proof: 'none is configured; approved with the plan' };
      if ('elsewhere' in configured) return { proof: `elsewhere: ${configured.elsewhere}` };
      const { backup } = await site.connections.vCenter(vCenter.name);
      const comment = `vta-upgrade run ${input.runId}`;
      return await waitUntil({
        what: `Backup of ${vCenter.name} to ${configured.location}`,
        code: 'VTA_VCENTER_BACKUP_FAILED',
        pace,
        deadlineMs: pace.vCenterBackup.deadlineMs,
        remedy: 'The vCenter was not updated. Look at its backups in the management interface, then decide "retry".',
        async look(remember, remembered, late) {
          const options = callOptions(pace);
          if (typeof remembered !== 'string') {
            const begun = await begunBefore(site, input, configured.location);
            if (begun !== undefined) {
              remember(begun);
              return { pending: 'the backup has begun' };
            }
            if (late) return { pending: 'not begun, since the time for it had passed while no worker was there' };
            const job = await backup.createJob(await requestOf(site, input, comment), options);
            remember(job.id);
            return { pending: 'the backup has begun' };
          }
          const job = await jobOf(site, input, remembered);
          if (job.state === 'SUCCEEDED')
            return { done: { proof: `${configured.location}, job ${job.id}, ended ${job.end_time ?? 'unknown'}` } };
          if (job.state === 'INPROGRESS') return { pending: `${job.progress} %` };
          throw refuse(
            'VTA_VCENTER_BACKUP_FAILED',
            `The backup of ${vCenter.name} to ${configured.location} is ${job.state}: ${job.messages.map((message) => message.text).join(' ')} The vCenter was not updated. Mend the backup target, then decide "retry".`,
          );
        },
      });
    },
  };
}

/**
 * A backup whose record is gone proves nothing.
 * @throws ApplicationFailure VTA_VCENTER_BACKUP_FAILED
 */
async function jobOf(site: Site, { vCenter, pace }: VCenterStepInput, id: string) {
  const { backup } = await site.connections.vCenter(vCenter.name);
  try {
    return await backup.job(id, callOptions(pace));
  } catch (error) {
    if (!(error instanceof ApiFault) || remedyOf(error) !== 'gone') throw error;
    throw refuse(
      'VTA_VCENTER_BACKUP_FAILED',
      `${vCenter.name} does not know its backup ${id} any more, which the run has begun: whether it succeeded is not known, and nothing proves it. The vCenter was not updated. Look at its backups in the management interface, then decide "retry" to take another one.`,
    );
  }
}

/**
 * The newest backup that an earlier attempt of ours began and could not tell of: by our account, to our location, since
 * the run looked at this vCenter. A time of the API may be cut to the second, so one that failed may be of the attempt
 * before a person said "retry": it proves nothing, and another one does no harm.
 */
async function begunBefore(
  site: Site,
  { vCenter, pace, notBefore }: Parameters<Activities['vtaEnsureVCenterBackup']>[0],
  location: string,
): Promise<string | undefined> {
  const { backup } = await site.connections.vCenter(vCenter.name);
  const { username } = site.connections.endpoint(vCenter.name);
  const since = Math.floor(Date.parse(notBefore) / 1000) * 1000;
  let newest: { id: string; began: number } | undefined;
  for (const [id, job] of Object.entries(await backup.jobDetails(callOptions(pace)))) {
    if (job.status === 'FAILED' || !sameAccount(job.user, username) || !isBelow(job.location, location)) continue;
    const began = Date.parse(job.start_time ?? '');
    if (began >= since && began >= (newest?.began ?? 0)) newest = { id, began };
  }
  return newest?.id;
}

/** A job tells its location without credentials, and may tell the directory that the appliance made in it. */
function isBelow(told: string, configured: string): boolean {
  const plain = (location: string) => location.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1').replace(/\/+$/, '');
  return plain(told) === plain(configured) || plain(told).startsWith(`${plain(configured)}/`);
}

async function requestOf(site: Site, { vCenter, pace }: VCenterStepInput, comment: string): Promise<BackupRequest> {
  const configured = site.connections.endpoint(vCenter.name).backup;
  if (configured === undefined || 'elsewhere' in configured) throw refuse('VTA_VCENTER_BACKUP_FAILED', 'No target.');
  const { backup } = await site.connections.vCenter(vCenter.name);
  const parts = await backup.parts(callOptions(pace));
  const secret = async (reference: string | undefined, field: string) =>
    reference === undefined ? undefined : await site.resolveSecret(reference, `${field} of ${vCenter.name}`);
  return {
    parts: parts.filter((part) => !part.optional || part.selected_by_default).map((part) => part.id),
    location_type: locationType(configured.location),
    location: configured.location,
    location_user: configured.username,
    location_password: await secret(configured.password, 'backup.password'),
    backup_password: await secret(configured.encryption, 'backup.encryption'),
    comment,
  };
}

const LOCATION_TYPES = ['FTP', 'HTTP', 'FTPS', 'HTTPS', 'SCP', 'SFTP', 'NFS', 'SMB'] as const;

function locationType(location: string): BackupRequest['location_type'] {
  const scheme = location.split(':')[0]?.toUpperCase();
  const type = LOCATION_TYPES.find((known) => known === scheme);
  if (type === undefined)
    throw refuse(
      'VTA_VCENTER_BACKUP_FAILED',
      `The backup location "${location}" begins with none of ${LOCATION_TYPES.join(', ').toLowerCase()}.`,
    );
  return type;
}
