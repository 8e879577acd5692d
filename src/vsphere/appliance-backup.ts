import { boolean, id, list, mapOf, number, object, oneOf, string, timestamp, type Decoded } from './decode';
import { localizableMessage } from './localizable-message';
import type { RestClient } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';

/** Where a backup goes and what it holds. The passwords are used for the request and kept nowhere here. */
export interface BackupRequest {
  /** Ids of `parts`; the ones that are not optional are always taken. */
  readonly parts: readonly string[];
  readonly location_type: 'FTP' | 'HTTP' | 'FTPS' | 'HTTPS' | 'SCP' | 'SFTP' | 'NFS' | 'SMB';
  readonly location: string;
  readonly location_user?: string | undefined;
  readonly location_password?: string | undefined;
  /** Encrypts the backup; without it, restoring needs no password either. */
  readonly backup_password?: string | undefined;
  readonly comment?: string | undefined;
}

const check = object({ status: oneOf('OK', 'WARNING', 'FAIL'), messages: list(localizableMessage) });
/** Whether a backup to this location would work. */
export type BackupCheck = Decoded<typeof check>;

const job = object(
  {
    id: string,
    state: oneOf('INPROGRESS', 'SUCCEEDED', 'FAILED', 'NONE'),
    progress: number,
    start_time: timestamp,
    messages: list(localizableMessage),
  },
  { end_time: timestamp },
);
/** A backup job; `progress` in percent. */
export type BackupJob = Decoded<typeof job>;

const jobDetails = object({ location: string, status: string }, { start_time: timestamp, user: string });
/** Who began a backup job, when and to where: what tells ours from a stranger's. */
export type BackupJobDetails = Decoded<typeof jobDetails>;

const part = object({ id, optional: boolean, selected_by_default: boolean }, { name: localizableMessage });
/** Something that a backup can hold, such as `common` and `seat`. */
export type BackupPart = Decoded<typeof part>;

/** File-based backup of the appliance: `/api/appliance/recovery/backup`, since 6.5. Holds no vTA configuration (R32). */
export class ApplianceBackup {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/parts` · repeatable. */
  parts(options?: CallOptions): Promise<BackupPart[]> {
    return this.rest.get('/api/appliance/recovery/backup/parts', list(part), options);
  }

  /** `POST …?action=validate` · repeatable. FEATURE_IN_USE while another backup or restore runs. */
  validate(request: BackupRequest, options?: CallOptions): Promise<BackupCheck> {
    const to = withQuery('/api/appliance/recovery/backup', { action: 'validate' });
    return this.rest.call({ method: 'POST', path: to, body: written(request) }, check, options);
  }

  /** `POST …/job` · NOT repeatable: after a lost answer look for it among `jobDetails`. FEATURE_IN_USE while another one runs. */
  createJob(request: BackupRequest, options?: CallOptions): Promise<BackupJob> {
    const to = '/api/appliance/recovery/backup/job';
    return this.rest.call({ method: 'POST', path: to, body: written(request) }, job, options);
  }

  /** `GET …/job/details`, since 6.7 · repeatable. The known jobs by id. */
  jobDetails(options?: CallOptions): Promise<Record<string, BackupJobDetails>> {
    return this.rest.get('/api/appliance/recovery/backup/job/details', mapOf(jobDetails), options);
  }

  /** `GET …/job/{id}` · repeatable. */
  job(jobId: string, options?: CallOptions): Promise<BackupJob> {
    return this.rest.get(path`/api/appliance/recovery/backup/job/${jobId}`, job, options);
  }
}

/** Only the fields of the API, whatever else the caller's object holds. */
function written(request: BackupRequest): BackupRequest {
  const { parts, location_type, location, location_user, location_password, backup_password, comment } = request;
  return { parts, location_type, location, location_user, location_password, backup_password, comment };
}
