import type { PlannedVCenter } from '../model/plan';
import { decodeFault } from '../vsphere/rest-answer';
import type { UpdateState } from '../vsphere/appliance-update';
import { refuse } from './to-failure';

/** What the updater of an appliance says of itself, for people. */
export function whatItSays({ state, version, task }: UpdateState): string {
  if (task === undefined) return `${state}, version ${version}`;
  const { messages } = decodeFault(task.error);
  const why = messages.length === 0 ? '' : ` (${messages.join(' ')})`;
  return `${state}, version ${version}; ${task.operation ?? 'its last operation'} is ${task.status}${why}`;
}

/**
 * Refuses in states in which nothing can be begun and nothing is waited for.
 * @throws ApplicationFailure VTA_VCENTER_UPDATE_FAILED
 */
export function refuseBroken(vCenter: PlannedVCenter, running: string, updater: UpdateState): void {
  if (updater.state === 'INSTALL_FAILED')
    throw refuse(
      'VTA_VCENTER_UPDATE_FAILED',
      `${vCenter.name} says that an installation failed and that it cannot recover: ${whatItSays(updater)}. It runs ${running}. Roll back or restore it from the backup, then decide "retry" or "abort".`,
    );
  if (updater.state === 'ROLLBACK_IN_PROGRESS')
    throw refuse(
      'VTA_VCENTER_UPDATE_FAILED',
      `${vCenter.name} is being rolled back: ${whatItSays(updater)}. It runs ${running}. When that has ended, decide "retry" to update it again, or "abort".`,
    );
}

/** What somebody else stages or installs, for people, or undefined. The target version is taken for the run's own. */
export function strangersWork(vCenter: PlannedVCenter, { state, version }: UpdateState): string | undefined {
  if (version === vCenter.to) return undefined;
  if (state === 'INSTALL_IN_PROGRESS') return `somebody else installs ${version} on it`;
  if (state === 'STAGE_IN_PROGRESS') return `somebody else stages ${version} on it`;
  return undefined;
}

/** True when the updater shows the end of an installation that began at that time (the vCenter's clock) or later. */
export function installEndedSince({ task }: UpdateState, notBefore: string): boolean {
  if (task?.start_time === undefined || task.operation?.toLowerCase().includes('install') !== true) return false;
  // A time of the API may be cut to the second.
  return Date.parse(task.start_time) >= Math.floor(Date.parse(notBefore) / 1000) * 1000;
}
