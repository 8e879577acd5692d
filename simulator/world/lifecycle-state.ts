import type { LocalizableMessage } from './fault';
import type { EsxImage } from './image';

/** A desired image: what vLCM compares hosts with. */
export interface SoftwareSpec {
  /** Base image version, e.g. `8.0.3-0.0.24674464`. */
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

/** Result of the last remediation as `reports/last-apply-result` tells it. */
export interface ApplyResult {
  commit: string;
  status: 'OK' | 'SKIPPED' | 'TIMED_OUT' | 'ERROR' | 'RETRY_PENDING' | 'RUNNING' | 'NOT_STARTED';
  startTime: number;
  endTime: number;
  hosts: Record<
    string,
    { status: ApplyResult['status']; startTime: number; endTime: number; messages: LocalizableMessage[] }
  >;
  successful: string[];
  failed: string[];
  skipped: string[];
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
  /** Wire form of the last check result. */
  lastCheck: unknown;
  /** Wire form of the last compliance (scan) result. */
  compliance: unknown;
  /** Id of the task that is working on this cluster, if any. */
  busy: string | null;
}

/** One base image of the depot, with what is needed to build an image of it. */
export interface DepotBaseImage {
  version: string;
  displayName: string;
  releaseDate: string;
  quickPatchCompatible: string[];
}

/** The depot of one vCenter. */
export interface Depot {
  baseImages: DepotBaseImage[];
  addOns: { name: string; version: string; displayName: string; vendor: string; components: Record<string, string> }[];
  components: { name: string; version: string; displayName: string; vendor: string }[];
  offline: { id: string; description: string; location?: string; createdAt: number; images: EsxImage[] }[];
}
