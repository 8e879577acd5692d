import type { AttestationStatus, ClusterFacts, Health, HostFacts } from '../model/inventory';
import type { Pace } from '../model/pace';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { Inventory } from '../vsphere/inventory';
import type { ClusterCompliance } from '../vsphere/lifecycle-values';
import { runTask } from '../vsphere/task-poll';
import type { CallOptions } from '../vsphere/transport';
import type { HostSystem } from '../vsphere/vim/hosts';
import { readAppliedTrust } from './applied-trust';
import { vCenterName } from './connections';
import type { Site } from './dependencies';
import { imageOf } from './desired-image';
import { distributedPortGroups } from './distributed-switches';
import { TRUST_AUTHORITY_SERVICES } from './host-facts';
import { callOptions, pollTools } from './wait';

type Role = ClusterFacts['role'];

/**
 * One cluster with its hosts as the planner sees them.
 * @param mayBeRemoved one of its hosts that fails may have to be removed and added again
 */
export async function readClusterFacts(
  site: Site,
  vCenter: string,
  name: string,
  { role, mayBeRemoved }: { role: Role; mayBeRemoved: boolean },
  pace: Pace,
): Promise<ClusterFacts> {
  const { lifecycle, applyPolicies, inventory, vim } = await site.connections.vCenter(vCenter);
  const id = await site.connections.clusterId(vCenter, name);
  const options = callOptions(pace);
  const imageManaged = await lifecycle.isImageManaged(id, options);
  const software = imageManaged ? await undefinedIfGone(lifecycle.software(id, options)) : undefined;
  const compliance = imageManaged ? await freshCompliance(site, vCenter, id, pace) : undefined;
  const policy = imageManaged ? await applyPolicies.effective(id, options) : undefined;
  const complianceOf = (host: string): HostFacts['compliance'] => {
    const status = compliance?.hosts[host]?.status;
    return COMPLIANCES.find((known) => known === status) ?? 'unknown';
  };
  const of = { vCenter, cluster: name, role, mayBeRemoved };
  const hosts: HostFacts[] = [];
  for (const host of await vim.hosts.ofCluster(id, options))
    hosts.push(await hostFacts(site, host, { ...of, compliance: complianceOf(host.id) }, pace));
  return {
    id,
    name,
    vCenter,
    role,
    imageManaged,
    ...(software === undefined ? {} : { desiredImage: imageOf(software) }),
    ...(compliance?.commit === undefined ? {} : { commit: compliance.commit }),
    ...(await drsEnabled(inventory, name, options)),
    quickBoot: policy?.enable_quick_boot ?? 'unknown',
    quickPatch: policy?.enforce_quick_patch ?? 'unknown',
    trustState: await trustState(site, { vCenter, id, role }, pace),
    hosts,
  };
}

/**
 * Compliance by a scan of its own, which changes no host: what vLCM remembers may be of an older desired image. While
 * vLCM works on the cluster, which planning shows by itself, it is what was remembered.
 */
async function freshCompliance(
  site: Site,
  name: string,
  id: string,
  pace: Pace,
): Promise<ClusterCompliance | undefined> {
  const { lifecycle, tasks } = await site.connections.vCenter(name);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.desiredImage.deadlineMs };
  const { signal } = callOptions(pace);
  try {
    return await runTask(tasks, (o) => lifecycle.scan(id, o), poll, pollTools(), signal);
  } catch (error) {
    if (!(error instanceof ApiFault) || error.errorType === 'UNAUTHORIZED') throw error;
    return await undefinedIfGone(lifecycle.compliance(id, callOptions(pace)));
  }
}

async function drsEnabled(inventory: Inventory, name: string, options: CallOptions) {
  const [cluster] = await inventory.clusters([name], options);
  return cluster === undefined ? undefined : { drsEnabled: cluster.drs_enabled };
}

const COMPLIANCES = ['COMPLIANT', 'NON_COMPLIANT', 'INCOMPATIBLE', 'UNAVAILABLE'] as const;

/** Finds a host by name in any configured vCenter, in a cluster of ours or outside: a reference host. */
export async function readHostByName(site: Site, name: string, pace: Pace): Promise<HostFacts | undefined> {
  for (const endpoint of site.connections.endpoints()) {
    const vCenter = vCenterName(endpoint);
    const { vim } = await site.connections.vCenter(vCenter);
    const host = (await vim.hosts.all(callOptions(pace))).find((candidate) => candidate.name === name);
    const known = { vCenter, cluster: '', role: 'trusted', mayBeRemoved: false, compliance: 'unknown' } as const;
    if (host !== undefined) return await hostFacts(site, host, known, pace);
  }
  return undefined;
}

async function hostFacts(
  site: Site,
  host: HostSystem,
  known: { vCenter: string; cluster: string; role: Role; mayBeRemoved: boolean; compliance: HostFacts['compliance'] },
  pace: Pace,
): Promise<HostFacts> {
  const { vim } = await site.connections.vCenter(known.vCenter);
  const connected = host.connectionState === 'connected';
  const services =
    known.role === 'trust-authority' && connected ? await vim.hostServices.list(host.id, callOptions(pace)) : [];
  const needed = known.role === 'trust-authority' ? TRUST_AUTHORITY_SERVICES : [];
  const machines = await vim.virtualMachines.ofHost(host.id, callOptions(pace));
  return {
    id: host.id,
    name: host.name,
    uuid: host.uuid ?? 'unknown',
    cluster: known.cluster,
    vCenter: known.vCenter,
    version: host.version ?? 'unknown',
    build: host.build ?? 'unknown',
    ...(host.bootTime === undefined ? {} : { bootTime: host.bootTime }),
    connection: CONNECTIONS.find((state) => state === host.connectionState) ?? 'unknown',
    inMaintenanceMode: host.inMaintenanceMode,
    inQuarantineMode: host.inQuarantineMode ?? false,
    attestation: bestAttestation(host),
    stoppedServices: needed.filter((key) => !services.some((service) => service.key === key && service.running)),
    compliance: known.compliance,
    ...(known.mayBeRemoved
      ? { distributedPortGroups: await distributedPortGroups(site, known.vCenter, host.id, pace) }
      : {}),
    runningVms: machines.filter((machine) => machine.powerState === 'poweredOn').length,
  };
}

const CONNECTIONS = ['connected', 'disconnected', 'notResponding'] as const;

/** One entry an attestation service: the best of them counts, and none at all is unknown, never "not attested". */
export function bestAttestation(host: HostSystem): AttestationStatus {
  const told = (host.trustAuthorityAttestations ?? []).map(({ status }) => status);
  if (told.includes('attested')) return 'attested';
  return told.includes('notAttested') ? 'notAttested' : 'unknown';
}

/** A reference cluster has no trust configuration of its own. */
async function trustState(
  site: Site,
  { vCenter, id, role }: { vCenter: string; id: string; role: Role },
  pace: Pace,
): Promise<ClusterFacts['trustState']> {
  if (role === 'reference') return 'NONE';
  return role === 'trust-authority'
    ? await trustAuthorityState(site, pace)
    : await appliedState(site, vCenter, id, pace);
}

async function trustAuthorityState(site: Site, pace: Pace): Promise<ClusterFacts['trustState']> {
  const vCenter = await site.connections.trustAuthorityVCenter();
  const { state } = await vCenter.trustAuthority.cluster(
    await site.connections.trustAuthorityClusterId(),
    callOptions(pace),
  );
  const known = (['ENABLE', 'DISABLE'] as const).find((each) => each === state);
  return known ?? 'unknown';
}

async function appliedState(site: Site, name: string, id: string, pace: Pace): Promise<Health> {
  const { health } = await readAppliedTrust(site, name, id, pace);
  return HEALTHS.find((known) => known === health) ?? 'unknown';
}

export const HEALTHS = ['OK', 'WARNING', 'ERROR', 'NONE'] as const;

async function undefinedIfGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return undefined;
    throw error;
  }
}
