import { Fault } from '../../world/fault';
import type { Vm } from '../../world/state';
import { matches } from './inventory-filter';
import { vmInfo, vmSummary } from './inventory-vm-wire';
import { route, type RestCall, type RestRoute } from './route';

const VCENTER = 'com.vmware.vcenter';

/** The releases of the API that the simulator speaks, best first (com.vmware.vcenter.system.hello, 8.0.2). */
const API_RELEASES = ['8.0.3.0', '8.0.2.0', '8.0.1.0', '8.0.0.1'];

type Filter = Partial<Record<string, string[]>>;

/** Clusters, datacenters and virtual machines. */
export const inventoryRoutes: readonly RestRoute[] = [
  route(`${VCENTER}.cluster.list`, ({ vCenter, query }) => {
    const filter = query as Filter;
    return vCenter.clusters
      .filter(
        (cluster) =>
          matches(filter['clusters'], cluster.moid) &&
          matches(filter['names'], cluster.name) &&
          matches(filter['folders'], vCenter.datacenter.hostFolder) &&
          matches(filter['datacenters'], vCenter.datacenter.moid),
      )
      .map((cluster) => ({
        cluster: cluster.moid,
        name: cluster.name,
        ha_enabled: cluster.haEnabled,
        drs_enabled: cluster.drsEnabled,
      }));
  }),
  route(`${VCENTER}.cluster.get`, ({ world, vCenter, path }) => {
    const { name, resourcePool } = world.clusterByMoid(vCenter, path['cluster'] ?? '');
    return { name, resource_pool: resourcePool };
  }),
  route(`${VCENTER}.datacenter.list`, ({ vCenter: { datacenter }, query }) => {
    const filter = query as Filter;
    const passes =
      matches(filter['datacenters'], datacenter.moid) &&
      matches(filter['names'], datacenter.name) &&
      matches(filter['folders'], 'group-d1');
    return passes ? [{ datacenter: datacenter.moid, name: datacenter.name }] : [];
  }),
  route(`${VCENTER}.datacenter.get`, ({ vCenter: { datacenter }, path }) => {
    if (path['datacenter'] !== datacenter.moid) {
      throw new Fault('NOT_FOUND', `The datacenter ${path['datacenter']} does not exist.`);
    }
    return {
      name: datacenter.name,
      host_folder: datacenter.hostFolder,
      vm_folder: datacenter.vmFolder,
      datastore_folder: 'group-s6',
      network_folder: 'group-n7',
    };
  }),
  route(`${VCENTER}.VM.list`, (call) =>
    call.world.state.vms
      .filter((vm) => vm.vCenter === call.vCenter.id && passesVm(call, vm, call.query as Filter))
      .map(vmSummary),
  ),
  route(`${VCENTER}.VM.get`, ({ world, vCenter, path }) => {
    const vm = world.state.vms.find((candidate) => candidate.vCenter === vCenter.id && candidate.moid === path['vm']);
    if (!vm) throw new Fault('NOT_FOUND', `The virtual machine ${path['vm']} does not exist.`);
    return vmInfo(vm);
  }),
  route<{ api_releases: string[] }>(`${VCENTER}.system.hello`, ({ body }) => {
    const common = API_RELEASES.find((release) => body.api_releases.includes(release));
    // documented: the empty string when client and server have no release in common.
    return { api_release: common ?? '' };
  }),
];

function passesVm({ world, vCenter }: RestCall, vm: Vm, filter: Filter): boolean {
  const host = world.host(vm.host);
  const cluster = world.clusterOf(host);
  return (
    matches(filter['vms'], vm.moid) &&
    matches(filter['names'], vm.name) &&
    matches(filter['folders'], vCenter.datacenter.vmFolder) &&
    matches(filter['datacenters'], vCenter.datacenter.moid) &&
    matches(filter['hosts'], host.moid) &&
    matches(filter['clusters'], host.cluster) &&
    matches(filter['resource_pools'], cluster?.resourcePool ?? null) &&
    matches(filter['power_states'], vm.powerState)
  );
}
