import type { Activities } from './activities';
import type { ApplyPolicy } from '../vsphere/apply-policy';
import type { FindSite } from './dependencies';
import { callOptions } from './wait';

type PolicyActivities = Pick<Activities, 'vtaReadApplyPolicy' | 'vtaEnsureQuickBootOff' | 'vtaEnsureApplyPolicy'>;

/** Quick Boot and Quick Patch of a cluster: off while a run lasts, afterwards as they were (R14). */
export function createApplyPolicyActivities(findSite: FindSite): PolicyActivities {
  return {
    async vtaReadApplyPolicy({ cluster, pace, ...ref }) {
      const { applyPolicies } = await findSite(ref).connections.vCenter(cluster.vCenter);
      const { policy } = await applyPolicies.configured(cluster.id, callOptions(pace));
      return { policy };
    },

    async vtaEnsureQuickBootOff({ cluster, pace, quickBoot, ...ref }) {
      const { applyPolicies } = await findSite(ref).connections.vCenter(cluster.vCenter);
      const options = callOptions(pace);
      const effective = await applyPolicies.effective(cluster.id, options);
      const configured = await applyPolicies.configured(cluster.id, options);
      await applyPolicies.put(configured, temporaryChanges(effective, quickBoot === 'keep'), options);
      return { wasOn: effective.enable_quick_boot !== false };
    },

    async vtaEnsureApplyPolicy({ cluster, pace, policy: kept, infrastructure }) {
      // Whoever has changed the configuration file meanwhile is still owed the restore: the digest is not asked for.
      const { applyPolicies } = await findSite({ infrastructure }).connections.vCenter(cluster.vCenter);
      const options = callOptions(pace);
      const now = await applyPolicies.configured(cluster.id, options);
      await applyPolicies.put({ cluster: cluster.id, policy: restored(now.policy, kept.policy) }, {}, options);
    },
  };
}

/** The fields that a run changes, and no others: what an administrator changes meanwhile is left alone. */
const TEMPORARY = ['enable_quick_boot', 'enforce_quick_patch', 'pre_remediation_power_action'] as const;

function temporaryChanges(effective: ApplyPolicy, keepQuickBoot: boolean): Partial<ApplyPolicy> {
  // Quick Patch came with 8.0.3.0; an older vCenter does not know the field and is not sent it.
  const quickPatch = effective.enforce_quick_patch === undefined ? {} : { enforce_quick_patch: false };
  if (keepQuickBoot) return quickPatch;
  return {
    enable_quick_boot: false,
    ...quickPatch,
    // Suspending to memory is possible with Quick Boot only.
    ...(effective.pre_remediation_power_action === 'SUSPEND_VMS_TO_MEMORY'
      ? { pre_remediation_power_action: 'DO_NOT_CHANGE_VMS_POWER_STATE' }
      : {}),
  };
}

/** True when the fields that a run changes are as they were kept, so that there is nothing to restore. */
export function policyIsAsBefore(now: ApplyPolicy, kept: Record<string, unknown>): boolean {
  return TEMPORARY.every((name) => now[name] === kept[name]);
}

/** The policy of now with the fields of the run as they were; one that was unset is unset again. */
function restored(now: ApplyPolicy, kept: Record<string, unknown>): ApplyPolicy {
  const others = Object.entries(now).filter(([name]) => !TEMPORARY.some((temporary) => temporary === name));
  const ours = Object.entries(kept).filter(([name]) => TEMPORARY.some((temporary) => temporary === name));
  return Object.fromEntries([...others, ...ours]);
}
