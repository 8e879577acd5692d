import type { Host } from '../../../world/state';
import type { World } from '../../../world/world';
import type { DataObject } from '../vim25/values';
import { aboutEsxi } from './about';
import { networkInfo, virtualNicManagerInfo } from './host-network';
import { hostRef } from './references';

/** HostServiceInfo: the services of a host as its service system lists them. */
export function serviceInfo(host: Host): DataObject {
  return {
    service: host.services.map(({ key, label, required, running, policy }) => ({
      key,
      label,
      required,
      uninstallable: false,
      running,
      policy,
      sourcePackage: {
        sourcePackageName: 'esx-base',
        description: 'This VIB contains all of the base functionality of vSphere ESXi.',
      },
    })),
  };
}

/** HostConfigInfo, as far as the world knows it. */
export function hostConfig(world: World, host: Host): DataObject {
  return {
    host: hostRef(host),
    product: aboutEsxi(host.runningImage),
    service: serviceInfo(host),
    network: networkInfo(world, host),
    virtualNicManagerInfo: virtualNicManagerInfo(world, host),
    adminDisabled: false,
    lockdownMode: 'lockdownDisabled',
  };
}

/** HostHardwareInfo. The uuid stays when a host leaves the inventory and comes back: hosts are known by it. */
export function hostHardware(host: Host): DataObject {
  return {
    systemInfo: {
      vendor: host.vendor,
      model: host.model,
      uuid: host.hardwareUuid,
      serialNumber: host.hardwareUuid.slice(-12).toUpperCase(),
    },
    cpuInfo: { numCpuPackages: PACKAGES, numCpuCores: CORES, numCpuThreads: CORES * 2, hz: CPU_MHZ * 1_000_000 },
    cpuPkg: [],
    memorySize: MEMORY_BYTES,
    biosInfo: {
      biosVersion: '1.0',
      releaseDate: new Date(Date.UTC(2024, 0, 1)),
      vendor: host.vendor,
      firmwareType: 'EFI',
    },
    smcPresent: false,
  };
}

/** HostHardwareSummary. */
export function hardwareSummary(host: Host): DataObject {
  return {
    vendor: host.vendor,
    model: host.model,
    uuid: host.hardwareUuid,
    memorySize: MEMORY_BYTES,
    cpuModel: 'Intel(R) Xeon(R) Gold 6430',
    cpuMhz: CPU_MHZ,
    numCpuPkgs: PACKAGES,
    numCpuCores: CORES,
    numCpuThreads: CORES * 2,
    numNics: 4,
    numHBAs: 2,
  };
}

// Every host of the simulator has the same processors and memory; no rule depends on them.
const PACKAGES = 2;
export const CORES = 64;
export const CPU_MHZ = 2_100;
export const MEMORY_BYTES = 512 * 2 ** 30;
