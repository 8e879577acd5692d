import type { Host } from '../../../world/state';
import type { World } from '../../../world/world';
import type { PropertyReaders } from '../managed-object';
import type { MoRef } from '../vim25/values';
import { hostCapability } from './host-capability';
import { hostConfig, hostHardware, serviceInfo } from './host-config';
import { virtualNicManagerRef } from './host-network';
import { hostRuntime, hostSummary, overallStatus } from './host-summary';
import { QUIET_ENTITY, recentTasks } from './managed-entity';
import { serviceSystemRef, vmRef } from './references';

/** Properties of a HostSystem. @param parent the compute resource that holds it */
export function hostReaders(world: World, endpoint: string, parent: MoRef): PropertyReaders<Host> {
  return {
    ...QUIET_ENTITY,
    name: (host) => host.name,
    parent: () => parent,
    overallStatus,
    recentTask: (host) => recentTasks(world, endpoint, host.moid),
    runtime: hostRuntime,
    summary: (host) => hostSummary(world, host),
    hardware: hostHardware,
    capability: hostCapability,
    config: (host) => hostConfig(world, host),
    configManager: (host) => ({
      serviceSystem: serviceSystemRef(host),
      virtualNicManager: virtualNicManagerRef(host),
    }),
    vm: (host) => world.state.vms.filter((vm) => vm.host === host.name).map(vmRef),
    datastore: () => [],
    network: () => [],
  };
}

/** Properties of a HostServiceSystem: it is read of the host that it belongs to. */
export const SERVICE_SYSTEM_READERS: PropertyReaders<Host> = {
  value: () => [],
  availableField: () => [],
  serviceInfo,
};
