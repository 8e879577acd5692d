import type { PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';
import type { HostSystem } from '../vsphere/vim/hosts';
import { vCenterName } from './connections';
import type { FindSite, Site } from './dependencies';
import { isAfter, seeHost, stoppedServices } from './host-facts';
import type { RecoveryActivities } from './recovery-activities';
import { readServiceHealth } from './trust-authority-health';
import { inconsistencies } from './vta-health';
import { callOptions, waitUntil } from './wait';

type Waits = Pick<RecoveryActivities, 'vtaWaitHostConsistent' | 'vtaWaitAttestationThrough'>;

/** The proof that a host which was brought back does its work (R23). Nothing here changes anything. */
export function createRecoveryWaitActivities(findSite: FindSite): Waits {
  return {
    async vtaWaitHostConsistent(input) {
      const { host, pace } = input;
      const site = findSite(input);
      await waitUntil({
        what: `${host.name} being consistent with the other Trust Authority Hosts`,
        code: 'VTA_TRUST_AUTHORITY_NOT_CONSISTENT',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: `${host.name} is in its cluster. Mend what is named, then decide "retry": it is read again.`,
        async look() {
          const { connectionState } = (await seeHost(site, host, pace)).host;
          if (connectionState !== 'connected') return { pending: `it is ${connectionState}` };
          const stopped = await stoppedServices(site, host, pace);
          if (stopped.length > 0) return { pending: stopped.map((key) => `${key} does not run`).join(', ') };
          const trouble = [...(await inconsistencies(site, pace)), ...(await readServiceHealth(site, pace))];
          return trouble.length === 0 ? { done: true } : { pending: trouble.join('; ') };
        },
      });
    },

    async vtaWaitAttestationThrough(input) {
      const { host, pace, notBefore, deadlineMs } = input;
      const site = findSite(input);
      let detail = 'not read yet';
      const seen = await waitUntil<boolean>({
        what: `A Trusted Host attesting through ${host.name}`,
        code: 'VTA_NOT_ATTESTED',
        pace,
        deadlineMs,
        giveUp: false,
        remedy: '',
        async look() {
          const look = await lookAtAttestations(site, host, notBefore, pace);
          detail = look.detail;
          return look.seen ? { done: true } : { pending: detail };
        },
      });
      return { seen, detail };
    },
  };
}

interface Seen {
  seen: boolean;
  detail: string;
}

/** @param since clock of the host's vCenter: what was attested before proves nothing of the host now */
async function lookAtAttestations(site: Site, planned: PlannedHost, since: string, pace: Pace): Promise<Seen> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const told: string[] = [];
  let used = 0;
  for (const { vCenter, clusters } of site.infrastructure.trusted) {
    const name = vCenterName(vCenter);
    const workload = await site.connections.vCenter(name);
    // Two clocks: a time of one vCenter is moved by what they differ before it is compared with a time of the other.
    const here = Date.parse(await vim.server.currentTime(callOptions(pace)));
    const there = Date.parse(await workload.vim.server.currentTime(callOptions(pace)));
    const notBefore = new Date(Date.parse(since) + there - here).toISOString();
    const services = await workload.trustedServices.list('attestation', callOptions(pace));
    const ids = services
      .filter(({ address }) => sameName(address.hostname, planned.name))
      .map(({ service }) => service);
    if (ids.length === 0) {
      told.push(`${name} knows no attestation service of it`);
      continue;
    }
    for (const cluster of clusters) {
      const id = await site.connections.clusterId(name, cluster);
      for (const trusted of await workload.vim.hosts.ofCluster(id, callOptions(pace))) {
        const entry = trusted.trustAuthorityAttestations?.find(({ serviceId = '' }) => ids.includes(serviceId));
        if (entry === undefined) continue;
        used += 1;
        if (entry.status === 'attested' && isAfter(entry.attestedAt, notBefore))
          return { seen: true, detail: `${trusted.name} attested through it at ${entry.attestedAt ?? 'unknown'}` };
        told.push(describe(trusted, entry));
      }
    }
  }
  if (used === 0 && told.length === 0) told.push('no Trusted Host tells of its attestation service');
  return { seen: false, detail: told.join('; ') };
}

function describe(
  trusted: HostSystem,
  entry: { status: string; attestedAt: string | undefined; messages: readonly string[] },
) {
  if (entry.status === 'attested') return `${trusted.name} attested at ${entry.attestedAt ?? 'unknown'}, before that`;
  return `${trusted.name}: ${[entry.status, ...entry.messages].join(': ')}`;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
