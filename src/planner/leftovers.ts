import type { ClusterFacts, ClusterRole, HostFacts, Inventory, LeftBehind } from '../model/inventory';
import type {
  ApplyPolicyChange,
  DraftChange,
  HostRemovedChange,
  LedgerChange,
  MaintenanceModeChange,
} from '../model/ledger';
import type { Leftover, PlannedHost } from '../model/plan';
import type { UpgradeRequest } from '../model/request';
import { isAtWork } from './open-children';
import { runScope, type RunScope } from './run-scope';

/** What earlier runs left behind by the ledger, each with what this run makes of it (R14). */
export function planLeftovers(request: UpgradeRequest, inventory: Inventory): Leftover[] {
  const scope = runScope(request, inventory);
  return inventory.leftBehind.map((left) => ({ change: left.change, ...judge(left, scope, request, inventory) }));
}

type Judgement = Omit<Leftover, 'change'>;

function judge(
  { change, policy, draft }: LeftBehind,
  scope: RunScope,
  request: UpgradeRequest,
  inventory: Inventory,
): Judgement {
  switch (change.kind) {
    case 'apply-policy':
      return judgePolicy(change, policy, scope);
    case 'draft':
      return judgeDraft(change, draft);
    case 'maintenance-mode':
      return judgeMaintenanceMode(change, scope, request, inventory);
    case 'host-removed':
      return judgeRemoved(change, request, inventory);
  }
}

function judgePolicy(change: ApplyPolicyChange, now: LeftBehind['policy'], scope: RunScope): Judgement {
  const { name, vCenter, id } = change.subject;
  const what = `The apply policy of cluster ${name} on ${vCenter} was changed by ${runOf(change)}`;
  if (now === 'as before')
    return { action: 'settle', sentence: `${what} and is again as it was: it is struck off the ledger.` };
  if (now !== 'changed')
    return {
      action: 'forget',
      sentence: `${what}, but no configured vCenter has that cluster now: it is struck off the ledger once the plan is approved.`,
    };
  const worked = scope.clusters.some(
    ({ cluster, toUpgrade }) => cluster.id === id && cluster.vCenter === vCenter && toUpgrade.length > 0,
  );
  const then = `It was: ${policyWords(change)}.`;
  return worked
    ? {
        action: 'restore after',
        sentence: `${what} and not put back. ${then} That is restored at the end of this run.`,
      }
    : { action: 'restore', sentence: `${what} and not put back. ${then} That is restored once the plan is approved.` };
}

function policyWords({ before: { policy } }: ApplyPolicyChange): string {
  const words = (name: string, value: unknown) =>
    `${name} ${value === true ? 'on' : value === false ? 'off' : 'not set, as vCenter defaults'}`;
  return [words('Quick Boot', policy['enable_quick_boot']), words('Quick Patch', policy['enforce_quick_patch'])].join(
    ', ',
  );
}

/** A run that commits an image to the same cluster makes a draft of its own afterwards. */
function judgeDraft(change: DraftChange, now: LeftBehind['draft']): Judgement {
  const { name, vCenter } = change.subject;
  const what = `A draft of the desired image of cluster ${name} on ${vCenter} was made, or was to be, by ${runOf(change)}`;
  if (now === 'none')
    return {
      action: 'settle',
      sentence: `${what}; the account of this run has none there now: it is struck off the ledger.`,
    };
  if (now !== 'there')
    return {
      action: 'forget',
      sentence: `${what}, but no configured vCenter has that cluster now: it is struck off the ledger once the plan is approved.`,
    };
  return {
    action: 'discard',
    sentence: `${what}; the account of this run still has one there. It is discarded once the plan is approved; nothing of it was committed.`,
  };
}

function judgeMaintenanceMode(
  change: MaintenanceModeChange,
  scope: RunScope,
  request: UpgradeRequest,
  inventory: Inventory,
): Judgement {
  const { name, vCenter, uuid } = change.subject;
  const { version, build } = change.before;
  const what = `Host ${name} on ${vCenter} was put into maintenance mode by ${runOf(change)}`;
  const found = hostsOf(inventory).find(({ host }) => host.uuid === uuid);
  if (removed(request, inventory, uuid))
    return { action: 'keep', sentence: `${what}; it was to be removed since, see there.` };
  if (found === undefined)
    return {
      action: 'forget',
      sentence: `${what}, but it is in no configured cluster now: it is struck off the ledger once the plan is approved.`,
    };
  const { host, cluster } = found;
  if (isAtWork(inventory, 'host', host.name))
    return { action: 'keep', sentence: `${what}, whose work on it is not over: it is waited for.` };
  if (host.connection !== 'connected') {
    // To bring about its attestation; nothing tells who disconnected it.
    const why =
      host.connection === 'disconnected' && cluster.role === 'trusted'
        ? ' A run disconnects a Trusted Host that does not attest for a moment, and may have been ended in that moment: connect it in vCenter, unless somebody else disconnected it, and plan again.'
        : '';
    return { action: 'keep', sentence: `${what}; it is ${host.connection} now, so it is left as it is.${why}` };
  }
  if (!host.inMaintenanceMode)
    return { action: 'settle', sentence: `${what} and is no longer in it: it is struck off the ledger.` };
  const still = `${what} and is still in it; it ran ${version} build ${build} then and runs ${host.version} build ${host.build} now.`;
  if (scope.clusters.some(({ toUpgrade }) => toUpgrade.includes(host)))
    return {
      action: 'upgrade',
      sentence: `${still} It goes first in its phase and is taken out of maintenance mode once it is done.`,
    };
  const when = ONCE[cluster.role];
  return {
    action: 'take out',
    sentence: `${still} This run does not upgrade it. It is taken out of maintenance mode after the approval${when}.`,
    host: asItIs(host, cluster),
  };
}

/**
 * A recovery that was interrupted is finished before anything else: its cluster has one host less meanwhile. Where it
 * stands is looked at once more when that begins; here it decides only whether it was removed at all.
 */
function judgeRemoved(
  change: HostRemovedChange,
  { recoverTrustedHosts }: UpgradeRequest,
  inventory: Inventory,
): Judgement {
  const { name, vCenter, uuid, cluster } = change.subject;
  const { previous, backup, host } = change.before;
  const trusted = host.role === 'trusted';
  const what = `${trusted ? 'Trusted Host' : 'Trust Authority Host'} ${name} was to be removed from cluster ${cluster} on ${vCenter} by ${runOf(change)} in order to revert it to ${previous.version} build ${previous.build}`;
  const found = hostsOf(inventory).find(({ host }) => host.uuid === uuid)?.host;
  if (found?.connection === 'connected' && found.build !== previous.build)
    return {
      action: 'forget',
      sentence: `${what}; it is in cluster ${cluster} and runs ${found.version} build ${found.build}, so it was not: it is struck off the ledger once the plan is approved.`,
    };
  const now =
    found === undefined
      ? 'it is in no configured cluster'
      : `it is in cluster ${cluster} again, ${found.connection}, and was not verified`;
  if (!inventory.canExportBaseImages)
    return {
      action: 'keep',
      sentence: `${what}; ${now}. Without an account for ESXi hosts (esxi) this run cannot bring it back: do that yourself, ${trusted ? `then have ${vCenter} apply the trust configuration of the cluster to its hosts again` : `its Trust Authority configuration is in ${backup.path}`}.`,
    };
  // Perhaps it was not removed yet, and whether it may be is for the request of this run to say.
  if (trusted && found !== undefined && found.connection !== 'connected' && recoverTrustedHosts !== true)
    return {
      action: 'keep',
      sentence: `${what}; ${now}. This request does not allow that a Trusted Host is removed (recoverTrustedHosts), so it is left as it is.`,
    };
  const configuration = trusted
    ? 'the trust configuration of its cluster applied to it'
    : `its configuration restored from ${backup.path}`;
  return {
    action: 'bring back',
    sentence: `${what}; ${now}. It is brought back first, once this plan is approved: reverted if need be, added again, ${configuration}, verified. Then this run plans anew and asks again.`,
  };
}

/** True when a host has to be brought back before anything else is planned. */
export function bringsBackFirst(leftovers: Leftover[]): boolean {
  return leftovers.some(({ action }) => action === 'bring back');
}

/** Whether a host is in a recovery that did not come to its end. */
function removed(request: UpgradeRequest, inventory: Inventory, uuid: string): boolean {
  return inventory.leftBehind.some(
    ({ change }) =>
      change.kind === 'host-removed' &&
      change.subject.uuid === uuid &&
      judgeRemoved(change, request, inventory).action !== 'forget',
  );
}

const ONCE: Record<ClusterRole, string> = {
  trusted: ', once it is attested',
  'trust-authority': ', once its services run',
  reference: '',
};

function hostsOf({ trustAuthority, trusted }: Inventory): { host: HostFacts; cluster: ClusterFacts }[] {
  const clusters = [
    trustAuthority.cluster,
    ...trusted.flatMap((one) => [...one.clusters, ...(one.referenceClusters ?? [])]),
  ];
  return clusters.flatMap((cluster) => cluster.hosts.map((host) => ({ host, cluster })));
}

function runOf({ runId, at }: LedgerChange): string {
  return `an earlier run (${runId}, ${at})`;
}

/** For activities, which take hosts of a plan: nothing of it is to change but maintenance mode. */
function asItIs({ name, uuid, id, version, build, runningVms }: HostFacts, cluster: ClusterFacts): PlannedHost {
  const { name: of, vCenter, role } = cluster;
  const now = { version, build };
  const same = { name, uuid, id, cluster: of, vCenter, role, from: now, to: now, runningVms };
  return { ...same, imageKey: '', foundInMaintenanceMode: false };
}
