import type { Cluster, Host, VCenter, Vm } from '../../../world/state';
import { MoRef } from '../vim25/values';

/** The root of every inventory; its id is the same on every vCenter (recorded). */
export const ROOT_FOLDER = new MoRef('Folder', 'group-d1');

export function hostRef(host: Pick<Host, 'moid'>): MoRef {
  return new MoRef('HostSystem', host.moid);
}

/** The id of the one host that an ESXi host knows: itself. */
export const OWN_HOST = 'ha-host';

/** A host's service system: `host-21` has `serviceSystem-21` (recorded), the host itself just `serviceSystem`. */
export function serviceSystemRef({ moid }: Pick<Host, 'moid'>): MoRef {
  return new MoRef('HostServiceSystem', moid === OWN_HOST ? 'serviceSystem' : moid.replace(/^host/, 'serviceSystem'));
}

export function clusterRef(cluster: Pick<Cluster, 'moid'>): MoRef {
  return new MoRef('ClusterComputeResource', cluster.moid);
}

export function resourcePoolRef(cluster: Pick<Cluster, 'resourcePool'>): MoRef {
  return new MoRef('ResourcePool', cluster.resourcePool);
}

export function vmRef(vm: Pick<Vm, 'moid'>): MoRef {
  return new MoRef('VirtualMachine', vm.moid);
}

export function datacenterRef({ datacenter }: VCenter): MoRef {
  return new MoRef('Datacenter', datacenter.moid);
}

export function hostFolderRef({ datacenter }: VCenter): MoRef {
  return new MoRef('Folder', datacenter.hostFolder);
}

export function vmFolderRef({ datacenter }: VCenter): MoRef {
  return new MoRef('Folder', datacenter.vmFolder);
}
