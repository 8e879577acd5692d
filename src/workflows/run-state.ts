import type { AuditLine } from '../model/audit';
import type { Hold } from '../model/hold';
import type { Decision } from '../model/messages';
import type { Plan } from '../model/plan';
import type { LedgerChange } from '../model/ledger';
import type { OpenGate, Problem, WindowProgress } from '../model/progress';
import type { BaseImageReview } from '../model/base-image-review';
import type { ObservedBoot } from '../model/boots';
import type { Recovery } from '../model/recovery';
import type {
  ApplyPolicySnapshot,
  BaseImageFile,
  BeforeImport,
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
  /** The step that is being done; while it lasts the run neither pauses nor ends. */
  step?: string;
  /** Steps that ended, by id. */
  steps: Record<string, StepEnd>;
  /** Attempts begun, by step id. */
  attempts: Record<string, number>;
  /** Why the last attempt of a step did not succeed, by step id; gone once it is tried again. */
  failed: Record<string, string>;
  /** Hosts and vCenters whose child was started at least once: from here on they may have been changed. */
  begun: string[];
  /** Steps that the failure budget left out, in their order (M8). */
  budgetUsed: string[];
  /** Something holds the run before this host is begun (M18). */
  held?: HeldHost;
  /** The run waits for its maintenance window before it begins something (M13). */
  window?: WindowWait;
  /** What was staged while it waited, names by what it was staged for; what is not in it was not tried (M3). */
  staged?: Record<string, string[]>;
  /** The opening of the window that lets something begin. */
  beginBy?: BeginBy;
  /** When the step under way was begun, milliseconds; gone once people are waited for in it. */
  timing?: { step: string; since: number };
  gates: Record<string, OpenGate>;
  /** Accepted answers by gate, kept for the report and for whoever answers again. */
  answers: Record<string, GateAnswer>;
  /** By hardware UUID. */
  baselines: Record<string, HostBaseline>;
  /** Hardware UUIDs of hosts that were in work while somebody had switched Quick Boot on: how they booted is not known. */
  quickBootSeen?: string[];
  /** Trusted Hosts, by UUID, whose step failed because they do not attest, and has not succeeded since (R25). */
  notAttesting?: string[];
  /** Commit of the desired image by cluster id and vCenter. */
  commits: Record<string, string>;
  images: Record<string, ImageState>;
  /** The file that the reference host exported, and what it is trusted as. */
  referenceImage?: { file: string; imported: ImportedBaseImage };
  /** What was true before a base image was imported, by its digest. */
  beforeImports: Record<string, BeforeImport>;
  /** Temporary changes, recorded before they are made. */
  undo: PolicyUndo[];
  /** What the ledger is known to hold, the ids of what it has yet to be told is over, and boots that it has yet to be told. */
  ledger: { open: LedgerChange[]; over: string[]; observed?: ObservedBoot[] };
  restored: { what: string; restored: boolean; detail?: string }[];
  /** Failed hosts that are or were brought back, by hardware UUID; the latest recovery of each. */
  recoveries: Record<string, Recovery>;
  /** What people must set again by hand on hosts that were removed, by name. */
  byHand?: Record<string, string[]>;
  /** What becomes of base images that nothing needs any more; from when it was looked for. */
  removal?: ImageRemovalState;
  backup?: ConfigurationBackup;
  /** What the plan was about is done, and the world another one: it is to be made anew, and approved. */
  planAnew?: boolean;
  /** Hosts that an earlier run removed were brought back by this one. */
  broughtBack?: boolean;
  pause?: { by: string; reason: string };
  /** The pause has taken effect: nothing is being done. */
  atRest?: boolean;
  abort?: { by: string; reason: string };
  problem?: Problem;
  /** The work is over: what was changed for a while is put back, then the report is written. */
  closing?: 'finishing' | 'ended';
  warnings: string[];
  audit: AuditState;
}

export interface AuditState {
  next: number;
  /** Hash of the last line that the archive holds. */
  head?: string;
  /** Not in the archive yet. */
  pending: AuditLine[];
  /** The last lines, for the query. */
  recent: AuditLine[];
  /** Refused messages and warnings that were counted only, since too many lines were pending. */
  notRecorded?: number;
}

export interface HeldHost {
  host: string;
  /** ISO time. */
  since: string;
  /** The checks that hold it, as last read. */
  by: Hold[];
  /** ISO time of the next reminder. */
  remindAt: string;
  reminders?: number;
}

export interface WindowWait extends Omit<WindowProgress, 'approvals'> {
  /** ISO time. */
  since: string;
  /** Approvers who let it begin now, one entry each, while more of them are needed. */
  letBegin?: { by: string; reason: string; at: string }[];
  /** Somebody decided that it is begun now, whatever the window says. */
  now?: { by: string; reason: string };
}

/** Instants are milliseconds since 1970. */
export interface BeginBy {
  step: string;
  /** The last moment to begin it, so that it ends before the opening does; 0 once that was missed. */
  at: number;
  /** Not there in the state of an older version. */
  closesAt?: number;
  /** How often it was missed by what was to make the first change. */
  missed?: number;
}

export interface StepEnd {
  state: 'done' | 'skipped';
  detail?: string;
  /** How long it took, milliseconds, if nobody was waited for. */
  tookMs?: number;
}

export interface GateAnswer {
  outcome: 'approved' | 'rejected' | Decision;
  by: string[];
  reason?: string;
  at: string;
  /** What was approved or rejected: an approval counts for nothing else. */
  digest?: string;
}

/** One distinct image of the Trusted Hosts, by its key. */
export interface ImageState {
  /** Proved: the Trust Authority Cluster attests hosts of this image. */
  trusted: boolean;
  file?: BaseImageFile;
  /** The host that runs it, waits in maintenance mode and does not attest, since the image is not known. */
  waiting?: string;
  imported?: ImportedBaseImage;
}

export interface ImageRemovalState {
  review: BaseImageReview;
  digest: string;
  /** People approved the removal of those that may go. */
  approved?: true;
  /** By version: `begun` before it is removed, `needed` from when a host turned out to attest with it until it is trusted again. */
  images: Record<string, 'begun' | 'needed' | 'removed' | 'kept'>;
}

export interface PolicyUndo {
  /** Index into the plan's clusters. */
  cluster: number;
  policy: ApplyPolicySnapshot;
}

/** How many audit lines the query shows. */
const RECENT_AUDIT_LINES = 100;
/** How many lines may wait for the archive before what anybody may send is only counted: the state must stay small. */
const MOST_PENDING = 300;
/** How many warnings a run shows; children's warnings come as signals, which anybody may send. */
const MOST_WARNINGS = 200;
/** Longest texts in the audit. */
const LONGEST = { name: 200, text: 2000 };

export function newRunState(startedAt: string, runId: string): RunState {
  return {
    startedAt,
    runId,
    now: 'Reading the infrastructure and making the plan.',
    steps: {},
    attempts: {},
    failed: {},
    begun: [],
    budgetUsed: [],
    gates: {},
    answers: {},
    baselines: {},
    commits: {},
    images: {},
    beforeImports: {},
    undo: [],
    ledger: { open: [], over: [] },
    restored: [],
    recoveries: {},
    warnings: [],
    audit: { next: 1, pending: [], recent: [] },
  };
}

/** Adds a line to the audit; it reaches the archive at the next safe point. Texts of people are cut to a sane length. */
export function recordAudit(state: RunState, at: string, line: Omit<AuditLine, 'n' | 'at'>): void {
  const { by, what, on, why } = line;
  const whole: AuditLine = {
    n: state.audit.next,
    at,
    by: clip(by, LONGEST.name),
    what: clip(what, LONGEST.name),
    on: clip(on, LONGEST.text),
    ...(why === undefined ? {} : { why: clip(why, LONGEST.text) }),
  };
  state.audit.next += 1;
  state.audit.pending.push(whole);
  state.audit.recent = [...state.audit.recent, whole].slice(-RECENT_AUDIT_LINES);
}

/** Records that a message was refused and why. */
export function recordRefusal(state: RunState, at: string, message: { by: string; name: string; why: string }): void {
  recordIfRoom(state, at, { by: message.by, what: `refused ${message.name}`, on: message.name, why: message.why });
}

/** Records a warning of a child; it comes as a signal, which anybody may send. */
export function recordWarning(state: RunState, at: string, step: string, warning: string): void {
  recordIfRoom(state, at, { by: 'run', what: 'warning', on: step, why: warning });
}

/**
 * Records what anybody may bring about. A flood of it is counted instead, so that whoever sends it cannot make the state
 * too large to be carried.
 */
function recordIfRoom(state: RunState, at: string, line: Omit<AuditLine, 'n' | 'at'>): void {
  const { audit } = state;
  if (audit.pending.length >= MOST_PENDING) {
    audit.notRecorded = (audit.notRecorded ?? 0) + 1;
    return;
  }
  if (audit.notRecorded !== undefined) {
    const why = `${audit.notRecorded} more refused messages or warnings were not recorded one by one`;
    delete audit.notRecorded;
    recordAudit(state, at, { by: 'run', what: 'refused', on: 'messages', why });
  }
  recordAudit(state, at, line);
}

/** Records what a child says that its step failed with; it comes as a signal, which anybody may send. */
export function recordProblem(state: RunState, { step, code, message }: Problem): void {
  const text = clip(message, LONGEST.text);
  state.problem = { step, code: clip(code, LONGEST.name), message: text };
  state.failed[step] = text;
}

/** Adds a warning, once. */
export function addWarning(state: RunState, text: string): void {
  const warning = clip(text, LONGEST.text);
  if (state.warnings.includes(warning) || state.warnings.length > MOST_WARNINGS) return;
  const last = 'There are more warnings than are shown here; see the audit.';
  state.warnings.push(state.warnings.length === MOST_WARNINGS ? last : warning);
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** The key under which a cluster is remembered; ids are unique in one vCenter only. */
export function clusterKey(cluster: { id: string; vCenter: string }): string {
  return `${cluster.vCenter}/${cluster.id}`;
}
