import type { Activities } from './activities';
import type { FindSite } from './dependencies';
import { attestedSince, seeHost } from './host-facts';
import { serviceTrouble, whyNotSafe } from './safe-to-begin';
import { readServiceHealth } from './trust-authority-health';
import { callOptions, waitUntil } from './wait';

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
          const { trouble, strangerAlone } = await whyNotSafe(site, host, pace);
          if (trouble.length === 0) return { done: true };
          return { pending: trouble.join(', '), ...(strangerAlone ? { code: 'VTA_STRANGER_AT_WORK' } : {}) };
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
        deadlineMs: input.deadlineMs ?? pace.services.deadlineMs,
        remedy: `Find out why in the logs of the host, restart the service that is named in the vSphere Client, then decide "retry".`,
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
        remedy: `${host.name} runs its ${input.reverted === true ? 'old' : 'new'} build. Look at the health of the cluster, then decide "retry".`,
        async look() {
          const trouble = await readServiceHealth(site, pace);
          return trouble.length === 0 ? { done: true } : { pending: trouble.join(', ') };
        },
      });
    },

    async vtaWaitAttested(input) {
      const { host: planned, pace, notBefore, deadlineMs, failAtDeadline, refusedForMs = deadlineMs } = input;
      const runs =
        input.reverted === true
          ? 'It runs its old build and is not let out of maintenance mode (R26). See that the Trust Authority Cluster still trusts the base image of that build.'
          : 'It runs its new build and is not let out of maintenance mode (R26).';
      const site = findSite(input);
      let detail = 'not read yet';
      let refusedSince: number | undefined;
      const attested = await waitUntil<boolean>({
        what: `${planned.name} being attested`,
        code: 'VTA_NOT_ATTESTED',
        pace,
        deadlineMs,
        giveUp: failAtDeadline ? undefined : false,
        remedy: `${runs} Read kmxa.log on the host and attestd.log on the Trust Authority Hosts, restart kmxa on the host itself (no API does that), then decide "retry".`,
        async look() {
          const seen = attestedSince((await seeHost(site, planned, pace)).host, notBefore);
          detail = seen.detail;
          if (seen.attested) return { done: true };
          refusedSince = seen.refused ? (refusedSince ?? Date.now()) : undefined;
          const longEnough = refusedSince !== undefined && Date.now() - refusedSince >= refusedForMs;
          if (!failAtDeadline && longEnough) return { done: false };
          return { pending: seen.detail, ...(seen.stale ? { code: 'VTA_ATTESTATION_STALE' } : {}) };
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
          // One task at a time: a second disconnect that runs late would undo our own reconnect.
          const last = isReconnecting(remembered) ? remembered : undefined;
          if (last !== undefined) {
            const task = await vim.tasks.read(last.taskId, callOptions(pace));
            if (!task.gone && (task.task.state === 'running' || task.task.state === 'queued'))
              return { pending: `it is being ${last.stage}` };
          }
          const { host } = await seeHost(site, planned, pace);
          if (host.connectionState === 'connected' && last?.stage === 'connected') return { done: true };
          const options = callOptions(pace);
          if (host.connectionState === 'connected' && last?.stage !== 'connected') {
            const { id } = await vim.hostOperations.disconnect(planned.id, options);
            remember({ stage: 'disconnected', taskId: id } satisfies Reconnecting);
          } else if (host.connectionState === 'disconnected') {
            const { id } = await vim.hostOperations.reconnect(planned.id, {}, options);
            remember({ stage: 'connected', taskId: id } satisfies Reconnecting);
          }
          return { pending: `it is ${host.connectionState}` };
        },
      });
    },
  };
}

/** What the heartbeat remembers of a reconnect: the task that was begun last. */
interface Reconnecting {
  stage: 'disconnected' | 'connected';
  taskId: string;
}

function isReconnecting(value: unknown): value is Reconnecting {
  return typeof value === 'object' && value !== null && 'stage' in value && 'taskId' in value;
}
