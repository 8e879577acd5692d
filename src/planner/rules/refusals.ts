import { baseImageObtainable } from './base-image-obtainable';
import { clustersDiffer } from './clusters-differ';
import { clustersImageManaged } from './clusters-image-managed';
import { clustersKnown } from './clusters-known';
import { esxiNotAboveVCenter } from './esxi-not-above-vcenter';
import { hostsDistinct } from './hosts-distinct';
import { hostsToRebootKnown } from './hosts-to-reboot-known';
import { hostsHealthy } from './hosts-healthy';
import { imageInDepot } from './image-in-depot';
import { oneHostOut } from './one-host-out';
import { phasesNeedReason } from './phases-need-reason';
import type { Rule } from './rule';
import { standingApprovalByApprovers } from './standing-approval-by-approvers';
import { targetsAreNoDowngrade } from './targets-are-no-downgrade';
import { targetsKeepTrustAuthority } from './targets-keep-trust-authority';
import { trustAuthorityHealthy } from './trust-authority-healthy';
import { twoTrustAuthorityHosts } from './two-trust-authority-hosts';
import { vCenterStaysInMajor } from './vcenter-stays-in-major';
import { vCenterUpdateOffered } from './vcenter-update-offered';
import { vCentersHealthy } from './vcenters-healthy';

/** Every rule that can refuse a request, in the order in which an operator reads the refusals: request, then world. */
export const REFUSAL_RULES: readonly Rule[] = [
  phasesNeedReason,
  standingApprovalByApprovers,
  clustersKnown,
  hostsToRebootKnown,
  targetsKeepTrustAuthority,
  targetsAreNoDowngrade,
  vCenterStaysInMajor,
  vCenterUpdateOffered,
  imageInDepot,
  esxiNotAboveVCenter,
  clustersDiffer,
  clustersImageManaged,
  hostsDistinct,
  vCentersHealthy,
  trustAuthorityHealthy,
  twoTrustAuthorityHosts,
  hostsHealthy,
  oneHostOut,
  baseImageObtainable,
];
