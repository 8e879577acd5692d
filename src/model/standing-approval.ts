import type { ErrorCode } from './error-codes';

/** What the gate `plan` may be passed for without asking: rules that approvers have given beforehand. */
export interface StandingApproval {
  /** Approvers of the infrastructure file, as many as it requires. */
  by: string[];
  reason: string;
  /** Updates of vCenters; not given: none. */
  vCenter?: { kinds: PatchKind[]; within: string };
  /** Hosts that go to the desired image of their cluster as it stands; not given: none. */
  hosts?: true;
  /** Codes of warnings that are known and accepted. */
  warnings: AcceptedWarning[];
}

/** Kinds of updates within a major version, as a vCenter names them (`update_type`). */
export const PATCH_KINDS = ['SECURITY', 'FIX', 'UPDATE'] as const;
export type PatchKind = (typeof PATCH_KINDS)[number];

/** Warnings about lasting facts of a site, which people may accept once and for all; others are about this very day. */
export const ACCEPTED_WARNINGS = [
  'VTA_NOT_RESTORABLE',
  'VTA_NOT_RECOVERABLE',
  'VTA_NO_VCENTER_BACKUP',
  'VTA_UNKNOWN_CONSUMER',
  // With Quick Boot off while the run lasts it is accepted anyway.
  'VTA_QUICK_BOOT_ON',
] as const satisfies ErrorCode[];
export type AcceptedWarning = (typeof ACCEPTED_WARNINGS)[number];

/** What a standing approval is worth for one plan. */
export interface StandingVerdict {
  by: string[];
  reason: string;
  /** What it does not cover, a sentence each; empty: the gate `plan` is passed without asking. */
  notCovered: string[];
}
