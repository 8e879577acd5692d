import { remedyOf } from '../vsphere/error-table';
import { isVsphereError } from '../vsphere/errors';
import { runTask } from '../vsphere/task-poll';
import type { FindSite } from './dependencies';
import type { RecoveryActivities } from './recovery-activities';
import { refuse } from './to-failure';
import { callOptions, pollTools, waitUntil } from './wait';

type Enablement = Pick<RecoveryActivities, 'vtaEnsureTrustAuthorityEnabled'>;

/** Tells the Trust Authority Cluster ENABLE again, for its new member. */
export function createRecoveryEnablementActivities(findSite: FindSite): Enablement {
  return {
    async vtaEnsureTrustAuthorityEnabled(input) {
      const { host, pace } = input;
      const site = findSite(input);
      const { trustAuthority, vtaConfigurationWrites, tasks } = await site.connections.trustAuthorityVCenter();
      const cluster = await site.connections.trustAuthorityClusterId();
      await waitUntil({
        what: `ENABLE of the Trust Authority Cluster for ${host.name}`,
        code: 'VTA_TRUST_AUTHORITY_UNHEALTHY',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: `Look at the tasks of ${host.vCenter}, then decide "retry".`,
        async look() {
          // A cluster that somebody disabled has lost its configuration on purpose.
          const { state } = await trustAuthority.cluster(cluster, callOptions(pace));
          if (state !== 'ENABLE')
            throw refuse(
              'VTA_TRUST_AUTHORITY_UNHEALTHY',
              `The Trust Authority Cluster is ${state}: somebody switched it off, and it was not switched on again. Find out who, then decide "retry" or "abort".`,
            );
          const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.services.deadlineMs };
          const { signal } = callOptions(pace);
          // The state of the cluster says nothing of its new member: it is told again, which changes nothing on the others.
          try {
            await runTask(tasks, (o) => vtaConfigurationWrites.enable(cluster, o), poll, pollTools(), signal);
          } catch (error) {
            if (!isVsphereError(error) || remedyOf(error) === 'refused') throw error;
            return { pending: error.message };
          }
          return { done: true };
        },
      });
    },
  };
}
