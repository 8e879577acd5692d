import type { Host } from '../../world/state';
import type { World } from '../../world/world';
import { aboutEsxi } from '../soap/inventory/about';
import { virtualNicManagerReaders, virtualNicManagerRef } from '../soap/inventory/host-network';
import { hostReaders, SERVICE_SYSTEM_READERS } from '../soap/inventory/host-system';
import { QUIET_ENTITY } from '../soap/inventory/managed-entity';
import { hostRef, OWN_HOST, serviceSystemRef } from '../soap/inventory/references';
import { ESXI_IDS, serviceContent, singletons } from '../soap/inventory/singletons';
import { TASK_READERS, taskRef } from '../soap/inventory/task-info';
import { managedObject, type ManagedObject } from '../soap/managed-object';
import { ESXI_METHODS } from '../soap/methods/all-methods';
import type { Site } from '../soap/site';
import { MoRef, textOf, type DataObject, type VimValue } from '../soap/vim25/values';

const ROOT = new MoRef('Folder', 'ha-folder-root');
const DATACENTER = new MoRef('Datacenter', 'ha-datacenter');
const HOST_FOLDER = new MoRef('Folder', 'ha-folder-host');
const VM_FOLDER = new MoRef('Folder', 'ha-folder-vm');
const COMPUTE_RESOURCE = new MoRef('ComputeResource', 'ha-compute-res');
const SELF = new MoRef('HostSystem', OWN_HOST);

/** What is below what: a host's inventory holds the host and nothing else (its VMs are seen through vCenter here). */
const CHILDREN: Readonly<Record<string, readonly MoRef[]>> = {
  [ROOT.value]: [DATACENTER],
  [DATACENTER.value]: [VM_FOLDER, HOST_FOLDER],
  [HOST_FOLDER.value]: [COMPUTE_RESOURCE],
  [COMPUTE_RESOURCE.value]: [SELF],
};

/** The vim25 side of an ESXi host asked directly: `ha-host` is the host itself (recorded name; the ids around it guessed). */
export function esxiSite(world: World, hostName: string): Site {
  const host = world.host(hostName);
  const about = (): DataObject => aboutEsxi(host.runningImage);
  const site: Site = {
    world,
    endpoint: host.name,
    sessionKind: 'esxi',
    vCenter: null,
    ids: ESXI_IDS,
    apiVersion: () => textOf(about(), 'apiVersion'),
    content: () => serviceContent(ESXI_IDS, ROOT, about()),
    users: () => [{ name: 'root', password: host.rootPassword, groups: [], privileges: 'all', applianceRole: 'none' }],
    find: (ref) => find(site, host, ref),
    children: (ref) => CHILDREN[ref.value] ?? [],
    hostOf: (ref) => (OWN_OBJECTS.includes(ref.value) ? host : null),
    logSession: (what, detail) => world.events.add(what, { host: host.name }, detail),
    methods: ESXI_METHODS,
  };
  return site;
}

const SELF_SUBJECT = { moid: OWN_HOST };
/** What speaks for the host itself. */
const OWN_OBJECTS = [OWN_HOST, serviceSystemRef(SELF_SUBJECT).value, virtualNicManagerRef(SELF_SUBJECT).value];

function find(site: Site, host: Host, ref: MoRef): ManagedObject | undefined {
  const { world } = site;
  // To itself a host is always connected, whatever a vCenter thinks of it, and it knows nothing of clusters.
  const self: Host = { ...host, moid: OWN_HOST, connectionState: 'connected', cluster: null };
  if (ref.value === SELF.value) {
    const readers = hostReaders(world, host.name, COMPUTE_RESOURCE);
    return managedObject(hostRef(self), { ...readers, vm: () => [] }, self);
  }
  if (ref.value === serviceSystemRef(self).value) {
    return managedObject(serviceSystemRef(self), SERVICE_SYSTEM_READERS, self);
  }
  if (ref.value === virtualNicManagerRef(self).value) {
    return managedObject(virtualNicManagerRef(self), virtualNicManagerReaders(world), self);
  }
  if (ref.type === 'Task') {
    const record = world.tasks.get(ref.value);
    return record?.vCenter === host.name ? managedObject(taskRef(record), TASK_READERS, record) : undefined;
  }
  return frame().find((object) => object.ref.value === ref.value) ?? singletons(site).get(ref.value);
}

function frame(): ManagedObject[] {
  return [
    entity(ROOT, 'ha-folder-root', { childType: ['Datacenter'], childEntity: [DATACENTER] }),
    entity(DATACENTER, 'ha-datacenter', { parent: ROOT, vmFolder: VM_FOLDER, hostFolder: HOST_FOLDER }),
    entity(VM_FOLDER, 'vm', { parent: DATACENTER, childType: ['VirtualMachine'], childEntity: [] }),
    entity(HOST_FOLDER, 'host', {
      parent: DATACENTER,
      childType: ['ComputeResource'],
      childEntity: [COMPUTE_RESOURCE],
    }),
    entity(COMPUTE_RESOURCE, 'ha-compute-res', { parent: HOST_FOLDER, host: [SELF] }),
  ];
}

function entity(ref: MoRef, name: string, properties: Readonly<Record<string, VimValue>>): ManagedObject {
  const readers = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, () => value]));
  return managedObject(ref, { ...QUIET_ENTITY, name: () => name, recentTask: () => [], ...readers }, null);
}
