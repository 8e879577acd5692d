import { Fault } from '../../../world/fault';
import { addHost, checkAddHost, checkMoveHost, moveHost, type ConnectSpec } from '../../../world/host-connection';
import type { Cluster, Host, VCenter } from '../../../world/state';
import type { TaskHandle } from '../../../world/tasks';
import { resourceUsage } from '../inventory/cluster';
import { taskRef } from '../inventory/task-info';
import { objectNotFound } from '../property-collector/traverse';
import { assignLicense } from '../../../world/vim-licenses';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import type { DataObject, MoRef } from '../vim25/values';

/** ClusterComputeResource: how hosts get into a cluster, and what it has of them. */
export const CLUSTER_METHODS: MethodTable = {
  AddHost_Task: (call) => {
    const spec = connectSpec(call.parameters['spec'] as DataObject);
    const { vCenter, cluster } = clusterOf(call);
    // The host is contacted within the task: what it answers (thumbprint, login) is the task's error (govc reads it there).
    return clusterTask(call, 'ClusterComputeResource.addHost', spec.hostName, async (task) => {
      const host = checkAddHost(call.site.world, vCenter, spec);
      await addHost(call.site.world, vCenter, cluster, host, call.parameters['asConnected'] === true, task);
      // documented: AddHost_Task, `license`; left out, the host keeps its own.
      const { license } = call.parameters;
      if (typeof license === 'string' && license !== '') assignLicense(host, license);
      return { type: 'HostSystem', value: host.moid };
    });
  },

  GetResourceUsage: (call) => {
    const { vCenter, cluster } = clusterOf(call);
    return resourceUsage(call.site.world, vCenter, cluster);
  },

  MoveInto_Task: (call) => moveInto(call, call.parameters['host'] as readonly MoRef[], 'moveInto'),

  MoveHostInto_Task: (call) => moveInto(call, [call.parameters['host'] as MoRef], 'moveHostInto'),
};

function moveInto(call: VimCall, refs: readonly MoRef[], verb: string): MoRef {
  const { world } = call.site;
  const { cluster } = clusterOf(call);
  const hosts = refs.map((ref) => hostBehind(call, ref));
  const check = (): void => hosts.forEach((host) => checkMove(host, cluster));
  if (world.settings.switches.errorsAt === 'submit') check();
  const names = hosts.map((host) => host.name).join(',');
  return clusterTask(call, `ClusterComputeResource.${verb}`, names, async (task) => {
    check();
    for (const host of hosts) await moveHost(world, host, cluster, task);
    return undefined;
  });
}

function checkMove(host: Host, cluster: Cluster): void {
  checkMoveHost(host);
  if (host.cluster !== cluster.moid) return;
  // A fault of the world, not of SOAP: it may also become the error of a task.
  throw new Fault('DuplicateName', `${host.name} is in the cluster ${cluster.name} already.`, {
    fields: { name: host.name, object: { type: 'HostSystem', value: host.moid } },
  });
}

function clusterTask(
  { site, target, method, state }: VimCall,
  descriptionId: string,
  hostName: string,
  run: (task: TaskHandle) => Promise<unknown>,
): MoRef {
  const cluster = site.vCenter?.clusters.find(({ moid }) => moid === target.value);
  const host = site.world.state.hosts.find(({ name }) => name === hostName);
  const record = site.world.tasks.start(
    {
      kind: 'vim',
      vCenter: site.endpoint,
      service: target.type,
      operation: method.name,
      descriptionId,
      target: { type: target.type, moid: target.value, name: cluster?.name ?? target.value },
      user: state.session.user,
      ...(host ? { host: { name: host.name, moid: host.moid } } : {}),
    },
    run,
  );
  return taskRef(record);
}

/** HostConnectSpec as the world reads it. Host name, user and password are optional in the schema only. */
function connectSpec(spec: DataObject): ConnectSpec {
  const { hostName, userName, password, sslThumbprint } = spec;
  if (typeof hostName !== 'string' || hostName === '') throw missing('spec.hostName');
  return {
    hostName,
    userName: typeof userName === 'string' ? userName : '',
    password: typeof password === 'string' ? password : '',
    ...(typeof sslThumbprint === 'string' && sslThumbprint !== '' ? { sslThumbprint } : {}),
    force: spec['force'] === true,
  };
}

function missing(name: string): Error {
  return soapFault('InvalidArgument', `A specified parameter was not correct: ${name}`, { invalidProperty: name });
}

function clusterOf({ site, target }: VimCall): { vCenter: VCenter; cluster: Cluster } {
  const { vCenter } = site;
  const cluster = vCenter?.clusters.find(({ moid }) => moid === target.value);
  if (!vCenter || !cluster) throw objectNotFound(target);
  return { vCenter, cluster };
}

function hostBehind({ site }: VimCall, ref: MoRef): Host {
  const host = site.hostOf(ref);
  if (!host) throw objectNotFound(ref);
  return host;
}
