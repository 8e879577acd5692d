import type { Decision } from './messages';
import type { PhaseNumber } from './request';

/** Answer of the query `progress`: what is true now, and what people may do. */
export interface Progress {
  infrastructure: string;
  /** ISO time of the run's start. */
  startedAt: string;
  state: RunStateName;
  /** One sentence: what the run is doing or waiting for. */
  now: string;
  planDigest?: string;
  phases: PhaseProgress[];
  gates: OpenGate[];
  /** Latest problem, until it is decided. */
  problem?: Problem;
  /** Somebody paused the run: it begins nothing new. */
  paused?: { by: string; reason: string };
  /** Somebody ends the run: it stops at the next safe point. */
  aborting?: { by: string; reason: string };
  /** The run waits for its maintenance window before it begins something. */
  window?: WindowProgress;
  warnings: string[];
  /** What the steps of the run itself last saw while they wait; told by the CLI, which asks the server for it. */
  lastSeen?: string[];
}

export type RunStateName =
  | 'inspecting'
  | 'waiting for approval'
  | 'running'
  | 'waiting for its window'
  | 'paused'
  | 'parked'
  | 'finishing'
  | 'ended';

export interface WindowProgress {
  /** What is to be begun: `host:<name>` or `vcenter:<name>`. */
  step: string;
  /** ISO times of the opening it waits for; not there when no opening is long enough, and people are asked. */
  opensAt?: string;
  closesAt?: string;
  /** One sentence. */
  why: string;
  /** Who has said that it may begin now, where one approver alone does not suffice. */
  approvals?: { given: string[]; required: number };
}

export interface PhaseProgress {
  /** `reference`: the reference host, right before phase 4 or alone. */
  number: PhaseNumber | 'reference';
  title: string;
  state: 'pending' | 'running' | 'done' | 'not in this run';
  items: ItemProgress[];
}

export interface ItemProgress {
  /** Host name of the vCenter or host. */
  name: string;
  state: ItemState;
  /** For example what it waits for, or why it failed. */
  detail?: string;
  /** What its step last saw while it waits, or with what it last failed; told by the CLI, which asks the server for it. */
  lastSeen?: string[];
}

export type ItemState = 'pending' | 'running' | 'done' | 'failed' | 'skipped';

export interface Problem {
  step: string;
  code: string;
  message: string;
}

/** A question to people, with everything that an answer needs. */
export interface OpenGate {
  id: string;
  /** What is asked, one sentence. */
  question: string;
  /** The facts, a line each. */
  facts: string[];
  /** ISO times. */
  openedAt: string;
  expiresAt: string;
  /** It need not be answered: it is closed when it expires. */
  closes?: true;
  /** How often nobody had answered in time. */
  reminders?: number;
  /** Present on gates that are approved or rejected. */
  digest?: string;
  /** Approvals so far and needed. */
  approvals?: { given: string[]; required: number };
  /** Present on `decide` gates. */
  step?: string;
  attempt?: number;
  actions?: Decision[];
  /** Message name and payload to copy; `by` (and `reason`) are to be filled in. */
  examples: { message: string; payload: Record<string, string | number> }[];
}
