import { Fault } from '../../world/fault';
import { checkDisconnect, checkReconnect, disconnect, reconnect } from '../../world/host-connection';
import type { Host } from '../../world/state';
import type { TaskHandle } from '../../world/tasks';
import { matches } from './inventory-filter';
import { route, type RestCall, type RestRoute } from './route';

const HOST = 'com.vmware.vcenter.host';
/** documented: no more in one answer. */
const MAX_HOSTS = 2500;

const CONNECTION_STATE = {
  connected: 'CONNECTED',
  disconnected: 'DISCONNECTED',
  notResponding: 'NOT_RESPONDING',
} as const;

/** com.vmware.vcenter.host.FilterSpec */
interface FilterSpec {
  hosts?: string[];
  names?: string[];
  folders?: string[];
  datacenters?: string[];
  clusters?: string[];
  standalone?: boolean;
  connection_states?: string[];
}

/** Hosts of the inventory. Maintenance mode, reboot and joining a cluster are not in this API. */
export const hostRoutes: readonly RestRoute[] = [
  route(`${HOST}.list`, (call) => {
    const filter = call.query as FilterSpec;
    const hosts = call.world.hostsOf(call.vCenter).filter((host) => passes(call, host, filter));
    if (hosts.length > MAX_HOSTS) {
      throw new Fault('UNABLE_TO_ALLOCATE_RESOURCE', `More than ${MAX_HOSTS} hosts match.`);
    }
    return hosts.map(summary);
  }),
  route(`${HOST}.connect`, async (call) => {
    const host = hostOf(call);
    if (host.connectionState === 'connected') {
      throw new Fault('ALREADY_IN_DESIRED_STATE', `${host.name} is already connected.`);
    }
    await asError(() => {
      checkReconnect(host);
      return inTask(call, host, 'ReconnectHost_Task', (task) => reconnect(call.world, host, task));
    });
  }),
  route(`${HOST}.disconnect`, async (call) => {
    const host = hostOf(call);
    if (host.connectionState === 'disconnected') {
      throw new Fault('ALREADY_IN_DESIRED_STATE', `${host.name} is already disconnected.`);
    }
    await asError(() => {
      checkDisconnect(host);
      return inTask(call, host, 'DisconnectHost_Task', (task) => disconnect(call.world, host, task));
    });
  }),
  route(`${HOST}.delete`, (call) => {
    const host = hostOf(call);
    // documented: RESOURCE_IN_USE for a host of a cluster; the simulator has no stand-alone host.
    throw new Fault('RESOURCE_IN_USE', `${host.name} is in a cluster.`);
  }),
];

function hostOf(call: RestCall): Host {
  return call.world.hostByMoid(call.vCenter, call.path['host'] ?? '');
}

function passes({ vCenter }: RestCall, host: Host, filter: FilterSpec): boolean {
  return (
    matches(filter.hosts, host.moid) &&
    matches(filter.names, host.name) &&
    matches(filter.folders, vCenter.datacenter.hostFolder) &&
    matches(filter.datacenters, vCenter.datacenter.moid) &&
    matches(filter.clusters, host.cluster) &&
    matches(filter.connection_states, CONNECTION_STATE[host.connectionState]) &&
    (filter.standalone === undefined || filter.standalone === (host.cluster === null))
  );
}

/** com.vmware.vcenter.host.Summary. shown: `power_state` of a host that is not CONNECTED makes VMware's client fail. */
function summary(host: Host): Record<string, unknown> {
  return {
    host: host.moid,
    name: host.name,
    connection_state: CONNECTION_STATE[host.connectionState],
    ...(host.connectionState === 'connected'
      ? { power_state: host.powerState === 'poweredOn' ? 'POWERED_ON' : 'POWERED_OFF' }
      : {}),
  };
}

/** The call waits for the task that vCenter itself makes of it; the task shows in vim25 as well. */
async function inTask(
  call: RestCall,
  host: Host,
  method: string,
  body: (task: TaskHandle) => Promise<void>,
): Promise<void> {
  const verb = method.replace('Host_Task', '');
  const record = call.world.tasks.start(
    {
      kind: 'vim',
      vCenter: call.vCenter.id,
      service: 'HostSystem',
      operation: method,
      descriptionId: `HostSystem.${verb.charAt(0).toLowerCase()}${verb.slice(1)}Host`,
      target: { type: 'HostSystem', moid: host.moid, name: host.name },
      user: call.session.user,
      host: { name: host.name, moid: host.moid },
    },
    body,
  );
  await call.world.tasks.ended(record);
  if (record.fault) throw record.fault;
}

/** Whatever else goes wrong is ERROR: the operation declares nothing finer. */
async function asError(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    throw thrown instanceof Fault ? new Fault('ERROR', thrown.message) : thrown;
  }
}
