import { boolean, nothing, number, object, oneOf, type Decoded } from './decode';
import type { ClusterId } from './ids';
import type { RestClient } from './rest-client';
import { path } from './rest-path';
import type { CallOptions } from './transport';

/** `configured_policy_spec`. Every field may be unset, which means the vCenter's default. Unknown fields are kept. */
const policy = object(
  {},
  {
    enable_quick_boot: boolean,
    /** Since 8.0.3.0. True: hosts are patched without a boot where that is possible. */
    enforce_quick_patch: boolean,
    failure_action: object({ action: oneOf('FAIL', 'RETRY') }, { retry_delay: number, retry_count: number }),
    pre_remediation_power_action: oneOf(
      'POWER_OFF_VMS',
      'SUSPEND_VMS',
      'DO_NOT_CHANGE_VMS_POWER_STATE',
      'SUSPEND_VMS_TO_MEMORY',
    ),
    disable_dpm: boolean,
    disable_hac: boolean,
    evacuate_offline_vms: boolean,
    enforce_hcl_validation: boolean,
    parallel_remediation_action: object({ enabled: boolean }, { max_hosts: number }),
  },
);
/** How vLCM remediates a cluster. */
export type ApplyPolicy = Decoded<typeof policy>;

/**
 * A policy as it was read, with the cluster that it was read from: the only thing that can be written. JSON-plain, so
 * that it can be kept and written back by another process.
 */
export interface ReadApplyPolicy {
  readonly cluster: ClusterId;
  readonly policy: ApplyPolicy;
}

/** Remediation policy of a cluster: `/api/esx/settings/clusters/{cluster}/policies/apply`, since 7.0.0.0. */
export class ApplyPolicies {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/policies/apply` · repeatable. As configured: unset fields are absent. */
  async configured(cluster: ClusterId, options?: CallOptions): Promise<ReadApplyPolicy> {
    return { cluster, policy: await this.rest.get(applyPolicy(cluster), policy, options) };
  }

  /** `GET …/policies/apply/effective` · repeatable. With the defaults filled in: what a remediation would really do. */
  effective(cluster: ClusterId, options?: CallOptions): Promise<ApplyPolicy> {
    return this.rest.get(`${applyPolicy(cluster)}/effective`, policy, options);
  }

  /**
   * `PUT …/policies/apply` · repeatable. A PUT unsets every field that it does not name, so this takes the whole policy
   * as it was read before, and changes to it.
   */
  put(read: ReadApplyPolicy, changes: Partial<ApplyPolicy> = {}, options?: CallOptions): Promise<undefined> {
    const body = { ...read.policy, ...changes };
    return this.rest.call({ method: 'PUT', path: applyPolicy(read.cluster), body }, nothing, options);
  }
}

function applyPolicy(cluster: ClusterId): string {
  return path`/api/esx/settings/clusters/${cluster}/policies/apply`;
}
