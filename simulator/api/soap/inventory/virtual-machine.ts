import type { VCenter, Vm } from '../../../world/state';
import type { World } from '../../../world/world';
import type { PropertyReaders } from '../managed-object';
import type { DataObject } from '../vim25/values';
import { QUIET_ENTITY } from './managed-entity';
import { hostRef, resourcePoolRef, vmFolderRef, vmRef } from './references';

const POWER_STATES = { POWERED_ON: 'poweredOn', POWERED_OFF: 'poweredOff', SUSPENDED: 'suspended' } as const;
const GUEST = { guestId: 'otherLinux64Guest', guestFullName: 'Other Linux (64-bit)' };

/** Properties of a VirtualMachine. */
export function vmReaders(world: World, vCenter: VCenter): PropertyReaders<Vm> {
  return {
    ...QUIET_ENTITY,
    name: (vm) => vm.name,
    parent: () => vmFolderRef(vCenter),
    recentTask: () => [],
    runtime: (vm) => runtime(world, vm),
    summary: (vm) => summary(world, vm),
    config: (vm) => config(world, vm),
    guest: (vm) => ({
      toolsStatus: 'toolsNotInstalled',
      toolsRunningStatus: 'guestToolsNotRunning',
      guestState: vm.powerState === 'POWERED_ON' ? 'running' : 'notRunning',
    }),
    resourcePool: (vm) => {
      const cluster = world.clusterOf(world.host(vm.host));
      return cluster ? resourcePoolRef(cluster) : undefined;
    },
    datastore: () => [],
    network: () => [],
    guestHeartbeatStatus: (vm) => (vm.powerState === 'POWERED_ON' ? 'green' : 'gray'),
  };
}

function runtime(world: World, vm: Vm): DataObject {
  const host = world.host(vm.host);
  return {
    host: hostRef(host),
    connectionState: host.connectionState === 'connected' ? 'connected' : 'disconnected',
    powerState: POWER_STATES[vm.powerState],
    faultToleranceState: 'notConfigured',
    toolsInstallerMounted: false,
    numMksConnections: 0,
    recordReplayState: 'inactive',
    onlineStandby: false,
    consolidationNeeded: false,
  };
}

function summary(world: World, vm: Vm): DataObject {
  return {
    vm: vmRef(vm),
    runtime: runtime(world, vm),
    config: {
      ...GUEST,
      name: vm.name,
      template: false,
      vmPathName: path(vm),
      memorySizeMB: vm.memoryMb,
      numCpu: vm.cpuCount,
    },
    guest: { ...GUEST, toolsStatus: 'toolsNotInstalled', toolsRunningStatus: 'guestToolsNotRunning' },
    quickStats: { guestHeartbeatStatus: vm.powerState === 'POWERED_ON' ? 'green' : 'gray' },
    overallStatus: 'green',
  };
}

/** VirtualMachineConfigInfo: an encrypted VM is known by its `keyId`. */
function config(world: World, vm: Vm): DataObject {
  return {
    ...GUEST,
    changeVersion: '1',
    modified: new Date(0),
    name: vm.name,
    version: 'vmx-21',
    uuid: `564d0000-0000-0000-0000-${vm.moid.replace(/\D/g, '').padStart(12, '0')}`,
    template: false,
    alternateGuestName: '',
    files: { vmPathName: path(vm) },
    flags: {},
    defaultPowerOps: {},
    hardware: { numCPU: vm.cpuCount, memoryMB: vm.memoryMb },
    ...(vm.encrypted ? { keyId: { keyId: `key-${vm.moid}`, ...keyProvider(world) } } : {}),
  };
}

/** The provider of the keys is the Trust Authority's first; without one a key is known by its id only. */
function keyProvider(world: World): DataObject {
  const id = world.state.hosts.find(({ trust }) => trust !== null)?.trust?.keyProviders[0]?.provider;
  return id === undefined ? {} : { providerId: { id } };
}

function path(vm: Vm): string {
  return `[vsan] ${vm.name}/${vm.name}.vmx`;
}
