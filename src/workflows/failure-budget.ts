import type { ErrorCode } from '../model/error-codes';
import type { RunState } from './run-state';

/**
 * What one host alone may fail with. Anything else (the desired image drifted, an account was refused, somebody else is
 * at work, the outcome is not known) would meet the next host too or needs a look: people are asked, whatever the budget.
 */
const HOST_ALONE: readonly ErrorCode[] = [
  'VTA_HOST_UNHEALTHY',
  'VTA_MAINTENANCE_MODE_FAILED',
  'VTA_REMEDIATION_FAILED',
  'VTA_HOST_SKIPPED_BY_VLCM',
  'VTA_HOST_NOT_BACK',
  'VTA_HOST_ON_OLD_BUILD',
  'VTA_HOST_NOT_REBOOTED',
  'VTA_SERVICE_DOWN',
  'VTA_NOT_ATTESTED',
  'VTA_ATTESTATION_STALE',
];

/**
 * Whether the failure budget (M8) covers the first failure of a host. People who were asked about a host once are asked
 * about it again. That skipping breaks no rule is looked for beside this.
 * @param attempt that failed
 */
export function budgetCovers(
  { plan, budgetUsed }: Pick<RunState, 'plan' | 'budgetUsed'>,
  code: ErrorCode,
  attempt: number,
): boolean {
  return attempt === 1 && HOST_ALONE.includes(code) && budgetUsed.length < (plan?.failureBudget ?? 0);
}
