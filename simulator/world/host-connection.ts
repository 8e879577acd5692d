import { attestationUnknown, attestLater } from './attestation';
import { Fault } from './fault';
import { setConnection } from './host-boot';
import { checkIdle } from './host-maintenance';
import type { Cluster, Host, VCenter } from './state';
import type { TaskHandle } from './tasks';
import { vmsOn } from './virtual-machines';
import type { World } from './world';

/** What AddHost and ReconnectHost are told about a host (vim25 HostConnectSpec). */
export interface ConnectSpec {
  hostName: string;
  userName: string;
  password: string;
  sslThumbprint?: string;
  force: boolean;
}

/** @throws Fault InvalidState (disconnected already), TaskInProgress */
export function checkDisconnect(host: Host): void {
  if (host.connectionState === 'disconnected') throw new Fault('InvalidState', `${host.name} is disconnected.`);
  if (host.connectionState === 'connected') checkIdle(host);
}

export async function disconnect(world: World, host: Host, task: TaskHandle): Promise<void> {
  checkDisconnect(host);
  await task.sleep(world.settings.durations.disconnect);
  setConnection(world, host, 'disconnected');
  attestationUnknown(world, host, 'The host is disconnected.');
}

/**
 * @param spec credentials that the caller sent, if any
 * @throws Fault InvalidState (connected), NoHost (does not answer), InvalidLogin, SSLVerifyFault
 */
export function checkReconnect(host: Host, spec?: Partial<ConnectSpec>): void {
  if (host.connectionState === 'connected') throw new Fault('InvalidState', `${host.name} is connected.`);
  if (spec?.password !== undefined) checkLogin(host, spec.userName ?? '', spec.password);
  if (spec?.sslThumbprint !== undefined) checkThumbprint(host, spec.sslThumbprint);
}

export async function reconnect(world: World, host: Host, task: TaskHandle): Promise<void> {
  await task.sleep(world.settings.durations.reconnect);
  checkUp(host);
  setConnection(world, host, 'connected');
  attestLater(world, host, 'reconnect');
}

/**
 * Preconditions of ClusterComputeResource.AddHost_Task.
 * @returns the machine
 * @throws Fault NoHost, InvalidLogin, SSLVerifyFault (with the thumbprint), DuplicateName, AlreadyBeingManaged
 */
export function checkAddHost(world: World, vCenter: VCenter, spec: ConnectSpec): Host {
  const host = world.state.hosts.find((candidate) => candidate.name.toLowerCase() === spec.hostName.toLowerCase());
  if (!host?.up) throw new Fault('NoHost', `${spec.hostName} does not answer.`, { fields: { name: spec.hostName } });
  if (host.vCenter === vCenter.id) {
    throw new Fault('DuplicateName', `${host.name} is in the inventory.`, {
      fields: { name: host.name, object: { type: 'HostSystem', value: host.moid } },
    });
  }
  checkThumbprint(host, spec.sslThumbprint);
  checkLogin(host, spec.userName, spec.password);
  if (host.vCenter !== null && !spec.force) {
    throw new Fault('AlreadyBeingManaged', `${host.name} is managed by another vCenter.`, {
      fields: { ipAddress: world.vCenter(host.vCenter).name },
    });
  }
  return host;
}

/** Puts a machine into a cluster: a new managed object with the machine's own history. */
export async function addHost(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  host: Host,
  asConnected: boolean,
  task: TaskHandle,
): Promise<void> {
  await task.sleep(world.settings.durations.addHost);
  if (!host.up) throw new Fault('NoHost', `${host.name} does not answer.`, { fields: { name: host.name } });
  if (host.vCenter !== null) leaveInventory(world, host);
  if (!world.settings.switches.reAddKeepsMoid) host.moid = world.newMoid(vCenter, 'host');
  host.vCenter = vCenter.id;
  host.cluster = cluster.moid;
  host.connectionState = asConnected ? 'connected' : 'disconnected';
  // documented: a host that joins has to be given the configuration of the cluster (KB 77234, add-host script).
  // documented: a Trusted Host is added "normally", and its vCenter applies the configuration of the cluster to it then.
  if (!world.settings.switches.reAddedHostKeepsTrust) {
    host.trust = null;
    host.appliedTrust = { attestation: [], kms: [] };
  }
  world.hostEvent('host-added', host, { cluster: cluster.name, moid: host.moid });
  attestLater(world, host, 'reconnect');
}

/** Preconditions of Destroy_Task on a host. @throws Fault InvalidState (connected, not in maintenance mode), TaskInProgress */
export function checkRemoveHost(host: Host): void {
  if (host.connectionState === 'connected' && !host.inMaintenanceMode) {
    throw new Fault('InvalidState', `${host.name} is neither in maintenance mode nor disconnected.`);
  }
  if (host.connectionState === 'connected') checkIdle(host);
}

/** Takes a host out of the inventory; it keeps what is on it, its vTA configuration (copy or applied) included (R32). */
export async function removeHost(world: World, host: Host, task: TaskHandle): Promise<void> {
  checkRemoveHost(host);
  await task.sleep(world.settings.durations.removeHost);
  leaveInventory(world, host);
}

function leaveInventory(world: World, host: Host): void {
  world.hostEvent('host-removed', host, { moid: host.moid, cluster: world.clusterOf(host)?.name ?? null });
  for (const vm of vmsOn(world, host)) vm.vCenter = null;
  host.vCenter = null;
  host.cluster = null;
  host.attestation = [];
}

/** Preconditions of MoveInto_Task / MoveHostInto_Task. @throws Fault InvalidState (not in maintenance mode) */
export function checkMoveHost(host: Host): void {
  if (host.cluster !== null && !host.inMaintenanceMode) {
    throw new Fault('InvalidState', `${host.name} is not in maintenance mode.`);
  }
  checkIdle(host);
}

/** Moves a host to another cluster of its vCenter; what was applied to it stays on it (documented: decommissioning). */
export async function moveHost(world: World, host: Host, cluster: Cluster, task: TaskHandle): Promise<void> {
  checkMoveHost(host);
  await task.sleep(world.settings.durations.addHost);
  host.cluster = cluster.moid;
  world.hostEvent('host-moved', host, { cluster: cluster.name });
}

function checkUp(host: Host): void {
  if (!host.up) throw new Fault('NoHost', `${host.name} does not answer.`, { fields: { name: host.name } });
}

function checkLogin(host: Host, user: string, password: string): void {
  if (user !== 'root' || password !== host.rootPassword)
    throw new Fault('InvalidLogin', 'Incorrect user name or password.');
}

/** guessed: the simulator's CA is none that a vCenter trusts, so the thumbprint has to be named. */
function checkThumbprint(host: Host, thumbprint: string | undefined): void {
  if (thumbprint?.toUpperCase() !== host.sslThumbprint) {
    throw new Fault('SSLVerifyFault', `The certificate of ${host.name} is not trusted.`, {
      fields: { selfSigned: false, thumbprint: host.sslThumbprint },
    });
  }
}
