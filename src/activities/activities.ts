import type { AuditLine } from '../model/audit';
import type { BaseImageRemoval, BaseImageReview } from '../model/base-image-review';
import type { ClusterSubject } from '../model/ledger';
import type { Hold } from '../model/hold';
import type { ImageSpecification } from '../model/image';
import type { MaintenanceWindow, WindowAnswer } from '../model/maintenance-window';
import type { DigestedPlan, PlannedCluster, PlannedHost, PlannedVCenter } from '../model/plan';
import type { Pace } from '../model/pace';
import type { PatchesRead } from '../model/patch-report';
import type { RecoveryActivities } from './recovery-activities';
import type {
  ApplyPolicySnapshot,
  BaseImageFile,
  BeforeImport,
  ConfigurationBackup,
  HostBaseline,
  NotBegun,
  HostLook,
  HostStanding,
  ImportedBaseImage,
  VCenterReadiness,
} from '../model/work';

/**
 * Every activity carries the infrastructure it was planned with: the worker refuses (VTA_INFRASTRUCTURE_CHANGED) when
 * its configuration file has since been changed to point elsewhere.
 */
export interface InfrastructureRef {
  infrastructure: string;
  infrastructureDigest: string;
}

/** What VTA_BASE_IMAGE_NEEDED tells beside its sentence. */
export interface RemovalRefused {
  /** The image may be gone from some Trust Authority Hosts already. */
  begun: boolean;
}

/** An activity on one host of a plan. */
export interface HostStepInput extends InfrastructureRef {
  host: PlannedHost;
  pace: Pace;
}

/** An activity on one vCenter of a plan. */
export interface VCenterStepInput extends InfrastructureRef {
  vCenter: PlannedVCenter;
  pace: Pace;
}

/** An activity on one cluster of a plan. */
export interface ClusterStepInput extends InfrastructureRef {
  cluster: PlannedCluster;
  pace: Pace;
}

/**
 * All activities, by their names in histories. The verb tells the kind: `Read` may be repeated freely; `Ensure` reads
 * first, returns if the state holds, attaches to our own operation already under way, else starts it, and waits for its
 * end; `Wait` only looks. Each can therefore be run twice, be killed anywhere, and lose its answer.
 */
export interface Activities extends RecoveryActivities {
  /** Checks the request, reads the infrastructure, plans. Reads only. `VTA_REQUEST_INVALID` lists every fault of the request. */
  vtaReadPlan(input: { request: unknown; runId: string }): Promise<DigestedPlan & { openChildren: string[] }>;
  /**
   * Checks the request of a patch run, reads the infrastructure, finds what is pending, and plans the run that takes it.
   * Reads only. `VTA_REQUEST_INVALID` lists every fault of the request.
   * @param startedAt ISO time at which the patch run was started: its window is the one that follows
   */
  vtaReadPatches(input: { request: unknown; startedAt: string }): Promise<PatchesRead>;
  /** Waits until no child of an earlier run is open. */
  vtaWaitOpenChildren(input: { infrastructure: string; workflowIds: string[] }): Promise<void>;
  /**
   * Appends audit lines, alone; lines already there are not repeated. What the run wrote before must still be there: that
   * proves, here and before the backup is written, that all workers share the archive.
   */
  vtaEnsureAudit(
    input: InfrastructureRef & { runId: string; lines: AuditLine[]; head?: string },
  ): Promise<{ head: string }>;
  /** Reads the vTA configuration of the Trust Authority Cluster and writes it to the archive; a backup of the same run is taken again and replaces nothing. */
  vtaEnsureConfigurationBackup(input: InfrastructureRef & { runId: string; pace: Pace }): Promise<ConfigurationBackup>;
  /** Writes the report of the run to the archive. */
  vtaEnsureReport(
    input: InfrastructureRef & { runId: string; report: unknown },
  ): Promise<{ path: string; sha256: string }>;

  // vCenters
  /**
   * Health, version and the appliance's own pre-check, with its clock: what the run starts begins after it.
   * `VTA_VCENTER_PRECHECK_FAILED` names every error.
   */
  vtaReadVCenterReadiness(input: VCenterStepInput): Promise<VCenterReadiness>;
  /** A backup of this vCenter that our account began after `notBefore` (its own clock) and that succeeded. Attaches to it. */
  vtaEnsureVCenterBackup(input: VCenterStepInput & { runId: string; notBefore: string }): Promise<{ proof: string }>;
  /** The target version is staged. Staging that ended without that is not begun again. */
  vtaEnsureVCenterStaged(input: VCenterStepInput): Promise<void>;
  /**
   * The target version runs; waits through the reboot of the appliance. An installation that ended without that, be it
   * `installing` already or begun after `notBefore` (the vCenter's clock), is not begun again; after `beginBy` none is begun.
   */
  vtaEnsureVCenterInstalled(
    input: VCenterStepInput & { installing: boolean; notBefore: string; beginBy?: number },
  ): Promise<{ version: string } | 'not begun'>;
  /** Target version, healthy, and every host is connected except for those that were not before. */
  vtaWaitVCenterHealthy(input: VCenterStepInput & { awayBefore: string[] }): Promise<{ version: string }>;

  // clusters
  /** The cluster's desired image is the planned one; drafts, validates and commits where the plan says so. Returns the commit. */
  vtaEnsureDesiredImage(
    input: ClusterStepInput & {
      runId: string;
      /** False: look only; another image than the approved one is drift (N10). */
      mayCommit: boolean;
    },
  ): Promise<{
    commit: string;
    /** Given where it might have committed and did not have to: a draft of our account is there all the same. */
    draftLeft?: true;
  }>;
  /** Our account has no draft of the cluster's desired image; those of others are left alone. */
  vtaEnsureDraftDiscarded(input: InfrastructureRef & { cluster: ClusterSubject; pace: Pace }): Promise<void>;
  /**
   * The desired image is staged on these hosts, as far as it can be by the deadline of the pace (M3). Attaches to a
   * staging that is under way; begins none for no host, since that would mean all hosts of the cluster.
   */
  vtaEnsureHostsStaged(
    input: ClusterStepInput & { hosts: PlannedHost[]; commit: string },
  ): Promise<{ staged: string[]; notStaged: { name: string; why: string }[] }>;
  /** The apply policy as configured, whole, to be kept before it is changed. */
  vtaReadApplyPolicy(input: ClusterStepInput): Promise<ApplyPolicySnapshot>;
  /** Quick Patch is off, and Quick Boot too unless it is kept (R14). Tells whether Quick Boot was on when it was read. */
  vtaEnsureQuickBootOff(input: ClusterStepInput & { quickBoot?: 'keep' }): Promise<{ wasOn: boolean }>;
  /** The apply policy is again as it was. */
  vtaEnsureApplyPolicy(
    input: InfrastructureRef & { cluster: ClusterSubject; pace: Pace; policy: ApplyPolicySnapshot },
  ): Promise<void>;
  /** The whole cluster is healthy on its target: the barrier after a host phase (R8). */
  vtaWaitClusterHealthy(
    input: ClusterStepInput & {
      /** Hardware UUIDs that may be out of service: left behind by a decision of people, or found in maintenance mode. */
      except: string[];
    },
  ): Promise<void>;

  // hosts
  /**
   * The host now, and whether the desired image is still the approved one (N10). Reads only.
   * @param mayBeReverted for a Trusted Host: its image is digested too, as a Trust Authority Host's always is (R21)
   */
  vtaReadHostBaseline(
    input: HostStepInput & { cluster: PlannedCluster; commit: string; mayBeReverted?: true },
  ): Promise<HostBaseline & { drift?: string }>;
  /** The host as it is. `VTA_HOST_REPLACED` when its hardware UUID is another one. */
  vtaReadHost(input: HostStepInput): Promise<HostLook>;
  /** Whether the host can be left as it is: untouched, healthy, and with enough others beside it. Reads only. */
  vtaReadHostStanding(input: HostStepInput & { baseline?: HostBaseline }): Promise<HostStanding>;
  /** The same, and whether it runs the desired image already, by build and by a fresh scan, which changes no host (R6, M17). */
  vtaReadAtTarget(input: HostStepInput & { cluster: PlannedCluster }): Promise<HostLook & { atTarget: boolean }>;
  /** It is safe to take this host out: its peers are in service, the Trust Authority answers, nobody else is out (N8, R10). */
  vtaWaitSafeToBegin(input: HostStepInput & { baseline: HostBaseline }): Promise<void>;
  /**
   * The host is in maintenance mode, or out of it. On failure names the virtual machines that block it. After `beginBy`
   * nothing is begun.
   */
  vtaEnsureMaintenanceMode(input: HostStepInput & { inMaintenanceMode: boolean; beginBy?: number }): Promise<NotBegun>;
  /**
   * vLCM has applied the desired image to this one host: last-apply-result names it as successful. After `beginBy` nothing
   * is begun.
   */
  vtaEnsureRemediation(
    input: HostStepInput & {
      cluster: PlannedCluster;
      baseline: HostBaseline;
      commit: string;
      /** Clock of the vCenter when this attempt began: a result that is younger is this attempt's. */
      startedAfter: string;
      /** Not given: with Quick Boot on nothing is begun. */
      quickBoot?: 'keep';
      beginBy?: number;
    },
  ): Promise<NotBegun>;
  /**
   * The host, in maintenance mode and with Quick Boot off, has been told to boot since the baseline (R14); that it came
   * back is waited for by `vtaWaitHostBack`. `VTA_REBOOT_FAILED` when that is refused.
   */
  vtaEnsureRebootBegun(
    input: HostStepInput & {
      cluster: PlannedCluster;
      baseline: HostBaseline;
      startedAfter: string;
      beginBy?: number;
    },
  ): Promise<NotBegun>;
  /** Connected, on the target build, booted after the baseline; a Quick Boot, where that is kept, may not show as one. */
  vtaWaitHostBack(input: HostStepInput & { baseline: HostBaseline; quickBoot?: 'keep' }): Promise<HostLook>;
  /** attestd and kmxd run, and the host's Trust Authority services answer (R1). Not given: by the deadline of the pace. */
  vtaWaitTrustAuthorityServices(input: HostStepInput & { deadlineMs?: number }): Promise<void>;
  /**
   * Attestation and key provider service of the whole Trust Authority Cluster are OK.
   * @param reverted the host was brought back to its old version
   */
  vtaWaitTrustAuthorityHealthy(input: HostStepInput & { reverted?: true }): Promise<void>;
  /**
   * Attested since `notBefore` (clock of the host's vCenter). When `deadlineMs` passes first, or every service has refused
   * it for `refusedForMs` on end: false, or VTA_NOT_ATTESTED at the deadline if asked to fail.
   * @param reverted it was brought back to its old version
   */
  vtaWaitAttested(
    input: HostStepInput & {
      notBefore: string;
      deadlineMs: number;
      failAtDeadline: boolean;
      refusedForMs?: number;
      reverted?: true;
    },
  ): Promise<{ attested: boolean; detail: string }>;
  /** Disconnected and connected again: may bring about a new attestation. */
  vtaEnsureReconnected(input: HostStepInput): Promise<void>;
  /** Everything of design §8 at once, after the soak; of a Trusted Host also whether Quick Boot is off. */
  vtaReadHostDone(
    input: HostStepInput & { cluster: PlannedCluster; baseline: HostBaseline; notBefore?: string },
  ): Promise<HostLook & { quickBootOff?: boolean }>;

  // holds
  /** What holds the run now, by the checks of the infrastructure file (M18); a check that cannot be asked holds too. */
  vtaReadHolds(input: InfrastructureRef & { pace: Pace }): Promise<{ holds: Hold[] }>;
  /**
   * Waits until nothing holds the run any more (none), the deadline has passed, or, once people have been shown the same
   * for a while, something else holds it than they were shown.
   */
  vtaWaitHolds(
    input: InfrastructureRef & { pace: Pace; shown: Hold[]; deadlineMs: number },
  ): Promise<{ holds: Hold[] }>;

  // maintenance windows
  /** What the window says to something that takes so long and would be begun at that instant (M13). */
  vtaReadWindow(
    input: InfrastructureRef & {
      pace: Pace;
      window: MaintenanceWindow;
      /** Milliseconds since 1970, by the clock of the workflow. */
      at: number;
      neededMs: number;
    },
  ): Promise<WindowAnswer>;

  // base images
  /** Exports the base image of a host into the archive, with what a person needs to judge it. */
  vtaEnsureBaseImageExported(
    input: InfrastructureRef & {
      runId: string;
      host: string;
      /** Where a host of the plan is; not given for a reference host. */
      known?: { vCenter: string; id: string };
      /** A reference host that the plan names whole: exported only while it is healthy and has the desired image. */
      reference?: { host: PlannedHost; cluster: PlannedCluster };
      image: ImageSpecification;
      pace: Pace;
    },
  ): Promise<BaseImageFile>;
  /** The file in `<archive>/base-images/` that the plan named, by digest. */
  vtaReadBaseImageFile(input: InfrastructureRef & { name: string; sha256: string }): Promise<BaseImageFile>;
  /** What is true before an import: which versions are known, and the clocks of the workload vCenters. Reads only. */
  vtaReadBeforeImport(input: InfrastructureRef & { pace: Pace }): Promise<BeforeImport>;
  /** The Trust Authority Cluster knows the image of this file, on all its hosts. Imports only while all are connected and consistent. */
  vtaEnsureBaseImageImported(
    input: InfrastructureRef & { file: BaseImageFile; before: BeforeImport; pace: Pace },
  ): Promise<ImportedBaseImage>;
  /** Which trusted base images nothing needs any more, with a digest over those that may go. Reads only. */
  vtaReadBaseImageReview(
    input: InfrastructureRef & { removal: BaseImageRemoval; pace: Pace },
  ): Promise<{ review: BaseImageReview; digest: string }>;
  /**
   * This one base image is no longer trusted. Everything is read again right before: `VTA_BASE_IMAGE_NEEDED` when it has
   * come to be needed. `resumed`: an earlier try may have removed it from some hosts.
   */
  vtaEnsureBaseImageRemoved(
    input: InfrastructureRef & { version: string; removal: BaseImageRemoval; resumed: boolean; pace: Pace },
  ): Promise<void>;
  /**
   * Watches the attestation of every Trusted Host until all have attested since then, the deadline has passed or, where
   * that is asked for, one is refused. Names the hosts that do not attest, and those that have not attested anew.
   */
  vtaWaitAttestedByAll(
    input: InfrastructureRef & {
      /** Clock of each workload vCenter, by its name. */
      since: Record<string, string>;
      until: 'refused' | 'attested';
      deadlineMs: number;
      pace: Pace;
    },
  ): Promise<{ refused: string[]; notAnew: string[]; hosts: number }>;
}
