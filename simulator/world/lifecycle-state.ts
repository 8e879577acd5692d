import type { EsxImage } from './image';

/** A desired image: what vLCM compares hosts with. */
export interface SoftwareSpec {
  /** Base image version, e.g. `8.0.3-0.0.24674464`; empty in a draft of a cluster that never had an image. */
  baseImage: string;
  addOn?: { name: string; version: string };
  components: Record<string, string>;
  removedComponents?: string[];
}

export interface SoftwareCommit {
  id: string;
  spec: SoftwareSpec;
  author: string;
  time: number;
  message: string;
}

export interface SoftwareDraft {
  id: string;
  owner: string;
  spec: SoftwareSpec;
  status: 'VALID' | 'INVALID';
  createdAt: number;
}

/** A remark of vLCM about an image, a host or an operation. */
export interface Note {
  type: 'INFO' | 'WARNING' | 'ERROR';
  id: string;
  text: string;
  time: number;
  /** What to do about it. */
  resolution?: string;
}

/** How one host fared in an operation on its cluster. */
export interface HostOutcome {
  /** Name at that time: the host may leave the inventory later. */
  name: string;
  status: 'OK' | 'SKIPPED' | 'TIMED_OUT' | 'ERROR';
  startTime: number;
  endTime: number;
  notes: Note[];
}

/** Result of applying or staging an image; hosts by managed object id. */
export interface ApplyResult {
  commit: string;
  status: HostOutcome['status'];
  startTime: number;
  endTime: number;
  notes: Note[];
  hosts: Record<string, HostOutcome>;
  successful: string[];
  failed: string[];
  skipped: string[];
}

export type ComplianceStatus = 'COMPLIANT' | 'NON_COMPLIANT' | 'INCOMPATIBLE' | 'UNAVAILABLE';

/** What bringing a host to the image would take. */
export type ComplianceImpact =
  'NO_IMPACT' | 'PARTIAL_MAINTENANCE_MODE_REQUIRED' | 'MAINTENANCE_MODE_REQUIRED' | 'REBOOT_REQUIRED' | 'UNKNOWN';

/** One host compared with an image. */
export interface HostCompliance {
  name: string;
  status: ComplianceStatus;
  impact: ComplianceImpact;
  staged: boolean;
  current: EsxImage;
  target: EsxImage;
  notes: Note[];
  scanTime: number;
}

/** A cluster compared with an image, as it was at `scanTime`; hosts by managed object id. */
export interface ClusterCompliance {
  /** Absent: compared with a draft. */
  commit?: string;
  status: ComplianceStatus;
  impact: ComplianceImpact;
  staged: boolean;
  scanTime: number;
  hosts: Record<string, HostCompliance>;
}

export type CheckStatus = 'OK' | 'WARNING' | 'ERROR';

/** Result of the checks before a remediation. */
export interface CheckResult {
  commit: string;
  status: CheckStatus;
  startTime: number;
  endTime: number;
  entities: CheckedEntity[];
}

export interface CheckedEntity {
  type: 'CLUSTER' | 'HOST';
  moid: string;
  name: string;
  status: CheckStatus;
  checks: { id: string; title: string; status: CheckStatus; issues: string[] }[];
}

/** Fields of ConfiguredPolicySpec as the wire has them; an unset field of a PUT unsets it. */
export type ApplyPolicy = Record<string, unknown>;

/** vLCM's part of a cluster. */
export interface ClusterLifecycle {
  /** True: managed with one image. False: baselines. */
  enabled: boolean;
  /** Newest last; the last one is the desired image. */
  commits: SoftwareCommit[];
  drafts: SoftwareDraft[];
  policy: ApplyPolicy;
  lastApply: ApplyResult | null;
  lastCheck: CheckResult | null;
  /** The last scan: it does not follow what happens to hosts afterwards. */
  compliance: ClusterCompliance | null;
  /** Id of the task that is working on this cluster, if any. */
  busy: string | null;
}

/** One base image of the depot, with what is needed to build an image of it. */
export interface DepotBaseImage {
  version: string;
  displayName: string;
  releaseDate: string;
  /** Base image versions from which Quick Patch can go to this one (8.0.3). */
  quickPatchCompatible: string[];
}

/** One add-on of a hardware maker. */
export interface DepotAddOn {
  name: string;
  version: string;
  displayName: string;
  vendor: string;
  components: Record<string, string>;
}

/** A component that can be put on top of base image and add-on. */
export interface DepotComponent {
  name: string;
  version: string;
  displayName: string;
  vendor: string;
}

/** An offline bundle that somebody put into the depot. */
export interface OfflineDepot {
  id: string;
  description: string;
  location?: string;
  createdAt: number;
  /** What it holds; `added`: base images that were not in the depot before. */
  images: EsxImage[];
  added: string[];
}

/** The depot of one vCenter. */
export interface Depot {
  baseImages: DepotBaseImage[];
  addOns: DepotAddOn[];
  components: DepotComponent[];
  offline: OfflineDepot[];
}
