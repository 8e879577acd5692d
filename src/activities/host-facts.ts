import type { Pace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import type { HostLook } from '../model/work';
import type { HostSystem } from '../vsphere/vim/hosts';
import { ApiFault } from '../vsphere/errors';
import type { Site } from './dependencies';
import { refuse } from './to-failure';
import { callOptions } from './wait';

/** Services of a Trust Authority Host that must run (R1). */
export const TRUST_AUTHORITY_SERVICES = ['attestd', 'kmxd'] as const;

/** A host read from its vCenter, with the vCenter's clock: times are only compared with times of the same vCenter. */
export interface SeenHost {
  host: HostSystem;
  vCenterTime: string;
}

/**
 * Reads the host of a plan.
 * @throws ApplicationFailure VTA_HOST_REPLACED when it is gone or another machine answers to its id
 */
export async function seeHost(site: Site, planned: PlannedHost, pace: Pace): Promise<SeenHost> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const options = callOptions(pace);
  const vCenterTime = await vim.server.currentTime(options);
  let host: HostSystem;
  try {
    host = await vim.hosts.read(planned.id, options);
  } catch (error) {
    if (!(error instanceof ApiFault) || error.errorType !== 'ManagedObjectNotFound') throw error;
    throw refuse(
      'VTA_HOST_REPLACED',
      `${planned.vCenter} has no host ${planned.name} with the id ${planned.id} any more: it was removed or added again since the plan was made. Abort and start a new run.`,
    );
  }
  if (host.uuid !== undefined && host.uuid !== planned.uuid)
    throw refuse(
      'VTA_HOST_REPLACED',
      `${planned.name} is another machine than the one that was planned: hardware UUID ${host.uuid} instead of ${planned.uuid}. Abort and start a new run.`,
    );
  return { host, vCenterTime };
}

/** What workflows remember of a look. */
export function lookOf({ host, vCenterTime }: SeenHost): HostLook {
  return {
    version: host.version ?? 'unknown',
    build: host.build ?? 'unknown',
    ...(host.bootTime === undefined ? {} : { bootTime: host.bootTime }),
    connection: host.connectionState,
    inMaintenanceMode: host.inMaintenanceMode,
    vCenterTime,
  };
}

/** True when `time` is after `reference`, both of one vCenter; unset times prove nothing. */
export function isAfter(time: string | undefined, reference: string | undefined): boolean {
  return time !== undefined && reference !== undefined && Date.parse(time) > Date.parse(reference);
}

/** How a host attests. */
export interface Attestation {
  attested: boolean;
  /** Every attestation service has looked at it and said no: not merely "unknown". */
  refused: boolean;
  /** All that is told is an attestation from before. */
  stale: boolean;
  /** For people. */
  detail: string;
}

/**
 * Attested since `notBefore`? One entry a TA service: one that says so is enough, since demanding all would wait for
 * ever while a Trust Authority Host is away (design §8). An old "attested" proves nothing about this boot.
 */
export function attestedSince(host: HostSystem, notBefore: string): Attestation {
  const entries = host.trustAuthorityAttestations;
  if (entries === undefined || entries.length === 0)
    return { attested: false, refused: false, stale: false, detail: 'its vCenter tells no attestation at all' };
  const fresh = entries.find((entry) => entry.status === 'attested' && isAfter(entry.attestedAt, notBefore));
  if (fresh !== undefined)
    return { attested: true, refused: false, stale: false, detail: `attested at ${fresh.attestedAt ?? 'unknown'}` };
  const told = entries.map((entry) =>
    entry.status === 'attested'
      ? `attested at ${entry.attestedAt ?? 'unknown'}, which is before ${notBefore}`
      : [entry.status, ...entry.messages].join(': '),
  );
  const refused = entries.every(({ status }) => status === 'notAttested');
  const stale = entries.some(({ status }) => status === 'attested');
  return { attested: false, refused, stale, detail: [...new Set(told)].join('; ') };
}

/** Names of the services among `keys` that do not run; a host that does not answer counts with all of them. */
export async function stoppedServices(site: Site, planned: PlannedHost, pace: Pace): Promise<string[]> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const services = await vim.hostServices.list(planned.id, callOptions(pace));
  return TRUST_AUTHORITY_SERVICES.filter((key) => !services.some((service) => service.key === key && service.running));
}
