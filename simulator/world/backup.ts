import type { BackupJob } from './appliance-state';
import { Fault, message } from './fault';
import type { VCenter } from './state';
import type { World } from './world';

/** What somebody asks to be backed up. Passwords are looked at and forgotten: no state ever holds them. */
export interface BackupRequest {
  parts: string[];
  locationType: string;
  location: string;
  locationUser?: string;
  comment?: string;
  encrypted: boolean;
}

/** Parts of a backup. documented: `common` is what must be in it, `seat` the statistics and events. */
export const BACKUP_PARTS = [
  { id: 'common', name: 'Inventory and configuration', optional: false, sizeMb: 412 },
  { id: 'seat', name: 'Stats, Events, and Tasks', optional: true, sizeMb: 1_238 },
] as const;

/** Why a backup to that place cannot succeed; empty: it can. guessed: any host of a known protocol is reachable. */
export function backupProblems(request: BackupRequest): string[] {
  const problems: string[] = [];
  const known = BACKUP_PARTS.map((part) => part.id as string);
  const foreign = request.parts.filter((part) => !known.includes(part));
  if (foreign.length > 0) problems.push(`Unknown parts: ${foreign.join(', ')}.`);
  const scheme = /^([a-z]+):\/\/[^/]+/i.exec(request.location)?.[1];
  if (scheme === undefined || scheme.toUpperCase() !== request.locationType) {
    problems.push(`${withoutCredentials(request.location)} is no location of type ${request.locationType}.`);
  }
  return problems;
}

/**
 * Starts a backup.
 * @throws Fault FEATURE_IN_USE while another one runs (documented)
 */
export function startBackup(world: World, vCenter: VCenter, request: BackupRequest, user: string): BackupJob {
  const { backups } = vCenter.appliance;
  if (backups.some((job) => job.state === 'INPROGRESS')) {
    throw new Fault('FEATURE_IN_USE', 'A backup is already in progress.');
  }
  const job: BackupJob = {
    id: newId(world, vCenter),
    state: 'INPROGRESS',
    location: withoutCredentials(request.location),
    locationType: request.locationType,
    ...(request.locationUser === undefined ? {} : { locationUser: request.locationUser }),
    parts: [...new Set(['common', ...request.parts])],
    ...(request.comment === undefined ? {} : { comment: request.comment }),
    encrypted: request.encrypted,
    progress: 0,
    startTime: world.clock.now(),
    messages: [],
    user,
  };
  backups.push(job);
  world.events.add('backup-started', { vCenter: vCenter.id }, { job: job.id, location: job.location, user });
  void run(world, vCenter, job, backupProblems(request));
  return job;
}

/** Fault `backup-fails`; a vCenter that goes away takes its backup with it (guessed). */
async function run(world: World, vCenter: VCenter, job: BackupJob, problems: string[]): Promise<void> {
  for (let step = 1; step <= 4; step += 1) {
    await world.clock.sleep(world.settings.durations.backup / 4);
    if (job.state !== 'INPROGRESS') return;
    if (vCenter.availability !== 'up') problems.push('The appliance was restarted.');
    if (problems.length > 0) break;
    job.progress = step * 25;
  }
  const fault = world.faults.take(['backup-fails'], { vCenter });
  if (fault) problems.push(fault.message ?? 'The connection to the backup server was lost.');
  finish(world, vCenter, job, problems);
}

function finish(world: World, vCenter: VCenter, job: BackupJob, problems: readonly string[]): void {
  job.state = problems.length > 0 ? 'FAILED' : 'SUCCEEDED';
  job.endTime = world.clock.now();
  job.messages = problems.map((text) => message('backup', text));
  world.events.add('backup-finished', { vCenter: vCenter.id }, { job: job.id, state: job.state, problems });
}

/** @throws Fault NOT_FOUND */
export function backupJob(vCenter: VCenter, id: string): BackupJob {
  const job = vCenter.appliance.backups.find((candidate) => candidate.id === id);
  if (!job) throw new Fault('NOT_FOUND', `The backup ${id} does not exist.`);
  return job;
}

/** Stops a backup that runs. @returns whether there was something to stop @throws Fault NOT_FOUND */
export function cancelBackup(world: World, vCenter: VCenter, id: string): boolean {
  const job = backupJob(vCenter, id);
  if (job.state !== 'INPROGRESS') return false;
  finish(world, vCenter, job, ['The backup was canceled.']);
  return true;
}

/** `20251124-101530-24322831`: time and build (guessed), with a number for a second one in the same second. */
function newId(world: World, vCenter: VCenter): string {
  const time = new Date(world.clock.now()).toISOString();
  const stamp = `${time.slice(0, 10).replaceAll('-', '')}-${time.slice(11, 19).replaceAll(':', '')}`;
  const id = `${stamp}-${vCenter.build}`;
  const taken = vCenter.appliance.backups.filter((job) => job.id.startsWith(id)).length;
  return taken === 0 ? id : `${id}-${taken}`;
}

/** `sftp://user:secret@host/path` is not kept as it came. */
function withoutCredentials(location: string): string {
  return location.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}
