import type { Pace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import { remedyOf, type Remedy } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import { runTask } from '../vsphere/task-poll';
import type { HostService } from '../vsphere/trust-authority';
import type { KnownServiceInfo } from '../vsphere/trusted-services';
import type { ServiceDifference } from '../model/recovery';
import type { FindSite, Site } from './dependencies';
import type { RecoveryActivities } from './recovery-activities';
import {
  clustersOf,
  presentedService,
  readKnownOtherwise,
  sameAddress,
  type KnownOtherwise,
} from './recovery-services';
import { refuse } from './to-failure';
import { callOptions, pollTools, waitUntil } from './wait';

type ServiceActivities = Pick<
  RecoveryActivities,
  'vtaEnsureServicesRestarted' | 'vtaReadServiceDifferences' | 'vtaEnsureServicesKnown'
>;

/** Services that a Trust Authority Host runs, and what the workload vCenters know of them. */
export function createRecoveryServiceActivities(findSite: FindSite): ServiceActivities {
  return {
    async vtaEnsureServicesRestarted(input) {
      const { host, pace } = input;
      const site = findSite(input);
      const { vim } = await site.connections.vCenter(host.vCenter);
      await waitUntil({
        what: `The restart of attestd and kmxd on ${host.name}`,
        code: 'VTA_SERVICE_DOWN',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: 'Restart what is named in the vSphere Client, then decide "retry".',
        async look(remember, remembered) {
          const done = restarted(remembered);
          for (const key of ['attestd', 'kmxd'].filter((one) => !done.includes(one))) {
            await vim.hostServices.restart(host.id, key, callOptions(pace));
            done.push(key);
            remember({ restarted: done });
          }
          return { done: true };
        },
      });
    },

    async vtaReadServiceDifferences(input) {
      const found = await readKnownOtherwise(findSite(input), input.host, input.pace);
      return found.map(({ difference }) => difference);
    },

    async vtaEnsureServicesKnown(input) {
      const { host, pace, differences } = input;
      const site = findSite(input);
      await waitUntil({
        what: `The workload vCenters knowing the services of ${host.name} as they are`,
        code: 'VTA_TRUST_AUTHORITY_NOT_CONSISTENT',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: `Register them by hand (Trusted Clusters of the vCenter that is named), then decide "retry".`,
        async look() {
          const open = await readKnownOtherwise(site, host, pace);
          for (const one of open) {
            // What nobody approved is not changed: it has come about since.
            const { vCenter, service, presents } = one.difference;
            const approved = differences.find((each) => each.vCenter === vCenter && each.service === service);
            if (approved === undefined || (approved.presents !== undefined && approved.presents !== presents))
              throw refuse(
                'VTA_TRUST_AUTHORITY_NOT_CONSISTENT',
                `${vCenter}, ${service} service: ${one.difference.what}. That was not so when it was approved; it was not changed. "retry" asks again.`,
              );
            await makeKnown(site, one, pace);
          }
          if (open.length > 0) return { pending: 'it is read once more' };
          for (const difference of differences) await useEverywhere(site, difference, host, pace);
          return { done: true };
        },
      });
    },
  };
}

/** What the heartbeat remembers of restarts: a service that was restarted is not restarted by the next attempt. */
function restarted(remembered: unknown): string[] {
  if (typeof remembered !== 'object' || remembered === null || !('restarted' in remembered)) return [];
  const { restarted: keys } = remembered;
  return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : [];
}

/** Takes out what is this host's no more, and puts in what it presents: there is no update of a service (contract). */
async function makeKnown(site: Site, one: KnownOtherwise, pace: Pace): Promise<void> {
  const { kind, presented, stale, difference } = one;
  const { trustedServices } = await site.connections.vCenter(difference.vCenter);
  for (const { service } of stale) {
    for (const { id, uses } of await clustersOf(site, difference.vCenter, kind, pace))
      if (uses.some((used) => used.service === service))
        await task(site, difference.vCenter, pace, (o) => trustedServices.useNoMore(kind, id, service, o), 'gone');
    await trustedServices.remove(kind, service, callOptions(pace)).catch(unless('gone'));
  }
  await trustedServices.create(kind, asKnown(presented), callOptions(pace)).catch(unless('already-done'));
}

function asKnown({ address, trusted_CA, group, cluster }: HostService): KnownServiceInfo {
  return { address, trusted_CA, group, trust_authority_cluster: cluster };
}

/**
 * The service is known as it is presented, and used by the clusters that used it before, and by every other configured
 * Trusted Cluster that uses services of this Trust Authority Cluster.
 */
async function useEverywhere(
  site: Site,
  { vCenter, service, usedBy = [] }: ServiceDifference,
  host: PlannedHost,
  pace: Pace,
): Promise<void> {
  const kind = service === 'attestation' ? 'attestation' : 'kms';
  const { trustedServices } = await site.connections.vCenter(vCenter);
  const presented = await presentedService(site, kind, host, pace);
  const known = await trustedServices.list(kind, callOptions(pace));
  // Whoever took it out may have died before it was put in again.
  const own =
    known.find(({ address }) => sameAddress(address, presented.address))?.service ??
    (await trustedServices.create(kind, asKnown(presented), callOptions(pace)));
  for (const { id, uses } of await clustersOf(site, vCenter, kind, pace)) {
    const ofThis = uses.filter((used) => used.trust_authority_cluster === presented.cluster);
    const usesIt = ofThis.length > 0 || usedBy.includes(id);
    if (!usesIt || ofThis.some((used) => used.service === own)) continue;
    await task(site, vCenter, pace, (o) => trustedServices.use(kind, id, own, o), 'already-done');
  }
}

async function task<T>(
  site: Site,
  vCenter: string,
  pace: Pace,
  start: Parameters<typeof runTask<T>>[1],
  accepted: Remedy,
): Promise<void> {
  const { tasks } = await site.connections.vCenter(vCenter);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
  await runTask(tasks, start, poll, pollTools(), callOptions(pace).signal).catch(unless(accepted));
}

/** Passes over an error that says that it is so already. */
function unless(accepted: Remedy): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiFault && remedyOf(error) === accepted) return undefined;
    throw error;
  };
}
