import { lookup } from 'node:dns/promises';
import type { HostStepInput } from './activities';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';
import { type ApiFault, isVsphereError } from '../vsphere/errors';
import type { HostConnectSpec } from '../vsphere/vim/host-connect-spec';
import type { HostSystem } from '../vsphere/vim/hosts';
import type { FindSite, Site } from './dependencies';
import { ensureMaintenanceMode } from './maintenance-mode';
import { seeHost } from './host-facts';
import { servingPeers } from './host-standing';
import { isFinal, lookAtTasks, type Begun } from './one-task';
import { findByUuid } from './recovery-look';
import type { RecoveryActivities } from './recovery-activities';
import { refuse } from './to-failure';
import { callOptions, waitUntil, type Look } from './wait';

type Input = HostStepInput & { cluster: PlannedCluster; confirmedCertificate?: string };
type Additions = Pick<RecoveryActivities, 'vtaEnsureHostAdded'>;

const MOST_FAILURES = 10;

/** Adds a host that was reverted to its cluster again (R22). */
export function createRecoveryAdditionActivities(findSite: FindSite): Additions {
  return {
    async vtaEnsureHostAdded(input) {
      const site = findSite(input);
      const { host: planned, cluster, pace } = input;
      if (site.infrastructure.esxi === undefined)
        throw refuse(
          'VTA_HOST_NOT_ADDED',
          `${planned.name} was not added: no account for ESXi hosts is configured. Configure "esxi", or add the host to ${cluster.name} yourself, in maintenance mode; then decide "retry".`,
        );
      const state: State = { failures: 0, force: false };
      const id = await waitUntil({
        what: `${planned.name} being connected in ${cluster.name}`,
        code: 'VTA_HOST_NOT_ADDED',
        pace,
        deadlineMs: pace.reconnect.deadlineMs,
        remedy: `It is out of ${cluster.name} unless its vCenter shows it there. See that the vCenter reaches it, then decide "retry".`,
        look: (remember, remembered, late) => look(site, input, state, { remember, remembered, late }),
      });
      const added = { ...planned, id };
      // Adding it gave it another id.
      if (id === planned.id) await requirePeer(site, added, cluster, pace);
      // Nothing runs on it yet that would have to be moved, so that is no matter of hours.
      const quick = { ...pace, maintenanceMode: pace.reconnect };
      await ensureMaintenanceMode(site, { ...input, host: added, pace: quick, inMaintenanceMode: true });
      return { id };
    },
  };
}

/** N8: one that never left its cluster may be the last that serves, and is not taken out of service then. */
async function requirePeer(site: Site, host: PlannedHost, cluster: PlannedCluster, pace: Pace): Promise<void> {
  if (host.role !== 'trust-authority' || (await seeHost(site, host, pace)).host.inMaintenanceMode) return;
  if ((await servingPeers(site, host, cluster.id, pace)) > 0) return;
  throw refuse(
    'VTA_NO_HEALTHY_PEER',
    `${host.name} is connected in ${cluster.name} and was not put into maintenance mode: no other Trust Authority Host of it is connected, in service and running attestd and kmxd. Bring one to health, then decide "retry".`,
  );
}

interface State {
  failures: number;
  /** The host still believes that this very vCenter manages it. */
  force: boolean;
}

async function look(
  site: Site,
  input: Input,
  state: State,
  memory: { remember: (details: Begun) => void; remembered: unknown; late: boolean },
): Promise<Look<string>> {
  const { host: planned, cluster, pace } = input;
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const options = callOptions(pace);
  const host = await findByUuid(site, planned, pace);
  if (host !== undefined) {
    if (host.cluster !== cluster.id)
      throw refuse(
        'VTA_HOST_NOT_ADDED',
        `${planned.name} is in the inventory of ${planned.vCenter} already (${host.id}), but not in ${cluster.name}. It was left as it is. Move it there in maintenance mode, or remove it, then decide "retry".`,
      );
    if (host.connectionState === 'connected') return { done: host.id };
    if (memory.late) return { pending: `it is ${host.connectionState}` };
  }
  const about = [
    { object: { type: 'ClusterComputeResource', id: cluster.id }, operation: /addHost/i },
    ...(host === undefined ? [] : [{ object: { type: 'HostSystem', id: host.id } }]),
  ];
  const task = await lookAtTasks(vim, about, memory.remembered, options);
  if (task.kind === 'running') return { pending: task.pending };
  if (task.kind === 'failed') await judge(site, input, state, task.fault, host);
  if (host !== undefined) {
    if (host.connectionState !== 'disconnected') return { pending: `it is ${host.connectionState}` };
    const { id } = await vim.hostOperations.reconnect(host.id, { connect: await connectSpec(site, input) }, options);
    memory.remember({ stage: 'connected', task: id });
    return { pending: 'it is being connected' };
  }
  if (memory.late) return { pending: 'it was not added; nothing is begun any more after the deadline' };
  const connect = { ...(await connectSpec(site, input)), force: state.force };
  const license = await neighbourLicense(site, planned, cluster, pace);
  const settings = { connect, asConnected: true, ...(license === undefined ? {} : { license }) };
  const { id } = await vim.clusterMembership.addHost(cluster.id, settings, options);
  memory.remember({ stage: 'added', task: id });
  return { pending: 'it is being added' };
}

/** A task that failed: what a person must mend is told at once, the rest is tried again a few times. */
async function judge(
  site: Site,
  { host, cluster }: Input,
  state: State,
  fault: ApiFault,
  listed: HostSystem | undefined,
): Promise<void> {
  if (fault.errorType === 'AlreadyBeingManaged' && !state.force && (await isThisVCenter(site, host.vCenter, fault))) {
    // A boot bank that was rolled back still holds the management state of before the removal.
    state.force = true;
    return;
  }
  state.failures += 1;
  const tooOften = state.failures >= MOST_FAILURES;
  if (!isFinal(fault) && fault.errorType !== 'DuplicateName' && !tooOften) return;
  const hint =
    fault.errorType === 'DuplicateName'
      ? ` Another machine is in the inventory under its name.`
      : fault.errorType === 'InvalidLogin'
        ? ` The password of the configured ESXi account is not the host's: set it at its console, as it was before.`
        : '';
  const [what, is] =
    listed === undefined
      ? [`added to ${cluster.name}`, 'in no cluster']
      : [`connected in ${cluster.name}`, `there, ${listed.connectionState}`];
  throw refuse(
    'VTA_HOST_NOT_ADDED',
    `${host.name} could not be ${what}: ${fault.message}.${hint} It is ${is} now. Remove the cause, then decide "retry".`,
  );
}

/** @returns true when the manager that the fault names is the vCenter of the host */
async function isThisVCenter(site: Site, name: string, { data }: ApiFault): Promise<boolean> {
  const manager = typeof data === 'object' && data !== null && 'ipAddress' in data ? data.ipAddress : undefined;
  if (typeof manager !== 'string') return false;
  const { hostname } = new URL(site.connections.endpoint(name).url);
  if ([name, hostname].includes(manager)) return true;
  const addresses = await lookup(hostname, { all: true }).catch(() => []);
  return addresses.some(({ address }) => address === manager);
}

/**
 * How its vCenter is to reach it, with the thumbprint of the certificate that we verified, or that a person confirmed,
 * and only after the machine that answers has proved to be the one that was planned.
 */
async function connectSpec(site: Site, input: Input): Promise<HostConnectSpec> {
  const { host: planned, pace, confirmedCertificate } = input;
  const esxi = await site.connections.esxi(planned.name, confirmedCertificate);
  try {
    const { sha1, sha256, trusted } = await esxi.certificate();
    if (!trusted)
      throw refuse(
        'VTA_TLS_NOT_TRUSTED',
        `${planned.name} was not added: it presents the certificate ${sha256}, which neither the configuration trusts nor a person has confirmed. Nothing was sent to it. Verify it at its console and name its thumbprint in "esxi.tls.thumbprints", then decide "retry".`,
      );
    const [itself] = await esxi.vim.hosts.all(callOptions(pace));
    if (itself?.uuid !== planned.uuid)
      throw refuse(
        'VTA_HOST_REPLACED',
        `${planned.name} was not added: the machine that answers there has the hardware UUID ${itself?.uuid ?? 'unknown'} instead of ${planned.uuid}.`,
      );
    const { username, password } = await site.connections.esxiCredentials();
    return { hostName: planned.name, sslThumbprint: sha1, userName: username, password, force: false };
  } finally {
    await esxi.vim.close({ deadlineMs: pace.callMs });
    esxi.close();
  }
}

/** The licence of a neighbour in service; it is handed on at once and kept nowhere. Not told: the host keeps its own. */
async function neighbourLicense(
  site: Site,
  planned: PlannedHost,
  cluster: PlannedCluster,
  pace: Pace,
): Promise<string | undefined> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  try {
    const hosts = await vim.hosts.ofCluster(cluster.id, callOptions(pace));
    const neighbour = hosts.find(
      ({ connectionState, uuid }) => connectionState === 'connected' && uuid !== planned.uuid,
    );
    return neighbour === undefined ? undefined : await vim.licenses.keyOf(neighbour.id, callOptions(pace));
  } catch (error) {
    if (!isVsphereError(error)) throw error;
    return undefined;
  }
}
