import { z } from 'zod';
import { ACCEPTED_WARNINGS, PATCH_KINDS, type StandingApproval } from './standing-approval';
import { accountName, distinct, release, sentence } from './written-values.schema';

/** A standing approval as people write it. */
export const standingApproval: z.ZodType<StandingApproval> = z
  .strictObject({
    by: distinct(accountName).min(1).describe('approvers of the infrastructure file, as many as it requires'),
    reason: sentence.describe('why; recorded in the audit of each run that it lets pass'),
    vCenter: z
      .strictObject({
        kinds: distinct(z.enum(PATCH_KINDS)).min(1).describe('kinds of updates, as the vCenter names them'),
        within: release.describe('release that runs and that may be taken, such as "8.0.3"'),
      })
      .exactOptional()
      .describe('which updates of vCenters it covers; not given: none'),
    hosts: z
      .literal(true)
      .exactOptional()
      .describe('true: it covers hosts that go to the desired image of their cluster as it stands'),
    warnings: distinct(z.enum(ACCEPTED_WARNINGS)).default([]).describe('codes of warnings that are accepted'),
  })
  .refine(({ vCenter, hosts }) => vCenter !== undefined || hosts !== undefined, {
    error: 'must cover something: give "vCenter", "hosts" or both',
  });
