import type { BaseImageRemoval, BaseImageReview } from './base-image-review';
import type { ErrorCode } from './error-codes';
import type { ImageSpecification } from './image';
import type { LastRun, LedgerChange } from './ledger';
import type { ApprovalRules, RecoveryRules } from './infrastructure';
import type { ClusterRole, VCenterBackupFacts } from './inventory';
import type { MaintenanceWindow } from './maintenance-window';
import type { Pace } from './pace';
import type { BaseImageSource, PhaseNumber, QuickBootPolicy } from './request';
import type { StandingVerdict } from './standing-approval';

/** What a run will do, as data: a person reads it, approves its digest, and the run follows it step by step. */
export interface Plan {
  infrastructure: string;
  infrastructureDigest: string;
  /** ISO time; not part of the digest. */
  createdAt: string;
  reason?: string;
  phases: Phase[];
  clusters: PlannedCluster[];
  /** A test host that comes right before phase 4, or alone in a run without phases; only where the request upgrades one. */
  reference?: PlannedReference;
  baseImage: BaseImageSource & { sha256?: string };
  quickBoot: QuickBootPolicy;
  approve: ('phase' | 'host')[];
  /** So many hosts that fail are skipped by the run itself where that breaks no rule (M8). */
  failureBudget: number;
  /** When vCenters and hosts may be begun (M13); not given: at any time. */
  window?: MaintenanceWindow;
  /** Names of the checks that may hold the run before each host (M18). */
  holds: string[];
  /** What is already as the request wants it, and is left alone (M17). */
  skipped: { what: string; why: string }[];
  warnings: Finding[];
  /** What earlier runs changed for a while and did not put back, and what becomes of it. */
  leftovers: Leftover[];
  /** How the last run ended; not part of the digest. */
  lastRun?: LastRun;
  /** Children of an earlier run that must end first; not part of the digest. */
  waitFor: string[];
  /** Trusted base images today, for the reader (R19); not part of the digest. */
  baseImages: { version: string; displayName: string; lastAttested?: string }[];
  /**
   * What bringing back a Trust Authority Host would lose, since its removal from the inventory comes first (R20); only
   * where such a host is upgraded and could be brought back.
   */
  removalLoses?: string[];
  /** The same of Trusted Hosts; only where the request allows that they are brought back so. */
  trustedRemovalLoses?: string[];
  /** What is asked of the removal of base images, with what would go now; the latter is not part of the digest. */
  removal?: BaseImageRemoval & { review: BaseImageReview };
  impact: Impact;
  approvals: ApprovalRules;
  /** What the request's standing approval is worth for this plan; not given: there is none. */
  standingApproval?: StandingVerdict;
  /**
   * How a failed Trust Authority Host is brought back; without an account for ESXi it cannot be. `trustedHosts`: the
   * request allows the same for Trusted Hosts.
   */
  recovery: RecoveryRules & { esxiAccount: boolean; trustedHosts?: true };
  pace: Pace;
  /** How long a host is watched before the next one is begun, milliseconds (M6). */
  soakMs: number;
}

export type Phase =
  | { number: 1 | 3; kind: 'vcenters'; vCenters: PlannedVCenter[] }
  | { number: 2 | 4; kind: 'hosts'; hosts: PlannedHost[] };

/** The reference host (R5): brought to the image, seen healthy, then its base image is exported, approved and imported. */
export interface PlannedReference {
  host: PlannedHost;
  cluster: PlannedCluster;
  /** False: it is at its target already, and is exported only. */
  upgrade: boolean;
}

export interface PlannedVCenter {
  name: string;
  role: 'trust-authority' | 'trusted';
  from: string;
  to: string;
  backup?: VCenterBackupFacts;
}

/** A cluster of a host phase, with the image its hosts are to run. */
export interface PlannedCluster {
  id: string;
  name: string;
  vCenter: string;
  role: ClusterRole;
  image: ImageSpecification;
  /** True: the image is drafted, validated and committed when its phase begins; false: it is the desired image as it stands. */
  commitImage: boolean;
  /** Settings before the run, restored after it; `unknown` is read again before it is changed. */
  quickBoot: boolean | 'unknown';
  quickPatch: boolean | 'unknown';
}

export interface PlannedHost {
  name: string;
  uuid: string;
  id: string;
  cluster: string;
  vCenter: string;
  role: ClusterRole;
  from: { version: string; build: string };
  to: { version: string; build: string };
  /** Canonical text of its image specification: hosts with equal keys boot the same image. */
  imageKey: string;
  /** True for a host found in maintenance mode: it goes first, and stays in it afterwards unless the run put it there. */
  foundInMaintenanceMode: boolean;
  /** True for such a host when others of its phase follow: it is taken out once it is done, so that never two are out (R10). */
  leaveMaintenanceMode?: true;
  /**
   * For a host that an earlier run left in maintenance mode: it goes first too, and is taken out once it is done.
   * `untouched`: it was neither changed nor booted since, so that it may be let go when it cannot be upgraded.
   */
  leftInMaintenanceMode?: 'untouched' | 'changed';
  runningVms: number;
  /** It runs its target, and is rebooted fully (R17, R18). */
  reboot?: true;
}

/** A temporary change that the ledger holds from an earlier run, and what this run makes of it. */
export interface Leftover {
  change: LedgerChange;
  action: LeftoverAction;
  /** What was left, and what becomes of it. */
  sentence: string;
  /** For `take out`: the host as it is now. */
  host?: PlannedHost;
}

/**
 * - `settle`: it is in order by now; struck off at once.
 * - `restore`: the old policy is put back right after the approval.
 * - `restore after`: the cluster is upgraded; its old policy is put back at the end.
 * - `upgrade`: the host goes first, and is taken out of maintenance mode once it is done.
 * - `take out`: the host is taken out of maintenance mode right after the approval.
 * - `discard`: the draft of a desired image is discarded right after the approval; nothing of it was committed.
 * - `bring back`: a host that was removed is reverted, added again and verified right after the approval;
 *   nothing else is planned before.
 * - `forget`: what it was about is gone; struck off after the approval.
 * - `keep`: this run can do nothing about it; it stays in the ledger.
 */
export type LeftoverAction =
  'settle' | 'restore' | 'restore after' | 'upgrade' | 'take out' | 'discard' | 'bring back' | 'forget' | 'keep';

/** A refusal or a warning: a code, what is the matter, and what to do about it. */
export interface Finding {
  code: ErrorCode;
  /** What it is about: a host, cluster, vCenter or field of the request. */
  subject: string;
  message: string;
  remedy: string;
}

/** What the plan means for those who live with it. */
export interface Impact {
  vCenters: number;
  trustAuthorityHosts: number;
  trustedHosts: number;
  /** Names, in the order in which they leave service. */
  leaveService: string[];
  runningVmsMoved: number;
  /** Estimated duration without waiting for people. */
  estimatedMinutes: number;
}

/** The planner's answer: a plan, or every reason against one at once. */
export type PlanResult = { kind: 'plan'; plan: Plan } | { kind: 'refused'; refusals: Finding[] };

/** What an activity made of the planner's answer; the workflow sandbox cannot hash. */
export type DigestedPlan = { kind: 'plan'; plan: Plan; digest: string } | { kind: 'refused'; refusals: Finding[] };

export const PHASE_TITLES: Record<PhaseNumber, string> = {
  1: 'Trust Authority vCenter',
  2: 'Trust Authority Hosts',
  3: 'Trusted Cluster vCenter',
  4: 'Trusted Hosts',
};
