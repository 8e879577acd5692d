import { hostWorkflowId, vCenterWorkflowId } from '../model/ids';
import type { Inventory } from '../model/inventory';

/**
 * Whether an earlier run's child is still at work on a host or vCenter. Its state then is the state of that work, waited
 * for before anything is begun, and no reason against a plan: a host in the middle of its boot is not a broken one.
 */
export function isAtWork(inventory: Inventory, kind: 'host' | 'vcenter', name: string): boolean {
  const id = kind === 'host' ? hostWorkflowId : vCenterWorkflowId;
  return inventory.openChildren.includes(id(inventory.infrastructure, name));
}
