import type { HostItself, RecoveryLook } from '../model/recovery';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';
import type { EsxiHost } from '../vsphere/esxi';
import { ApiFault, isVsphereError, LoginRefused } from '../vsphere/errors';
import type { CallOptions } from '../vsphere/transport';
import type { HostSystem } from '../vsphere/vim/hosts';
import { appliedTrouble, readAppliedTrust } from './applied-trust';
import type { FindSite, Site } from './dependencies';
import { distributedPortGroups } from './distributed-switches';
import { stoppedServices } from './host-facts';
import { attestedPeers, attestedSinceBoot, machinesOn } from './trusted-host-facts';
import { servingPeers } from './host-standing';
import type { RecoveryActivities } from './recovery-activities';
import { inconsistencies } from './vta-health';
import { callOptions, waitUntil } from './wait';

type Looks = Pick<RecoveryActivities, 'vtaReadRecoveryLook' | 'vtaReadHostItself'>;

/** How a failed host stands: by its vCenter, and by itself. Reads only. */
export function createRecoveryLookActivities(findSite: FindSite): Looks {
  return {
    async vtaReadRecoveryLook(input) {
      const { host: planned, cluster, pace, baseline } = input;
      const site = findSite(input);
      const { vim } = await site.connections.vCenter(planned.vCenter);
      const options = callOptions(pace);
      const vCenterTime = await vim.server.currentTime(options);
      const trusted = planned.role === 'trusted';
      const serving = await (trusted ? attestedPeers : servingPeers)(site, planned, cluster.id, pace);
      const host = await findByUuid(site, planned, pace);
      if (host === undefined)
        return {
          connection: 'absent',
          inMaintenanceMode: false,
          onOldBuild: false,
          consistent: false,
          trouble: [`${planned.vCenter} has no host with the hardware UUID ${planned.uuid}`],
          servingPeers: serving,
          losses: [],
          vCenterTime,
        };
      const trouble = await troubleOf(site, planned, host, cluster, pace);
      const before = { version: planned.from.version, build: planned.from.build, ...baseline };
      return {
        id: host.id,
        connection: connectionOf(host),
        ...(host.version === undefined ? {} : { version: host.version }),
        ...(host.build === undefined ? {} : { build: host.build }),
        inMaintenanceMode: host.inMaintenanceMode,
        // Of a host that is away, its vCenter tells what was last known.
        onOldBuild:
          host.connectionState === 'connected' && host.version === before.version && host.build === before.build,
        consistent: trouble.length === 0,
        trouble,
        servingPeers: serving,
        losses: await losses(site, planned, host, pace),
        vCenterTime,
        ...(host.cluster === cluster.id ? {} : { elsewhere: true as const }),
        ...(trusted && host.connectionState === 'connected' ? { attested: attestedSinceBoot(host) } : {}),
        ...(trusted ? { virtualMachines: await machinesOn(site, planned.vCenter, host.id, pace) } : {}),
      };
    },

    async vtaReadHostItself(input) {
      const { host: planned, pace, deadlineMs, confirmedCertificate } = input;
      const site = findSite(input);
      let last: HostItself = { reachable: false, unknown: ['it was not asked yet'] };
      await waitUntil({
        what: `${planned.name} answering by itself`,
        code: 'VTA_HOST_NOT_BACK',
        pace,
        deadlineMs,
        remedy: '',
        giveUp: true,
        async look() {
          last = await askHost(site, planned, pace, confirmedCertificate);
          // Without an account, with a certificate that nobody trusts, or refused: asking again tells nothing new.
          if (last.reachable || last.certificate !== undefined || site.infrastructure.esxi === undefined)
            return { done: true };
          return { pending: last.unknown.join('; ') };
        },
      });
      return last;
    },
  };
}

function connectionOf({ connectionState }: HostSystem): RecoveryLook['connection'] {
  return connectionState === 'connected' || connectionState === 'disconnected' ? connectionState : 'notResponding';
}

/** The host of a plan by its hardware UUID, whatever its managed object id is now; undefined: in no inventory here. */
export async function findByUuid(site: Site, planned: PlannedHost, pace: Pace): Promise<HostSystem | undefined> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const options = callOptions(pace);
  try {
    const host = await vim.hosts.read(planned.id, options);
    // A host that was never connected since the vCenter started may tell no UUID: its id is all there is.
    if (host.uuid === undefined || host.uuid === planned.uuid) return host;
  } catch (error) {
    if (!(error instanceof ApiFault) || error.errorType !== 'ManagedObjectNotFound') throw error;
  }
  return (await vim.hosts.all(options)).find(({ uuid }) => uuid === planned.uuid);
}

async function troubleOf(
  site: Site,
  planned: PlannedHost,
  host: HostSystem,
  cluster: PlannedCluster,
  pace: Pace,
): Promise<string[]> {
  if (host.connectionState !== 'connected') return [`it is ${host.connectionState}`];
  if (host.cluster !== cluster.id) return [`it is not in ${cluster.name}`];
  if (planned.role === 'trusted')
    return [
      ...(attestedSinceBoot(host) ? [] : ['it has not attested since its boot']),
      ...appliedTrouble(await readAppliedTrust(site, planned.vCenter, cluster.id, pace)),
    ];
  const stopped = await stoppedServices(site, { ...planned, id: host.id }, pace);
  return [...stopped.map((key) => `${key} does not run`), ...(await inconsistencies(site, pace))];
}

/**
 * What removing a host from the inventory loses: vCenter keeps these with the managed object, and it gets a new one
 * (vSphere documentation on removing hosts). Only what the API tells cheaply is looked for; the rest is named as such.
 */
async function losses(site: Site, planned: PlannedHost, host: HostSystem, pace: Pace): Promise<string[]> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const machines = await vim.virtualMachines.ofHost(host.id, callOptions(pace));
  const running = machines.filter(({ powerState }) => powerState !== 'poweredOff').map(({ name }) => name);
  const off = machines.filter(({ powerState }) => powerState === 'poweredOff').map(({ name }) => name);
  return [
    ...(running.length === 0
      ? []
      : [`running virtual machines are still on it and must be moved first: ${running.join(', ')}`]),
    ...(off.length === 0 ? [] : [switchedOff(planned, off)]),
    'its tags, custom attributes, permissions and alarms of its own, performance history: set them again by hand',
    ...(await switches(site, planned, host, pace)),
    'its place in a vSAN cluster, if it has one (not read): see to its disk groups by hand',
  ];
}

/** With a Trusted Host no virtual machine goes: one that is encrypted may not be registered again as it was. */
function switchedOff({ role }: PlannedHost, names: string[]): string {
  return role === 'trusted'
    ? `virtual machines that are powered off are on it and must be moved first: ${names.join(', ')}`
    : 'virtual machines that are powered off on it leave the inventory with it; register them again';
}

async function switches(site: Site, planned: PlannedHost, host: HostSystem, pace: Pace): Promise<string[]> {
  const used = await distributedPortGroups(site, planned.vCenter, host.id, pace);
  if (used === 0) return [];
  return [
    `its place in distributed switches (${used} port groups): add it to them again, with its uplinks, before its networks are needed`,
  ];
}

async function askHost(
  site: Site,
  planned: PlannedHost,
  pace: Pace,
  confirmedCertificate: string | undefined,
): Promise<HostItself> {
  if (site.infrastructure.esxi === undefined)
    return { reachable: false, unknown: ['no account for ESXi hosts is configured, so it cannot be asked'] };
  const esxi = await site.connections.esxi(planned.name, confirmedCertificate);
  const options = callOptions(pace);
  try {
    const { sha256, trusted } = await esxi.certificate();
    const certificate = { sha256, trusted };
    if (!trusted) return { reachable: false, unknown: ['its certificate is not trusted'], certificate };
    const host = await itself(esxi, options);
    if (typeof host === 'string') return { reachable: false, unknown: [host], certificate };
    const unknown: string[] = [];
    const services = await esxi.vim.hostServices.list(host.id, options).catch(tolerated(unknown, 'its services'));
    const image = await esxi.imageDatabase(options).catch(tolerated(unknown, 'its image'));
    return {
      reachable: true,
      unknown,
      certificate,
      ...(host.uuid === undefined ? {} : { uuid: host.uuid }),
      ...(host.version === undefined ? {} : { version: host.version }),
      ...(host.build === undefined ? {} : { build: host.build }),
      ...(host.bootTime === undefined ? {} : { bootTime: host.bootTime }),
      inMaintenanceMode: host.inMaintenanceMode,
      ...(services === undefined
        ? {}
        : { runningServices: services.filter(({ running }) => running).map(({ key }) => key) }),
      ...(image === undefined ? {} : { imageSha256: image.sha256 }),
    };
  } catch (error) {
    if (!isVsphereError(error)) throw error;
    return { reachable: false, unknown: [error.message] };
  } finally {
    await esxi.vim.close({ deadlineMs: pace.callMs });
    esxi.close();
  }
}

/** The host as it describes itself, or why it must not be asked again: a few refused logins lock the account. */
async function itself(esxi: EsxiHost, options: CallOptions): Promise<HostSystem | string> {
  try {
    return (await esxi.vim.hosts.all(options))[0] ?? 'it tells nothing of itself';
  } catch (error) {
    if (error instanceof LoginRefused) return `it refuses the configured account: ${error.message}`;
    throw error;
  }
}

/** What a host does not tell is named, and the rest is told. */
function tolerated(unknown: string[], what: string) {
  return (error: unknown): undefined => {
    if (!isVsphereError(error)) throw error;
    unknown.push(`${what}: ${error.message}`);
  };
}
