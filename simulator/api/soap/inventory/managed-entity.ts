import type { World } from '../../../world/world';
import { MoRef, type VimValue } from '../vim25/values';

/** Properties that every managed entity has and that the simulator keeps at their quiet values. */
export const QUIET_ENTITY = {
  availableField: () => [],
  value: () => [],
  customValue: () => [],
  configIssue: () => [],
  configStatus: () => 'green',
  overallStatus: () => 'green',
  permission: () => [],
  disabledMethod: () => [],
  declaredAlarmState: () => [],
  triggeredAlarmState: () => [],
  alarmActionsEnabled: () => true,
  tag: () => [],
} satisfies Record<string, () => VimValue>;

/** References to the tasks of an entity that ended in the last minutes or run; documented for `recentTask`. */
export function recentTasks(world: World, endpoint: string, moid?: string): MoRef[] {
  const since = world.clock.now() - RECENT_MILLISECONDS;
  return world.tasks
    .list((task) => task.kind === 'vim' && task.vCenter === endpoint)
    .filter((task) => moid === undefined || task.target?.moid === moid)
    .filter((task) => (task.completeTime ?? Infinity) > since)
    .map((task) => new MoRef('Task', task.id));
}

const RECENT_MILLISECONDS = 10 * 60_000;
