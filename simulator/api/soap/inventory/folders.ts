import type { Cluster, VCenter } from '../../../world/state';
import type { World } from '../../../world/world';
import { managedObject, type ManagedObject } from '../managed-object';
import { MoRef } from '../vim25/values';
import { QUIET_ENTITY } from './managed-entity';
import {
  clusterRef,
  datacenterRef,
  hostFolderRef,
  hostRef,
  resourcePoolRef,
  ROOT_FOLDER,
  vmFolderRef,
  vmRef,
} from './references';

/** The root folder, the datacenter and its four folders: the frame around clusters, hosts and VMs. */
export function folders(world: World, vCenter: VCenter): ManagedObject[] {
  const datacenter = datacenterRef(vCenter);
  const vms = world.state.vms.filter((vm) => vm.vCenter === vCenter.id);
  const frame = [
    folder(ROOT_FOLDER, 'Datacenters', undefined, ['Folder', 'Datacenter'], [datacenter]),
    folder(
      hostFolderRef(vCenter),
      'host',
      datacenter,
      ['Folder', 'ComputeResource'],
      vCenter.clusters.map((cluster) => clusterRef(cluster)),
    ),
    folder(vmFolderRef(vCenter), 'vm', datacenter, ['Folder', 'VirtualMachine', 'VirtualApp'], vms.map(vmRef)),
    folder(siblingFolder(vCenter, 's'), 'datastore', datacenter, ['Folder', 'Datastore', 'StoragePod'], []),
    folder(siblingFolder(vCenter, 'n'), 'network', datacenter, ['Folder', 'Network'], []),
  ];
  return [...frame, datacenterObject(vCenter)];
}

/** The root resource pool of a cluster, which every VM of the cluster belongs to. */
export function resourcePool(world: World, vCenter: VCenter, cluster: Cluster): ManagedObject {
  const names = new Set(world.hostsOf(vCenter, cluster.moid).map((host) => host.name));
  return entity(resourcePoolRef(cluster), 'Resources', clusterRef(cluster), {
    owner: () => clusterRef(cluster),
    resourcePool: () => [],
    vm: () => world.state.vms.filter((vm) => names.has(vm.host)).map(vmRef),
  });
}

/** Managed entities directly below one: what a ContainerView walks (documented: not through references of other kinds). */
export function childrenOf(world: World, vCenter: VCenter, ref: MoRef): MoRef[] {
  if (ref.type === 'Folder') {
    const found = folders(world, vCenter).find((object) => object.ref.value === ref.value);
    return (found?.read('childEntity') as readonly MoRef[] | undefined)?.slice() ?? [];
  }
  if (ref.type === 'Datacenter') {
    return [vmFolderRef(vCenter), hostFolderRef(vCenter), siblingFolder(vCenter, 's'), siblingFolder(vCenter, 'n')];
  }
  const cluster = vCenter.clusters.find(({ moid, resourcePool: pool }) => moid === ref.value || pool === ref.value);
  if (ref.type === 'ClusterComputeResource' && cluster) {
    return [...world.hostsOf(vCenter, cluster.moid).map(hostRef), resourcePoolRef(cluster)];
  }
  if (ref.type === 'ResourcePool' && cluster) {
    return resourcePool(world, vCenter, cluster).read('vm') as MoRef[];
  }
  return [];
}

function datacenterObject(vCenter: VCenter): ManagedObject {
  return entity(datacenterRef(vCenter), vCenter.datacenter.name, ROOT_FOLDER, {
    vmFolder: () => vmFolderRef(vCenter),
    hostFolder: () => hostFolderRef(vCenter),
    datastoreFolder: () => siblingFolder(vCenter, 's'),
    networkFolder: () => siblingFolder(vCenter, 'n'),
    datastore: () => [],
    network: () => [],
  });
}

function folder(
  ref: MoRef,
  name: string,
  parent: MoRef | undefined,
  childType: readonly string[],
  childEntity: readonly MoRef[],
): ManagedObject {
  return entity(ref, name, parent, { childType: () => childType, childEntity: () => childEntity });
}

function entity(
  ref: MoRef,
  name: string,
  parent: MoRef | undefined,
  readers: Parameters<typeof managedObject<null>>[1],
): ManagedObject {
  return managedObject(
    ref,
    { ...QUIET_ENTITY, name: () => name, parent: () => parent, recentTask: () => [], ...readers },
    null,
  );
}

/** The world knows the host and VM folders only; the others are called after the host folder: `group-h4`, `group-s4`. */
function siblingFolder({ datacenter }: VCenter, letter: 's' | 'n'): MoRef {
  return new MoRef('Folder', `group-${letter}${datacenter.hostFolder.replace(/\D/g, '')}`);
}
