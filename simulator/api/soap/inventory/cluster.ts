import type { Cluster, VCenter } from '../../../world/state';
import type { World } from '../../../world/world';
import type { PropertyReaders } from '../managed-object';
import type { DataObject } from '../vim25/values';
import { CORES, CPU_MHZ, MEMORY_BYTES } from './host-config';
import { QUIET_ENTITY, recentTasks } from './managed-entity';
import { hostFolderRef, hostRef, resourcePoolRef } from './references';

/** Properties of a ClusterComputeResource. */
export function clusterReaders(world: World, vCenter: VCenter): PropertyReaders<Cluster> {
  return {
    ...QUIET_ENTITY,
    name: (cluster) => cluster.name,
    parent: () => hostFolderRef(vCenter),
    recentTask: (cluster) => recentTasks(world, vCenter.id, cluster.moid),
    host: (cluster) => world.hostsOf(vCenter, cluster.moid).map(hostRef),
    resourcePool: (cluster) => resourcePoolRef(cluster),
    datastore: () => [],
    network: () => [],
    summary: (cluster) => clusterSummary(world, vCenter, cluster),
    configuration: (cluster) => ({ ...availability(cluster) }),
    configurationEx: (cluster) => ({
      $type: 'ClusterConfigInfoEx',
      vmSwapPlacement: 'vmDirectory',
      // The world knows no storage.
      vsanConfigInfo: { enabled: false, defaultConfig: { autoClaimStorage: false } },
      ...availability(cluster),
    }),
    lifecycleManaged: (cluster) => cluster.lifecycle.enabled,
    configManagerEnabled: () => false,
  };
}

function availability({ haEnabled, drsEnabled }: Cluster): DataObject {
  return {
    dasConfig: {
      enabled: haEnabled,
      admissionControlEnabled: haEnabled,
      vmMonitoring: 'vmMonitoringDisabled',
      hostMonitoring: haEnabled ? 'enabled' : 'disabled',
    },
    drsConfig: { enabled: drsEnabled, defaultVmBehavior: 'fullyAutomated', vmotionRate: 3 },
  };
}

/** ClusterResourceUsageSummary: the capacity of the hosts that are connected; nothing of it is used, as in their statistics. */
export function resourceUsage(world: World, vCenter: VCenter, cluster: Cluster): DataObject {
  const hosts = world.hostsOf(vCenter, cluster.moid).filter((host) => host.connectionState === 'connected').length;
  return {
    cpuUsedMHz: 0,
    cpuCapacityMHz: hosts * CORES * CPU_MHZ,
    memUsedMB: 0,
    memCapacityMB: (hosts * MEMORY_BYTES) / 2 ** 20,
    storageUsedMB: 0,
    storageCapacityMB: 0,
  };
}

function clusterSummary(world: World, vCenter: VCenter, cluster: Cluster): DataObject {
  const hosts = world.hostsOf(vCenter, cluster.moid);
  const effective = hosts.filter((host) => host.connectionState === 'connected' && !host.inMaintenanceMode).length;
  return {
    $type: 'ClusterComputeResourceSummary',
    totalCpu: hosts.length * CORES * CPU_MHZ,
    totalMemory: hosts.length * MEMORY_BYTES,
    numCpuCores: hosts.length * CORES,
    numCpuThreads: hosts.length * CORES * 2,
    effectiveCpu: effective * CORES * CPU_MHZ,
    effectiveMemory: (effective * MEMORY_BYTES) / 2 ** 20,
    numHosts: hosts.length,
    numEffectiveHosts: effective,
    overallStatus: 'green',
    currentFailoverLevel: Math.max(0, effective - 1),
    numVmotions: 0,
  };
}
