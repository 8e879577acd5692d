import type { UpgradeRequest } from './request';

/** The one argument of `patchTrustAuthority`, checked and with defaults filled in: what each time of a schedule may take. */
export interface PatchRequest extends Pick<
  UpgradeRequest,
  | 'infrastructure'
  | 'baseImage'
  | 'quickBoot'
  | 'approve'
  | 'reason'
  | 'failureBudget'
  | 'recoverTrustedHosts'
  | 'window'
  | 'soakMs'
  | 'removeBaseImages'
  | 'standingApproval'
> {
  take: PatchTake;
}

export interface PatchTake {
  /** Updates of vCenters: none, those that the vCenter calls SECURITY, or any within a major version. */
  vCenter: 'nothing' | 'security' | 'any';
  /** Only updates of that release, such as `8.0.3`; not given: the release that each vCenter runs. */
  within?: string;
  /** Hosts: those that are not at the desired image of their cluster, or none. */
  hosts: 'desired' | 'nothing';
}
