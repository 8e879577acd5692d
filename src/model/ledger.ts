import type { BootRecord, ObservedBoot } from './boots';
import type { Recovery } from './recovery';
import type { Report } from './report';
import type { ApplyPolicySnapshot } from './work';

/**
 * The ledger of an infrastructure: every temporary change, recorded before it is made, with what was true before. It
 * outlives the run that made the change, so that a later one can finish or undo what was left behind. JSON-plain.
 */
export interface LedgerState {
  /** Changes that are not settled, oldest first. */
  changes: LedgerChange[];
  /** How the last run that came to an end of its own ended; one that was terminated leaves the run before it here. */
  lastRun?: LastRun;
  /** What is known of the boots of Trusted Hosts, one record a host (R12, R13). */
  boots?: BootRecord[];
  /** Changes that were not taken, since they were malformed, too large or too many. */
  notTaken?: number;
}

/** A temporary change. */
export type LedgerChange = ApplyPolicyChange | DraftChange | MaintenanceModeChange | HostRemovedChange;

interface ChangeOfRun {
  /** Kind and subject: recorded twice it is one, and the first record counts, for it holds the oldest value. */
  id: string;
  /** First execution id of the run that made it. */
  runId: string;
  /** ISO time. */
  at: string;
}

/** Quick Boot and Quick Patch of a cluster are off for a while (R14). */
export interface ApplyPolicyChange extends ChangeOfRun {
  kind: 'apply-policy';
  subject: ClusterSubject;
  /** The whole policy as it was configured. */
  before: ApplyPolicySnapshot;
}

/** A draft of the account of the run is made in order to commit another desired image; with its commit it is gone. */
export interface DraftChange extends ChangeOfRun {
  kind: 'draft';
  subject: ClusterSubject;
  /** Nothing: what was committed stays as it is until a draft is committed. */
  before: Record<string, never>;
}

/** A host is in maintenance mode for a while, put there by a run. */
export interface MaintenanceModeChange extends ChangeOfRun {
  kind: 'maintenance-mode';
  subject: HostSubject;
  before: { version: string; build: string; bootTime?: string };
}

/** A failed host is out of its cluster until it is reverted and added again (R20-R24). */
export interface HostRemovedChange extends ChangeOfRun {
  kind: 'host-removed';
  subject: HostSubject;
  before: Recovery;
}

export interface ClusterSubject {
  name: string;
  /** Managed object id in its vCenter. */
  id: string;
  vCenter: string;
}

export interface HostSubject {
  name: string;
  /** Hardware UUID: it stays the same when the host is added again. */
  uuid: string;
  cluster: string;
  vCenter: string;
}

export interface LastRun {
  runId: string;
  outcome: Report['outcome'];
  /** ISO time. */
  at: string;
}

/** What is written into the ledger at once: first what is over, then what begins. */
export interface LedgerEntry {
  /** Ids of changes that are undone or finished. */
  settle?: string[];
  record?: LedgerChange[];
  /** Trusted Hosts that a run brought to their image. */
  observed?: ObservedBoot[];
  ended?: LastRun;
}

/** Argument of the workflow `vtaLedger`. */
export interface LedgerInput {
  infrastructure: string;
  /** What is known when it is started: by a run after somebody ended it, or by itself when it continues as new. */
  known?: LedgerState;
}

/** Id of the change of a cluster's apply policy. */
export function applyPolicyChangeId({ vCenter, id }: Pick<ClusterSubject, 'vCenter' | 'id'>): string {
  return `apply-policy:${vCenter}/${id}`;
}

/** Id of a draft of a cluster's desired image: an account has one a cluster. */
export function draftChangeId({ vCenter, id }: Pick<ClusterSubject, 'vCenter' | 'id'>): string {
  return `draft:${vCenter}/${id}`;
}

/**
 * Id of a change of a host.
 * @param uuid its hardware UUID
 */
export function hostChangeId(kind: 'maintenance-mode' | 'host-removed', uuid: string): string {
  return `${kind}:${uuid}`;
}
