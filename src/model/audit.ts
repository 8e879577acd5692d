/** One line of the audit: who did what, when, why (M16). Appended to a hash-chained file in the archive. */
export interface AuditLine {
  /** Number within the run, from 1. */
  n: number;
  /** ISO time of the workflow's clock. */
  at: string;
  /** A person as named in a message, or `run`. */
  by: string;
  /** For example `approved`, `refused`, `gate opened`, `host done`. */
  what: string;
  /** Gate, step or host. */
  on: string;
  why?: string;
}
