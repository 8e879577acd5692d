import type { Activities } from './activities';
import type { FindSite, Site } from './dependencies';
import { attestedSince, seeHost, stoppedServices } from './host-facts';
import { readServiceHealth } from './trust-authority-health';
import { refuse } from './to-failure';
import { callOptions, waitUntil } from './wait';
import { isVsphereError } from '../vsphere/errors';
import type { PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';

type HostWaits = Pick<
  Activities,
  | 'vtaWaitSafeToBegin'
  | 'vtaWaitTrustAuthorityServices'
  | 'vtaWaitTrustAuthorityHealthy'
  | 'vtaWaitAttested'
  | 'vtaEnsureReconnected'
>;

/** The gates between the steps of one host (design §8). */
export function createHostWaitActivities(findSite: FindSite): HostWaits {
  return {
    async vtaWaitSafeToBegin(input) {
      const { host, pace } = input;
      const site = findSite(input);
      await waitUntil({
        what: `A state in which ${host.name} can be taken out of service safely`,
        code: host.role === 'trust-authority' ? 'VTA_NO_HEALTHY_PEER' : 'VTA_TRUST_AUTHORITY_UNHEALTHY',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: `Nothing was done to ${host.name}. Mend what is named, then decide "retry".`,
        async look() {
          const trouble = await whyNotSafe(site, host, pace);
          return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
        },
      });
    },

    async vtaWaitTrustAuthorityServices(input) {
      const { host, pace } = input;
      const site = findSite(input);
      await waitUntil({
        what: `The Trust Authority services of ${host.name} answering`,
        code: 'VTA_SERVICE_DOWN',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: `It runs its new build and stays in maintenance mode. Restart the service that is named in the vSphere Client, then decide "retry".`,
        async look() {
          const trouble = await serviceTrouble(site, host, pace);
          return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
        },
      });
    },

    async vtaWaitTrustAuthorityHealthy(input) {
      const { host, pace } = input;
      const site = findSite(input);
      await waitUntil({
        what: `The Trust Authority Cluster being healthy with ${host.name} back in service`,
        code: 'VTA_TRUST_AUTHORITY_NOT_CONSISTENT',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: `${host.name} runs its new build and is out of maintenance mode. Look at the health of the cluster, then decide "retry".`,
        async look() {
          const trouble = await readServiceHealth(site, pace);
          return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
        },
      });
    },

    async vtaWaitAttested(input) {
      const { host: planned, pace, notBefore, deadlineMs, failAtDeadline } = input;
      const site = findSite(input);
      let detail = 'not read yet';
      const attested = await waitUntil<boolean>({
        what: `${planned.name} being attested`,
        code: 'VTA_NOT_ATTESTED',
        pace,
        deadlineMs,
        giveUp: failAtDeadline ? undefined : false,
        remedy: `It runs its new build and stays in maintenance mode (R26). Read kmxa.log on the host and attestd.log on the Trust Authority Hosts, then decide "retry".`,
        async look() {
          const seen = attestedSince((await seeHost(site, planned, pace)).host, notBefore);
          detail = seen.detail;
          return seen.attested ? { done: true } : { pending: seen.detail };
        },
      });
      return { attested, detail };
    },

    async vtaEnsureReconnected(input) {
      const { host: planned, pace } = input;
      const site = findSite(input);
      const { vim } = await site.connections.vCenter(planned.vCenter);
      await waitUntil({
        what: `${planned.name} being disconnected and connected again`,
        code: 'VTA_HOST_NOT_BACK',
        pace,
        deadlineMs: pace.reconnect.deadlineMs,
        remedy: `Connect it in vCenter, then decide "retry".`,
        async look(remember, remembered) {
          const { host } = await seeHost(site, planned, pace);
          const wasDisconnected = remembered === 'disconnected';
          if (host.connectionState === 'connected' && wasDisconnected) return { done: true };
          const options = callOptions(pace);
          if (host.connectionState === 'connected') await vim.hostOperations.disconnect(planned.id, options);
          if (host.connectionState === 'disconnected') {
            remember('disconnected');
            await vim.hostOperations.reconnect(planned.id, {}, options);
          }
          return { pending: `it is ${host.connectionState}` };
        },
      });
    },
  };
}

/** The services of a Trust Authority Host, by its own word and by the Trust Authority vCenter's (R1). */
async function serviceTrouble(site: Site, host: PlannedHost, pace: Pace): Promise<string[]> {
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

/** Why a host must not be taken out now; empty when it may (N8, R10). */
async function whyNotSafe(site: Site, planned: PlannedHost, pace: Pace): Promise<string[]> {
  const { host } = await seeHost(site, planned, pace);
  if (host.connectionState !== 'connected') return [`${planned.name} is ${host.connectionState}`];
  if (host.cluster === undefined) throw refuse('VTA_HOST_REPLACED', `${planned.name} is in no cluster any more.`);
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const peers = (await vim.hosts.ofCluster(host.cluster, callOptions(pace))).filter((peer) => peer.id !== planned.id);
  const out = peers.filter((peer) => peer.inMaintenanceMode).map((peer) => `${peer.name} is in maintenance mode`);
  if (planned.role === 'trusted') return [...out, ...(await readServiceHealth(site, pace))];
  if (peers.length === 0) return [`${planned.name} is the only Trust Authority Host`];
  const away = peers
    .filter((peer) => peer.connectionState !== 'connected')
    .map((peer) => `${peer.name} is ${peer.connectionState}`);
  if (away.length + out.length > 0) return [...away, ...out];
  const silent: string[] = [];
  for (const peer of peers)
    silent.push(...(await serviceTrouble(site, { ...planned, id: peer.id, name: peer.name }, pace)));
  return silent.length > 0 ? silent : await readServiceHealth(site, pace);
}
