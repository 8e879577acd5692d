/**
 * Points at a managed object of one vCenter: its WSDL type (`HostSystem`) and its id there (`host-21`). Ids are text,
 * mean nothing outside their vCenter, and change when an object leaves the inventory and comes back.
 */
export interface ManagedObjectReference {
  readonly type: string;
  readonly id: string;
}

/** True if both point at the same object of the same vCenter. */
export function sameObject(a: ManagedObjectReference, b: ManagedObjectReference): boolean {
  return a.type === b.type && a.id === b.id;
}
