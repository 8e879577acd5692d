import type { BaseImageRemoval } from './base-image-review';
import type { ImageSpecification } from './image';
import type { MaintenanceWindow } from './maintenance-window';
import type { StandingApproval } from './standing-approval';

/** How the Trust Authority Cluster learns the image of the Trusted Hosts (R4, R5). */
export type BaseImageSource =
  /** The first Trusted Host of each distinct image is its own canary: upgraded, exported, approved, imported. */
  | { from: 'first-host' }
  /**
   * A host outside of the clusters in work is exported before the Trusted Hosts are touched. It runs the image already,
   * or, with `upgrade`, is a test host of a reference cluster that the run brings to it first.
   */
  | { from: 'reference-host'; host: string; upgrade?: boolean }
  /** A file that an operator put into `<archive>/base-images/`. */
  | { from: 'file'; name: string };

/** What the hosts of a cluster are to run: the cluster's desired image as it stands, or one to be drafted and committed. */
export type EsxiTarget = 'desired' | ImageSpecification;

/** Quick Patch, which changes what runs without any boot, is off while a run lasts, whatever the policy is. */
export type QuickBootPolicy = 'disable' | 'keep';

export type PhaseNumber = 1 | 2 | 3 | 4;

/** The one argument of `upgradeTrustAuthority`, checked and with defaults filled in. Names an infrastructure, never an address or a secret. */
export interface UpgradeRequest {
  infrastructure: string;
  target: {
    /** Version that every vCenter of the chosen phases is to run; not given: vCenters stay as they are. */
    vCenter?: string;
    /** One target for all clusters, or one by cluster name; not given: `desired`. */
    esxi: EsxiTarget | { byCluster: Record<string, EsxiTarget> };
  };
  baseImage: BaseImageSource;
  /** Gates asked for beside those that are always there. */
  approve: ('phase' | 'host')[];
  /** Phases in the order in which they are run (R8); anything but 1, 2, 3, 4 needs a reason (R9); none: only the reference host is upgraded, or base images are removed. */
  phases: PhaseNumber[];
  reason?: string;
  /** Quick Boot while the run lasts: off, and afterwards as before (R14), or as each cluster has it (R12). */
  quickBoot: QuickBootPolicy;
  /** Trusted Hosts to be rebooted fully although they run their target (R17, R18); names as in vCenter. */
  reboot: string[];
  /** So many hosts that fail are skipped by the run itself where that breaks no rule (M8); 0: people are asked at once. */
  failureBudget: number;
  /**
   * A Trusted Host that fails may be removed, reverted and added again, by decision of people; never for an attestation
   * failure (R25). Not given: it may not.
   */
  recoverTrustedHosts?: boolean;
  /** When hosts and vCenters may be begun (M13); not given: at any time. */
  window?: MaintenanceWindow;
  /** After the hosts, base images that nothing needs any more are removed, each by approval (R30); not given: none is. */
  removeBaseImages?: BaseImageRemoval;
  /** How long a host must stay healthy before the next one is begun, milliseconds; not given: from the pace table. */
  soakMs?: number;
  /** What the gate `plan` is passed for without asking; not given: it always asks. */
  standingApproval?: StandingApproval;
}
