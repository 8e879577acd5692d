/** What people send to a run, as signal or as update of the same name. One JSON object each. */

export interface ApproveMessage {
  gate: string;
  digest: string;
  by: string;
  reason?: string;
}

export interface RejectMessage {
  gate: string;
  digest: string;
  by: string;
  reason?: string;
}

export const DECISIONS = ['retry', 'skip', 'recover', 'reverted', 'abort'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface DecideMessage {
  /** As `progress` names it: `host:<name>`, `vcenter:<name>`, `backup`, `desired-image:<cluster>`, `base-image:<digest>`, ... */
  step: string;
  attempt: number;
  action: Decision;
  by: string;
  reason: string;
}

export interface PauseMessage {
  by: string;
  reason: string;
}

export interface ResumeMessage {
  by: string;
  /** The step that waits for its maintenance window and is to be begun now all the same; then a reason is needed. */
  now?: string;
  reason?: string;
}

export interface AbortMessage {
  by: string;
  reason: string;
}
