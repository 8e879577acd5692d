import { iso } from '../../world/clock';
import type { VCenter } from '../../world/state';
import type { World } from '../../world/world';
import { text } from './lifecycle-wire';

const OPERATIONS: Partial<Record<VCenter['appliance']['state'], string>> = {
  STAGE_IN_PROGRESS: 'stage',
  INSTALL_IN_PROGRESS: 'install',
  INSTALL_FAILED: 'install',
  ROLLBACK_IN_PROGRESS: 'rollback',
};

/**
 * `task` of com.vmware.appliance.update.Info: what is in work, or has failed; absent at rest (guessed: a real appliance
 * may go on showing the last one).
 */
export function updateTask(world: World, { appliance }: VCenter): Record<string, unknown> {
  const operation = OPERATIONS[appliance.state];
  if (operation === undefined) return {};
  const failed = appliance.state === 'INSTALL_FAILED';
  const percent = Math.round(appliance.progress);
  return {
    task: {
      description: text('update.task', `Appliance update: ${operation}`),
      service: 'com.vmware.appliance.update',
      operation,
      status: failed ? 'FAILED' : 'RUNNING',
      cancelable: appliance.state === 'STAGE_IN_PROGRESS',
      progress: { total: 100, completed: percent, message: text('update.progress', `${percent} percent`) },
      start_time: iso(appliance.workStarted ?? world.clock.now()),
      ...(failed ? { end_time: iso(appliance.workEnded ?? world.clock.now()) } : {}),
      subtask_order: [],
      subtasks: {},
    },
  };
}
