import type { Activities } from './activities';
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

    async vtaEnsureQuickBootOff({ cluster, pace, ...ref }) {
      const { applyPolicies } = await findSite(ref).connections.vCenter(cluster.vCenter);
      const options = callOptions(pace);
      const effective = await applyPolicies.effective(cluster.id, options);
      const configured = await applyPolicies.configured(cluster.id, options);
      const off = { enable_quick_boot: false };
      // Quick Patch came with 8.0.3.0; an older vCenter does not know the field and is not sent it.
      const patchOff = effective.enforce_quick_patch === undefined ? {} : { enforce_quick_patch: false };
      await applyPolicies.put(configured, { ...off, ...patchOff }, options);
    },

    async vtaEnsureApplyPolicy({ cluster, pace, policy, ...ref }) {
      const { applyPolicies } = await findSite(ref).connections.vCenter(cluster.vCenter);
      await applyPolicies.put({ cluster: cluster.id, policy: policy.policy }, {}, callOptions(pace));
    },
  };
}
