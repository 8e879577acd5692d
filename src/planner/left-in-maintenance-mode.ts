import type { HostFacts, Inventory } from '../model/inventory';
import type { MaintenanceModeChange } from '../model/ledger';
import { isAtWork } from './open-children';

/**
 * The change by which an earlier run put a host into maintenance mode in which it still is: not somebody's hand, so the
 * host is finished and taken out. Undefined while that run's child is at work on it.
 */
export function leftInMaintenanceMode(inventory: Inventory, host: HostFacts): MaintenanceModeChange | undefined {
  if (!host.inMaintenanceMode || isAtWork(inventory, 'host', host.name)) return undefined;
  return inventory.leftBehind
    .map(({ change }) => change)
    .filter((change): change is MaintenanceModeChange => change.kind === 'maintenance-mode')
    .find(({ subject }) => subject.uuid === host.uuid);
}
