import type { ClusterFacts, HostFacts, Inventory, LeftBehind } from '../model/inventory';
import type { ApplyPolicyChange, HostRemovedChange, LedgerChange, MaintenanceModeChange } from '../model/ledger';
import type { Leftover, PlannedHost } from '../model/plan';
import type { UpgradeRequest } from '../model/request';
import { isAtWork } from './open-children';
import { runScope, type RunScope } from './run-scope';

/** What earlier runs left behind by the ledger, each with what this run makes of it (R14). */
export function planLeftovers(request: UpgradeRequest, inventory: Inventory): Leftover[] {
  const scope = runScope(request, inventory);
  return inventory.leftBehind.map((left) => ({ change: left.change, ...judge(left, scope, inventory) }));
}

type Judgement = Omit<Leftover, 'change'>;

function judge({ change, policy }: LeftBehind, scope: RunScope, inventory: Inventory): Judgement {
  switch (change.kind) {
    case 'apply-policy':
      return judgePolicy(change, policy, scope);
    case 'maintenance-mode':
      return judgeMaintenanceMode(change, scope, inventory);
    case 'host-removed':
      return judgeRemoved(change, inventory);
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

function judgeMaintenanceMode(change: MaintenanceModeChange, scope: RunScope, inventory: Inventory): Judgement {
  const { name, vCenter, uuid } = change.subject;
  const { version, build } = change.before;
  const what = `Host ${name} on ${vCenter} was put into maintenance mode by ${runOf(change)}`;
  const found = hostsOf(inventory).find(({ host }) => host.uuid === uuid);
  if (found === undefined)
    return removed(inventory, uuid)
      ? { action: 'keep', sentence: `${what}; it is out of its cluster now, see there.` }
      : {
          action: 'forget',
          sentence: `${what}, but it is in no configured cluster now: it is struck off the ledger once the plan is approved.`,
        };
  const { host, cluster } = found;
  if (isAtWork(inventory, 'host', host.name))
    return { action: 'keep', sentence: `${what}, whose work on it is not over: it is waited for.` };
  if (host.connection !== 'connected')
    return { action: 'keep', sentence: `${what}; it is ${host.connection} now, so it is left as it is.` };
  if (!host.inMaintenanceMode)
    return { action: 'settle', sentence: `${what} and is no longer in it: it is struck off the ledger.` };
  const still = `${what} and is still in it; it ran ${version} build ${build} then and runs ${host.version} build ${host.build} now.`;
  if (scope.clusters.some(({ toUpgrade }) => toUpgrade.includes(host)))
    return {
      action: 'upgrade',
      sentence: `${still} It goes first in its phase and is taken out of maintenance mode once it is done.`,
    };
  const when = cluster.role === 'trusted' ? ', once it is attested' : ', once its services run';
  return {
    action: 'take out',
    sentence: `${still} This run does not upgrade it. It is taken out of maintenance mode after the approval${when}.`,
    host: asItIs(host, cluster),
  };
}

function judgeRemoved(change: HostRemovedChange, inventory: Inventory): Judgement {
  const { name, vCenter, uuid, cluster } = change.subject;
  const what = `Trust Authority Host ${name} was removed from cluster ${cluster} on ${vCenter} by ${runOf(change)} in order to revert it`;
  const { version, build } = change.before.previous;
  const back = hostsOf(inventory).some(({ host }) => host.uuid === uuid);
  return {
    action: 'keep',
    sentence: back
      ? `${what}. It is in a cluster again; whether its Trust Authority configuration was restored is not known. See that it is, then strike it off the ledger.`
      : `${what} to ${version} build ${build}, and it was not added again. Revert it, add it to the cluster again and restore its Trust Authority configuration from ${change.before.backup.path}.`,
  };
}

/** Whether a Trust Authority Host is out of its cluster because of a recovery that did not come to its end. */
function removed(inventory: Inventory, uuid: string): boolean {
  return inventory.leftBehind.some(({ change }) => change.kind === 'host-removed' && change.subject.uuid === uuid);
}

function hostsOf({ trustAuthority, trusted }: Inventory): { host: HostFacts; cluster: ClusterFacts }[] {
  const clusters = [trustAuthority.cluster, ...trusted.flatMap((one) => one.clusters)];
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
