import { z } from 'zod';
import { checkInput, inputJsonSchema } from './check-input.schema';
import type { Checked, Locate } from './input-problem';
import type { PatchRequest } from './patch-request';
import { REQUEST_FIELDS } from './request.schema';
import { release } from './written-values.schema';

const { infrastructure, baseImage, quickBoot, approve, reason, failureBudget, window, soak, standingApproval } =
  REQUEST_FIELDS;
const { removeBaseImages, recoverTrustedHosts } = REQUEST_FIELDS;

const take = z
  .strictObject({
    vCenter: z
      .enum(['nothing', 'security', 'any'])
      .default('security')
      .describe('updates of vCenters: none, those of kind SECURITY, or any within a major version'),
    within: release
      .exactOptional()
      .describe('only updates of this release, such as "8.0.3"; not given: of the release that each vCenter runs'),
    hosts: z
      .enum(['desired', 'nothing'])
      .default('desired')
      .describe('hosts that are not at the desired image of their cluster, or none'),
  })
  .refine(({ vCenter, hosts }) => vCenter !== 'nothing' || hosts !== 'nothing', {
    error: 'must take something: vCenter and hosts are both "nothing"',
  });

const patchRequestInput = z
  .strictObject({
    infrastructure,
    take: take
      .default({ vCenter: 'security', hosts: 'desired' })
      .describe('what is taken when it is pending; without it security updates and hosts'),
    standingApproval,
    window,
    approve,
    baseImage,
    quickBoot,
    removeBaseImages,
    soak,
    failureBudget,
    recoverTrustedHosts,
    reason,
  })
  .meta({
    title: 'Request of a patch run of vta-upgrade',
    description: 'The one argument of the workflow patchTrustAuthority, which a schedule starts.',
  });

const patchRequest: z.ZodType<PatchRequest> = patchRequestInput.transform(
  ({ soak: soakMs, removeBaseImages: removal, ...rest }) => ({
    ...rest,
    ...(removal === undefined
      ? {}
      : { removeBaseImages: { keepForMs: removal.keepFor, withoutFile: removal.withoutFile } }),
    ...(soakMs === undefined ? {} : { soakMs }),
  }),
);

/**
 * Checks what somebody gave as argument of a patch run, in the form in which people write it.
 * @param locate finds places in the file that it was read from, if it was
 */
export function checkPatchRequest(value: unknown, locate?: Locate): Checked<PatchRequest> {
  return checkInput(patchRequest, value, locate);
}

/** JSON Schema of the request, for editors and forms. */
export function patchRequestJsonSchema() {
  return inputJsonSchema(patchRequestInput);
}
