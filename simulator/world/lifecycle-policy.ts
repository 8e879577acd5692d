import { Fault } from './fault';
import type { ApplyPolicy } from './lifecycle-state';
import type { Cluster, VCenter } from './state';
import type { World } from './world';

/** What remediation goes by: every field has a value (EffectivePolicySpec). Durations are seconds. */
export interface EffectivePolicy {
  failure_action: { action: 'FAIL' } | { action: 'RETRY'; retry_delay: number; retry_count: number };
  pre_remediation_power_action:
    'POWER_OFF_VMS' | 'SUSPEND_VMS' | 'DO_NOT_CHANGE_VMS_POWER_STATE' | 'SUSPEND_VMS_TO_MEMORY';
  enable_quick_boot: boolean;
  disable_dpm: boolean;
  disable_hac: boolean;
  evacuate_offline_vms: boolean;
  enforce_hcl_validation: boolean;
  parallel_remediation_action: { enabled: boolean; max_hosts?: number };
  enforce_quick_patch: boolean;
}

/** Guessed: the defaults of a vCenter that nobody configured. Quick Boot off, nothing in parallel, fail at once. */
const DEFAULT_POLICY: EffectivePolicy = {
  failure_action: { action: 'FAIL' },
  pre_remediation_power_action: 'DO_NOT_CHANGE_VMS_POWER_STATE',
  enable_quick_boot: false,
  disable_dpm: true,
  disable_hac: false,
  evacuate_offline_vms: false,
  enforce_hcl_validation: false,
  parallel_remediation_action: { enabled: false },
  enforce_quick_patch: false,
};

/** The policy that holds: configured fields over the defaults. */
export function effectivePolicy(cluster: Cluster): EffectivePolicy {
  return { ...DEFAULT_POLICY, ...cluster.lifecycle.policy };
}

/**
 * Replaces the configured policy. Documented: a field that the PUT leaves out is not configured any more.
 * @throws Fault INVALID_ARGUMENT for values that cannot be combined
 */
export function setPolicy(world: World, vCenter: VCenter, cluster: Cluster, policy: ApplyPolicy, user: string): void {
  const effective = { ...DEFAULT_POLICY, ...policy };
  // Documented in the product: VMs can be suspended to memory only across a Quick Boot.
  if (effective.pre_remediation_power_action === 'SUSPEND_VMS_TO_MEMORY' && !effective.enable_quick_boot) {
    throw new Fault('INVALID_ARGUMENT', 'VMs can be suspended to memory only where Quick Boot is enabled.');
  }
  const before = cluster.lifecycle.policy;
  cluster.lifecycle.policy = { ...policy };
  world.events.add(
    'policy-changed',
    { vCenter: vCenter.id },
    { cluster: cluster.moid, by: user, before, after: cluster.lifecycle.policy },
  );
}
