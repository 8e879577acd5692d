import type { ItemState } from './progress';
import type { PhaseNumber } from './request';

/** Result of a run: what happened and what is true now. */
export interface Report {
  infrastructure: string;
  outcome: 'completed' | 'nothing to do' | 'rejected' | 'aborted';
  /** One sentence for the operator. */
  summary: string;
  planDigest?: string;
  items: { phase: PhaseNumber | 'reference'; name: string; state: ItemState; detail?: string }[];
  backup?: { path: string; sha256: string };
  baseImages: { sha256: string; version: string; from: string; approvedBy: string[] }[];
  /** What became of base images that nothing needed any more; only where their removal was asked for. */
  baseImageRemoval?: { outcome: string; images: { version: string; detail: string }[] };
  /** Temporary changes and whether they were undone. */
  restored: { what: string; restored: boolean; detail?: string }[];
  /** What people must set again on hosts that were removed from their vCenter, which keeps it with the object that is gone. */
  byHand?: { host: string; what: string[] }[];
  /** Hash of the last line that this run wrote to the audit in the archive, and how many it wrote: what is cut off shows. */
  audit?: { head: string; lines: number };
  startedAt: string;
  endedAt: string;
}
