import type { Pace } from './pace';
import type { PlannedCluster, PlannedHost, PlannedVCenter } from './plan';

/** What activities tell workflows: small, JSON-plain, without secrets. */

/** What was true of a host before the run touched it. Recorded before the first change, kept over retries. */
export interface HostBaseline {
  build: string;
  version: string;
  bootTime?: string;
  inMaintenanceMode: boolean;
  /** Clock of the host's vCenter when this was read: what we start begins after it. */
  vCenterTime: string;
  /** SHA-256 of its image database; only of a host that may be reverted, and only where it could be read (R21). */
  imageSha256?: string;
}

/** A host at one look. */
export interface HostLook {
  version: string;
  build: string;
  bootTime?: string;
  connection: string;
  inMaintenanceMode: boolean;
  /** Clock of the host's vCenter. */
  vCenterTime: string;
}

/** Whether a host can be left as it is: read after a step on it failed, before it is skipped or the run ends. */
export interface HostStanding {
  look: HostLook;
  /** On its old build, not booted since the baseline: the run has not changed it. */
  untouched: boolean;
  /** What keeps it from being in service, maintenance mode aside; empty when it is healthy. */
  trouble: string[];
  /** Somebody's work on it or its cluster that is under way, for people. */
  atWork?: string;
  /** Trust Authority Hosts beside it that are in service and serve; 0 for a Trusted Host. */
  servingPeers: number;
}

/** A cluster's configured apply policy, whole: a PUT that leaves a field out unsets it. */
export interface ApplyPolicySnapshot {
  policy: Record<string, unknown>;
}

/** A base-image file in the archive, and what a person needs to approve it (R5, R28). */
export interface BaseImageFile {
  /** Below `<archive>/base-images/`. */
  name: string;
  sha256: string;
  bytes: number;
  /** Host that exported it; none for an operator's file. */
  fromHost?: string;
  /** Facts for the approver, a line each. */
  facts: string[];
}

/** A base image that the Trust Authority Cluster knows. */
export interface ImportedBaseImage {
  version: string;
  sha256: string;
  /** True if it was known before. */
  alreadyKnown: boolean;
  /** Clock of each workload vCenter just before the import, by its name: attestation by this image cannot be older. */
  before: Record<string, string>;
}

/** What was true before a base image was imported. Recorded before the import, kept over retries and crashes. */
export interface BeforeImport {
  /** Clock of each workload vCenter, by its name. */
  clocks: Record<string, string>;
  /** Versions that the Trust Authority Cluster knew. */
  versions: string[];
}

/** The vTA configuration backup in the archive (R32/R33). */
export interface ConfigurationBackup {
  path: string;
  sha256: string;
  notRestorable: { what: string; why: string }[];
}

/** Input of the workflow of one host. */
export interface UpgradeHostInput {
  infrastructure: string;
  infrastructureDigest: string;
  host: PlannedHost;
  cluster: PlannedCluster;
  /** Of the desired image that is to be applied: a floor for vLCM, so it is compared before each host. */
  commit: string;
  pace: Pace;
  soakMs: number;
  baseline: HostBaseline;
  /** Proved already: the Trust Authority Cluster attests hosts of this image. */
  imageTrusted: boolean;
  /** Clock of the host's vCenter before its image was imported: attestation must be later. */
  importedAfter?: string;
  /** Task queue of the site's own activities, where there are any (R3). */
  siteTaskQueue?: string;
  /** Not given: Quick Boot is off. */
  quickBoot?: 'keep';
  /** Id of this attempt, for the site's own activities: asked twice under one id, they act once. */
  operationId: string;
  /** The last moment for the first change, milliseconds since 1970. Not given: no maintenance window holds it. */
  beginBy?: number;
}

/** How the workflow of one host ended well. Everything else is a typed failure. */
export type UpgradeHostResult =
  | {
      outcome: 'done';
      look: HostLook;
      notes: string[];
      /** Whether Quick Boot is off for the host's cluster, read once it was done; only of a Trusted Host. */
      quickBootOff?: boolean;
    }
  /** A Trusted Host on its new image, in maintenance mode, whose image the Trust Authority Cluster does not know (R25). */
  | { outcome: 'image unknown'; look: HostLook; notes: string[] }
  /** The last moment for the first change had passed: nothing was changed. */
  | { outcome: 'not begun' };

/** The last moment for the first change had passed, so that it was not made; otherwise nothing. */
export type NotBegun = 'not begun' | undefined;

/** A vCenter before it is updated. */
export interface VCenterReadiness {
  version: string;
  /** It runs the target version. */
  alreadyThere: boolean;
  /** The target version is being installed: begun by an earlier attempt of the run, so it is attached to. */
  installing: boolean;
  /** Its clock: what the run starts begins after it. */
  vCenterTime: string;
  /** Hosts that need not be connected after the update: they were away before it, or are no concern of the plan. */
  awayBefore: string[];
}

/** Input of the workflow of one vCenter. */
export interface UpgradeVCenterInput {
  infrastructure: string;
  infrastructureDigest: string;
  vCenter: PlannedVCenter;
  pace: Pace;
  /** The last moment to begin the installation, milliseconds since 1970. Not given: no maintenance window holds it. */
  installBy?: number;
}

export type UpgradeVCenterResult =
  | { version: string; backup: string }
  /** The last moment for it had passed: nothing was installed. */
  | { outcome: 'not begun' };
