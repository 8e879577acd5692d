import type { Finding } from './plan';

/** Result of a patch run: what came of one time of the schedule. */
export interface PatchReport {
  infrastructure: string;
  outcome: 'started' | 'nothing to do' | 'a run is open' | 'missed';
  /** One sentence for the operator. */
  summary: string;
  /** What is pending, or why nothing is done: a sentence for each vCenter and cluster. */
  why: string[];
  /** The run that was started, or that is open. */
  run?: { workflowId: string; runId?: string };
  /** For `missed`: when the window opens next, ISO times; not given: not within a year. */
  nextOpening?: { opensAt: string; closesAt: string };
}

/** What was found when a patch run looked: an activity's answer, so that the rules for it may change between versions. */
export type PatchesRead = { infrastructure: string } & (
  | { kind: 'nothing to do'; why: string[] }
  | { kind: 'a run is open' }
  | { kind: 'missed'; why: string; nextOpening?: { opensAt: string; closesAt: string } }
  | { kind: 'refused'; refusals: Finding[] }
  /** `request`: of the run that takes it, as people write it. */
  | { kind: 'pending'; why: string[]; request: Record<string, unknown> }
);
