import type { AuditLine } from '../model/audit';
import type { Decision } from '../model/messages';
import type { Plan } from '../model/plan';
import type { OpenGate, Problem } from '../model/progress';
import type {
  ApplyPolicySnapshot,
  BaseImageFile,
  ConfigurationBackup,
  HostBaseline,
  ImportedBaseImage,
} from '../model/work';

/**
 * All that a run remembers. JSON-plain, since it travels over continue-as-new: no Map, Set, Date or class instance.
 * What has been done is kept by step id, so that a run that goes on anywhere skips what is behind it.
 */
export interface RunState {
  startedAt: string;
  runId: string;
  plan?: Plan;
  planDigest?: string;
  /** What the run is doing, one sentence. */
  now: string;
  phase?: number;
  /** Steps that ended, by id. */
  steps: Record<string, StepEnd>;
  /** Attempts begun, by step id. */
  attempts: Record<string, number>;
  /** Hosts and vCenters whose child was started at least once: from here on they may have been changed. */
  begun: string[];
  gates: Record<string, OpenGate>;
  /** Accepted answers by gate, kept for the report and for whoever answers again. */
  answers: Record<string, GateAnswer>;
  /** By hardware UUID. */
  baselines: Record<string, HostBaseline>;
  /** Commit of the desired image by cluster id and vCenter. */
  commits: Record<string, string>;
  images: Record<string, ImageState>;
  /** Temporary changes, recorded before they are made. */
  undo: PolicyUndo[];
  restored: { what: string; restored: boolean; detail?: string }[];
  backup?: ConfigurationBackup;
  pause?: { by: string; reason: string };
  abort?: { by: string; reason: string };
  problem?: Problem;
  warnings: string[];
  audit: { next: number; head?: string; pending: AuditLine[]; recent: AuditLine[] };
}

export interface StepEnd {
  state: 'done' | 'skipped';
  detail?: string;
}

export interface GateAnswer {
  outcome: 'approved' | 'rejected' | Decision;
  by: string[];
  reason?: string;
  at: string;
}

/** One distinct image of the Trusted Hosts, by its key. */
export interface ImageState {
  /** Proved: the Trust Authority Cluster attests hosts of this image. */
  trusted: boolean;
  file?: BaseImageFile;
  imported?: ImportedBaseImage;
}

export interface PolicyUndo {
  /** Index into the plan's clusters. */
  cluster: number;
  policy: ApplyPolicySnapshot;
}

/** How many audit lines the query shows. */
const RECENT_AUDIT_LINES = 100;

export function newRunState(startedAt: string, runId: string): RunState {
  return {
    startedAt,
    runId,
    now: 'Reading the infrastructure and making the plan.',
    steps: {},
    attempts: {},
    begun: [],
    gates: {},
    answers: {},
    baselines: {},
    commits: {},
    images: {},
    undo: [],
    restored: [],
    warnings: [],
    audit: { next: 1, pending: [], recent: [] },
  };
}

/** Adds a line to the audit; it reaches the archive at the next safe point. */
export function recordAudit(state: RunState, at: string, line: Omit<AuditLine, 'n' | 'at'>): void {
  const whole: AuditLine = { n: state.audit.next, at, ...line };
  state.audit.next += 1;
  state.audit.pending.push(whole);
  state.audit.recent = [...state.audit.recent, whole].slice(-RECENT_AUDIT_LINES);
}

/** The key under which a cluster is remembered; ids are unique in one vCenter only. */
export function clusterKey(cluster: { id: string; vCenter: string }): string {
  return `${cluster.vCenter}/${cluster.id}`;
}
