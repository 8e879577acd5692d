import type { Pace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import { isVsphereError } from '../vsphere/errors';
import type { HostSystem } from '../vsphere/vim/hosts';
import { applyAtWork } from './apply-at-work';
import type { Site } from './dependencies';
import { seeHost, stoppedServices } from './host-facts';
import { refuse } from './to-failure';
import { readServiceHealth } from './trust-authority-health';
import { callOptions } from './wait';

/** What speaks against it, a sentence each; empty when nothing does. */
export interface Unsafe {
  trouble: string[];
  /** Nothing but somebody's work on the cluster, which ends. */
  strangerAlone: boolean;
}

/**
 * Why a host must not be taken out of service, or rebooted, now (N8, R10). Asked before maintenance
 * mode, and again directly before vLCM is told to begin: moving virtual machines may take hours, and peers may be lost
 * meanwhile.
 */
export async function whyNotSafe(site: Site, planned: PlannedHost, pace: Pace): Promise<Unsafe> {
  const { host } = await seeHost(site, planned, pace);
  if (host.connectionState !== 'connected') return unsafe([`${planned.name} is ${host.connectionState}`]);
  if (host.cluster === undefined) throw refuse('VTA_HOST_REPLACED', `${planned.name} is in no cluster any more.`);
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const peers = (await vim.hosts.ofCluster(host.cluster, callOptions(pace))).filter((peer) => peer.id !== planned.id);
  if (planned.role === 'trust-authority' && peers.length === 0)
    return unsafe([`${planned.name} is the only Trust Authority Host`]);
  // Nothing of vSphere Trust Authority is served by the hosts beside a reference host.
  const trouble = planned.role === 'reference' ? [] : peers.flatMap((peer) => outOfService(peer, planned.role));
  const atWork = await applyAtWork(site, planned, host.cluster, pace);
  if (trouble.length > 0) return unsafe([...trouble, ...(atWork === undefined ? [] : [atWork])]);
  if (atWork !== undefined) return { trouble: [atWork], strangerAlone: true };
  if (planned.role === 'trust-authority')
    for (const peer of peers)
      trouble.push(...(await serviceTrouble(site, { ...planned, id: peer.id, name: peer.name }, pace)));
  return unsafe(trouble.length > 0 ? trouble : await readServiceHealth(site, pace));
}

function unsafe(trouble: string[]): Unsafe {
  return { trouble, strangerAlone: false };
}

/** A host that cannot take over counts as out: away, in maintenance mode, or, when it is to be attested, not attested. */
export function outOfService(peer: HostSystem, role: PlannedHost['role']): string[] {
  if (peer.connectionState !== 'connected') return [`${peer.name} is ${peer.connectionState}`];
  if (peer.inMaintenanceMode) return [`${peer.name} is in maintenance mode`];
  const attested = peer.trustAuthorityAttestations?.some(({ status }) => status === 'attested');
  return role === 'trusted' && attested !== true ? [`${peer.name} is not attested`] : [];
}

/** The services of a Trust Authority Host, by its own word and by the Trust Authority vCenter's (R1). */
export async function serviceTrouble(site: Site, host: PlannedHost, pace: Pace): Promise<string[]> {
  const stopped = (await stoppedServices(site, host, pace)).map((key) => `${host.name}: ${key} does not run`);
  if (stopped.length > 0) return stopped;
  const { trustAuthority } = await site.connections.vCenter(host.vCenter);
  const answers = await Promise.allSettled([
    trustAuthority.attestationHost(host.id, callOptions(pace)),
    trustAuthority.keyProviderHost(host.id, callOptions(pace)),
  ]);
  return answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return [];
    const reason: unknown = answer.reason;
    if (!isVsphereError(reason)) throw reason;
    return [`${host.name}: ${reason.message}`];
  });
}
