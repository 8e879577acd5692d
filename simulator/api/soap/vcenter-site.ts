import type { Host, VCenter } from '../../world/state';
import type { World } from '../../world/world';
import { aboutVCenter } from './inventory/about';
import { clusterReaders } from './inventory/cluster';
import { childrenOf, folders, resourcePool } from './inventory/folders';
import { virtualNicManagerReaders, virtualNicManagerRef } from './inventory/host-network';
import { hostReaders, SERVICE_SYSTEM_READERS } from './inventory/host-system';
import { clusterRef, hostFolderRef, hostRef, ROOT_FOLDER, serviceSystemRef, vmRef } from './inventory/references';
import { serviceContent, singletons, VCENTER_IDS } from './inventory/singletons';
import { TASK_READERS, taskRef } from './inventory/task-info';
import { vmReaders } from './inventory/virtual-machine';
import { managedObject, type ManagedObject } from './managed-object';
import { VCENTER_METHODS } from './methods/all-methods';
import type { Site } from './site';
import { MoRef, textOf } from './vim25/values';

/** The vim25 side of a vCenter: its inventory and the methods on it. */
export function vCenterSite(world: World, vCenterId: string): Site {
  const vCenter = world.vCenter(vCenterId);
  const site: Site = {
    world,
    endpoint: vCenter.id,
    sessionKind: 'soap',
    vCenter,
    ids: VCENTER_IDS,
    apiVersion: () => textOf(aboutVCenter(vCenter), 'apiVersion'),
    content: () => serviceContent(VCENTER_IDS, ROOT_FOLDER, aboutVCenter(vCenter)),
    users: () => vCenter.users,
    find: (ref) => find(site, vCenter, ref),
    children: (ref) => childrenOf(world, vCenter, ref),
    hostOf: (ref) => hostBehind(world, vCenter, ref),
    logSession: (what, detail) => world.events.add(what, { vCenter: vCenter.id }, detail),
    methods: VCENTER_METHODS,
  };
  return site;
}

/** A HostSystem by its id, or the host that a HostServiceSystem or a HostVirtualNicManager belongs to. */
function hostBehind(world: World, vCenter: VCenter, ref: MoRef): Host | null {
  if (ref.type === 'HostSystem' || ref.type === 'ManagedEntity') return world.findHost(vCenter, ref.value);
  const part = PARTS[ref.type];
  return part ? (world.hostsOf(vCenter).find((host) => part(host).value === ref.value) ?? null) : null;
}

/** Managed objects beside a host, by their type. */
const PARTS: Readonly<Record<string, (host: Host) => MoRef>> = {
  HostServiceSystem: serviceSystemRef,
  HostVirtualNicManager: virtualNicManagerRef,
};

function find(site: Site, vCenter: VCenter, ref: MoRef): ManagedObject | undefined {
  const { world } = site;
  switch (ref.type) {
    case 'HostSystem': {
      const host = world.findHost(vCenter, ref.value);
      return host ? hostObject(world, vCenter, host) : undefined;
    }
    case 'HostServiceSystem': {
      const host = hostBehind(world, vCenter, ref);
      return host ? managedObject(serviceSystemRef(host), SERVICE_SYSTEM_READERS, host) : undefined;
    }
    case 'HostVirtualNicManager': {
      const host = hostBehind(world, vCenter, ref);
      return host ? managedObject(virtualNicManagerRef(host), virtualNicManagerReaders(world), host) : undefined;
    }
    case 'Task': {
      const record = world.tasks.get(ref.value);
      if (!record || record.kind !== 'vim' || record.vCenter !== site.endpoint) return undefined;
      return managedObject(taskRef(record), TASK_READERS, record);
    }
    default:
      return findEntity(world, vCenter, ref) ?? singletons(site).get(ref.value);
  }
}

function findEntity(world: World, vCenter: VCenter, ref: MoRef): ManagedObject | undefined {
  for (const cluster of vCenter.clusters) {
    if (cluster.moid === ref.value) return managedObject(clusterRef(cluster), clusterReaders(world, vCenter), cluster);
    if (cluster.resourcePool === ref.value) return resourcePool(world, vCenter, cluster);
  }
  const vm = world.state.vms.find(({ moid, vCenter: id }) => id === vCenter.id && moid === ref.value);
  if (vm) return managedObject(vmRef(vm), vmReaders(world, vCenter), vm);
  const host = world.findHost(vCenter, ref.value);
  if (host) return hostObject(world, vCenter, host);
  return folders(world, vCenter).find((object) => object.ref.value === ref.value);
}

function hostObject(world: World, vCenter: VCenter, host: Host): ManagedObject {
  const parent = host.cluster === null ? hostFolderRef(vCenter) : new MoRef('ClusterComputeResource', host.cluster);
  return managedObject(hostRef(host), hostReaders(world, vCenter.id, parent), host);
}
