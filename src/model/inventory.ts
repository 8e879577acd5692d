import type { BaseImageFacts } from './base-image-review';
import type { ImageSpecification } from './image';
import type { LastRun, LedgerChange } from './ledger';
import type { Pace } from './pace';
import type { ApprovalRules, RecoveryRules, VCenterBackup } from './infrastructure';

/**
 * What was read from an infrastructure at one moment: the planner's only knowledge of the world.
 * "Unknown" is a value of its own throughout: what could not be read is never taken for healthy.
 */
export interface Inventory {
  /** ISO time of the worker's clock. */
  readAt: string;
  infrastructure: string;
  /** SHA-256 of the infrastructure as configured, without secrets. */
  infrastructureDigest: string;
  approvals: ApprovalRules;
  pace: Pace;
  trustAuthority: { vCenter: VCenterFacts; cluster: ClusterFacts; services: TrustAuthorityFacts };
  trusted: {
    vCenter: VCenterFacts;
    clusters: ClusterFacts[];
    /** Not given: the infrastructure file names none. */
    referenceClusters?: ClusterFacts[];
    principal: PrincipalFacts;
  }[];
  /** Ids of an earlier run's children that are still at work. */
  openChildren: string[];
  /** Temporary changes of earlier runs that the ledger still holds. */
  leftBehind: LeftBehind[];
  /** How the last run ended, by the ledger. */
  lastRun?: LastRun;
  /** True when ESXi credentials are configured, so that base images can be exported. */
  canExportBaseImages: boolean;
  recovery: RecoveryRules;
  /** Names of the checks that may hold a run. */
  holds: string[];
  /** What the accounts lack for bringing a failed Trust Authority Host back, a sentence for each vCenter. */
  lackingForRecovery?: string[];
  /** The same for a Trusted Host; read only where the request allows that. */
  lackingForTrustedRecovery?: string[];
  /** What the request's `baseImage` source turned out to be. */
  baseImageFile?: { name: string; sha256: string; bytes: number } | { name: string; missing: string };
  referenceHost?: HostFacts | { name: string; missing: string };
  /** What decides which base images may go; read only when they are to be removed. */
  baseImageFacts?: BaseImageFacts;
  /** Secrets that a re-added Trust Authority Host could not be given back (R33); files of base images stand with those. */
  notRestorable: { what: string; why: string }[];
}

/** A change that the ledger holds, and what is true of it now; of a host its facts tell. */
export interface LeftBehind {
  change: LedgerChange;
  /** The apply policy of the cluster now. `gone`: there is no such cluster any more in a configured vCenter. */
  policy?: 'changed' | 'as before' | 'gone';
  /** Whether our account has a draft of the cluster's desired image now. `gone`: as for the policy. */
  draft?: 'there' | 'none' | 'gone';
}

/**
 * What a cluster, and each of its hosts, is to vSphere Trust Authority. `reference`: nothing; its test hosts are upgraded
 * for their base image (R5).
 */
export type ClusterRole = 'trust-authority' | 'trusted' | 'reference';

export type HealthColour = 'green' | 'yellow' | 'orange' | 'red' | 'gray' | 'unknown';
export type Health = 'OK' | 'WARNING' | 'ERROR' | 'NONE' | 'unknown';

export interface VCenterFacts {
  /** Host name as in its URL. */
  name: string;
  role: 'trust-authority' | 'trusted';
  version: string;
  build: string;
  health: HealthColour;
  /** `appliance/update` state, such as `UP_TO_DATE`. */
  updateState: string;
  pendingUpdates: { version: string; type: string; rebootRequired: boolean }[];
  /** Base image versions in its depot. */
  depotBaseImages: string[];
  backup?: VCenterBackupFacts;
}

/** A backup target as it may be shown: no credentials. */
export type VCenterBackupFacts = Extract<VCenterBackup, { elsewhere: string }> | { location: string };

export interface ClusterFacts {
  id: string;
  name: string;
  /** Host name of its vCenter. */
  vCenter: string;
  role: ClusterRole;
  /** False: managed by baselines, which no REST API covers (R11). */
  imageManaged: boolean;
  desiredImage?: ImageSpecification;
  /** Name of the commit that made the desired image, if vLCM tells it. */
  commit?: string;
  quickBoot: boolean | 'unknown';
  quickPatch: boolean | 'unknown';
  /** Whether DRS is on, so that virtual machines leave a host by themselves; not given when it was not read. */
  drsEnabled?: boolean;
  /** State of a Trust Authority Cluster, or health of a Trusted Cluster's applied configuration; `NONE` of a reference cluster. */
  trustState: 'ENABLE' | 'DISABLE' | Health;
  hosts: HostFacts[];
}

export type AttestationStatus = 'attested' | 'notAttested' | 'unknown';

export interface HostFacts {
  /** Managed object id in its vCenter; changes when the host is re-added. */
  id: string;
  name: string;
  /** Hardware UUID: the identity of the host. */
  uuid: string;
  cluster: string;
  vCenter: string;
  version: string;
  build: string;
  /** ISO time as its vCenter tells it. */
  bootTime?: string;
  connection: 'connected' | 'disconnected' | 'notResponding' | 'unknown';
  inMaintenanceMode: boolean;
  inQuarantineMode: boolean;
  /** Trusted Hosts: best answer of all attestation services. */
  attestation: AttestationStatus;
  /** Names of services that must run and do not (attestd, kmxd on a Trust Authority Host). */
  stoppedServices: string[];
  /** Whether vLCM calls it compliant with the desired image; unknown until a scan told. */
  compliance: 'COMPLIANT' | 'NON_COMPLIANT' | 'INCOMPATIBLE' | 'UNAVAILABLE' | 'unknown';
  /** Port groups of distributed switches that it uses; read only of hosts that may have to be removed and added again. */
  distributedPortGroups?: number;
  /** Powered-on virtual machines on it. */
  runningVms: number;
}

export interface TrustAuthorityFacts {
  attestation: Health;
  keyProvider: Health;
  baseImages: { version: string; displayName: string; health: Health; lastAttested?: string; hasFile: boolean }[];
  consumerPrincipals: PrincipalFacts[];
  keyProviders: { id: string; health: Health }[];
}

/** An SSO issuer as the Trust Authority Cluster and a workload vCenter name it. */
export interface PrincipalFacts {
  issuer: string;
  /** Name of the principal, for display. */
  name: string;
}
