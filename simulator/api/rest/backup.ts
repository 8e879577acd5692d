import type { BackupJob } from '../../world/appliance-state';
import {
  BACKUP_PARTS,
  backupJob,
  backupProblems,
  cancelBackup,
  startBackup,
  type BackupRequest,
} from '../../world/backup';
import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import { text } from './lifecycle-wire';
import { route, type RestRoute } from './route';

const BACKUP = 'com.vmware.appliance.recovery.backup';

/** com.vmware.appliance.recovery.backup.BackupRequest */
interface RequestBody {
  parts: string[];
  location_type: string;
  location: string;
  location_user?: string;
  location_password?: string;
  backup_password?: string;
  comment?: string;
}

/** Backups of the appliance. What is restorable of vTA is not in them (R32). */
export const backupRoutes: readonly RestRoute[] = [
  route<RequestBody>(`${BACKUP}.validate`, ({ body }) => {
    const problems = backupProblems(request(body));
    return {
      status: problems.length > 0 ? 'FAIL' : 'OK',
      messages: problems.map((problem) => text('backup', problem)),
    };
  }),
  route<RequestBody>(`${BACKUP}.job.create`, ({ world, vCenter, session, body }) =>
    status(startBackup(world, vCenter, request(body), session.user)),
  ),
  route(`${BACKUP}.job.list`, ({ vCenter }) => vCenter.appliance.backups.map((job) => job.id).reverse()),
  // Before `job/{id}`: the first route that fits is taken.
  route(`${BACKUP}.job.details.list`, ({ world, vCenter, query }) => {
    const wanted = query['jobs'] as string[] | undefined;
    const jobs = vCenter.appliance.backups.filter((job) => wanted?.includes(job.id) ?? true);
    return Object.fromEntries(jobs.map((job) => [job.id, details(job, world.clock.now())]));
  }),
  route(`${BACKUP}.job.get`, ({ vCenter, path }) => status(backupJob(vCenter, path['id'] ?? ''))),
  route(`${BACKUP}.job.cancel`, ({ world, vCenter, path }) => {
    const done = cancelBackup(world, vCenter, path['id'] ?? '');
    return { status: done ? 'OK' : 'WARNING', messages: done ? [] : [text('backup', 'The backup has ended.')] };
  }),
  route(`${BACKUP}.parts.list`, () =>
    BACKUP_PARTS.map((part) => ({
      id: part.id,
      name: text(`backup.part.${part.id}`, part.name),
      description: text(`backup.part.${part.id}.description`, part.name),
      selected_by_default: true,
      optional: part.optional,
    })),
  ),
  route(`${BACKUP}.parts.get`, ({ path }) => {
    const part = BACKUP_PARTS.find((candidate) => candidate.id === path['id']);
    // The operation declares no NOT_FOUND.
    if (!part) throw new Fault('ERROR', `There is no part ${path['id']}.`);
    return part.sizeMb;
  }),
];

function request(body: RequestBody): BackupRequest {
  return {
    parts: body.parts,
    locationType: body.location_type,
    location: body.location,
    encrypted: body.backup_password !== undefined,
    ...(body.location_user === undefined ? {} : { locationUser: body.location_user }),
    ...(body.comment === undefined ? {} : { comment: body.comment }),
  };
}

/** com.vmware.appliance.recovery.backup.job.BackupJobStatus */
function status(job: BackupJob): Record<string, unknown> {
  return {
    id: job.id,
    state: job.state,
    messages: job.messages,
    progress: job.progress,
    start_time: iso(job.startTime),
    ...(job.endTime === undefined ? {} : { end_time: iso(job.endTime) }),
  };
}

/** com.vmware.appliance.recovery.backup.job.details.Info */
function details(job: BackupJob, now: number): Record<string, unknown> {
  const { startTime, endTime } = job;
  const state = { INPROGRESS: 'RUNNING', NONE: 'RUNNING', SUCCEEDED: 'SUCCEEDED', FAILED: 'FAILED' } as const;
  return {
    location: job.location,
    location_user: job.locationUser ?? '',
    type: 'MANUAL',
    messages: job.messages,
    description: text('backup.job', job.comment ?? ''),
    service: BACKUP,
    operation: 'create',
    status: state[job.state],
    cancelable: endTime === undefined,
    user: job.user,
    progress: { total: 100, completed: job.progress, message: text('backup.progress', `${job.progress} percent`) },
    start_time: iso(startTime),
    ...(endTime === undefined ? {} : { end_time: iso(endTime) }),
    duration: Math.round(((endTime ?? now) - startTime) / 1000),
    size: Math.round((sizeOf(job) * job.progress) / 100),
  };
}

/** Megabytes of a whole backup. */
function sizeOf(job: BackupJob): number {
  return BACKUP_PARTS.filter((part) => job.parts.includes(part.id)).reduce((sum, part) => sum + part.sizeMb, 0);
}
