import { runTask } from '../vsphere/task-poll';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault, isVsphereError } from '../vsphere/errors';
import type { Pace } from '../model/pace';
import type { PlannedCluster } from '../model/plan';
import { appliedTrouble, readAppliedTrust } from './applied-trust';
import type { FindSite, Site } from './dependencies';
import type { RecoveryActivities } from './recovery-activities';
import { refuse } from './to-failure';
import { callOptions, pollTools, waitUntil } from './wait';

/** Gives a Trusted Host that was added to its cluster again what the cluster's other hosts have. */
export function createRecoveryTrustActivities(findSite: FindSite): Pick<RecoveryActivities, 'vtaEnsureTrustApplied'> {
  return {
    async vtaEnsureTrustApplied(input) {
      const { host, cluster, pace } = input;
      const site = findSite(input);
      let lastApplied: number | undefined;
      return await waitUntil({
        what: `The trust configuration of ${cluster.name} being on ${host.name}`,
        code: 'VTA_TRUST_NOT_APPLIED',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: `${host.name} is in its cluster and is not let out of maintenance mode. Mend what is named, then decide "retry": it is read and applied again.`,
        async look(remember, remembered, late) {
          // By this attempt or one before it.
          const applied = remembered !== undefined;
          const report = await readAppliedTrust(site, cluster.vCenter, cluster.id, pace);
          const trouble = appliedTrouble(report);
          if (trouble.length === 0) return { done: { applied } };
          const pending = trouble.join('; ');
          // Not known is no difference: a host that cannot be asked cannot be given anything either.
          if (report.health !== 'ERROR' || late) return { pending };
          // Health takes a moment to follow what was applied.
          if (lastApplied !== undefined && performance.now() - lastApplied < pace.serviceHealth.warnMs)
            return { pending };
          await requireServices(site, cluster, pace);
          remember({ applied: true });
          const problem = await apply(site, cluster, pace);
          lastApplied = performance.now();
          return { pending: problem === undefined ? pending : `${pending}; ${problem}` };
        },
      });
    },
  };
}

/** On a cluster that wants nothing, applying takes away what its hosts have (vSphere API, `services-applied-config`). */
async function requireServices(site: Site, { id, name, vCenter }: PlannedCluster, pace: Pace): Promise<void> {
  const { trustedClusters } = await site.connections.vCenter(vCenter);
  const attestation = await trustedClusters.attestationServices(id, callOptions(pace));
  const keyProvider = await trustedClusters.keyProviderServices(id, callOptions(pace));
  const lacking = [
    ...(attestation.length === 0 ? ['attestation'] : []),
    ...(keyProvider.length === 0 ? ['key provider'] : []),
  ];
  if (lacking.length === 0) return;
  throw refuse(
    'VTA_TRUST_NOT_APPLIED',
    `${name} uses no ${lacking.join(' and no ')} services any more, so its configuration was not applied: that would take away what its hosts have. Find out who changed it, then decide "retry".`,
  );
}

/** @returns why it did not reach all hosts: what came of it is read as health */
async function apply(site: Site, { id, vCenter }: PlannedCluster, pace: Pace): Promise<string | undefined> {
  const { trustedClusters, tasks } = await site.connections.vCenter(vCenter);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.services.deadlineMs };
  const { signal } = callOptions(pace);
  try {
    await runTask(tasks, (o) => trustedClusters.applyConfig(id, o), poll, pollTools(), signal);
    return undefined;
  } catch (error) {
    if (!isVsphereError(error)) throw error;
    if (error instanceof ApiFault && remedyOf(error) === 'refused') throw error;
    return error.message;
  }
}
