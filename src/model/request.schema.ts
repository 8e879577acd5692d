import { z } from 'zod';
import { checkInput, inputJsonSchema, shaped } from './check-input.schema';
import type { Checked, Locate } from './input-problem';
import type { ImageSpecification } from './image';
import { maintenanceWindow } from './maintenance-window.schema';
import { nearest } from './nearest';
import type { BaseImageSource, EsxiTarget, PhaseNumber, UpgradeRequest } from './request';
import { standingApproval } from './standing-approval.schema';
import {
  clusterName,
  distinct,
  duration,
  hostName,
  infrastructureName,
  sentence,
  writtenAs,
} from './written-values.schema';

/** Longest soak: one that outlasts a maintenance window by far. */
const LONGEST_SOAK_MS = 24 * 3_600_000;

/** Longest time for which an image is kept after the last host left it. */
const LONGEST_KEPT_MS = 5 * 366 * 24 * 3_600_000;

const vCenterVersion = writtenAs(
  /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,6}$/,
  'must be the version of a vCenter update in full, such as "8.0.3.00500"',
).describe('version that every vCenter of the chosen phases is to run, such as "8.0.3.00500"');

const baseImageVersion = writtenAs(
  /^\d{1,3}\.\d{1,3}\.\d{1,3}-\d{1,6}\.\d{1,6}\.\d{1,12}$/,
  'must be a base image version as vSphere Lifecycle Manager names it, such as "8.0.3-0.0.24674464"',
).describe('base image version as vSphere Lifecycle Manager names it, such as "8.0.3-0.0.24674464"');

const packageVersion = writtenAs(/^[A-Za-z0-9][\w.+~-]{0,99}$/, 'must be a version as in the depot, such as "1.2.3-4"');

const packageName = writtenAs(/^[A-Za-z0-9][\w.+ -]{0,99}$/, 'must be a name as in the depot');

const specification = z.strictObject({
  baseImage: baseImageVersion,
  addOn: z
    .strictObject({
      name: packageName.describe('name of the vendor add-on'),
      version: packageVersion.describe('version of the vendor add-on'),
    })
    .exactOptional(),
  components: z
    .record(packageName, packageVersion)
    .exactOptional()
    .describe('component versions set beside base image and add-on, by component name'),
});

const SPECIFICATION_KEYS = Object.keys(specification.shape);

const desired = z.literal('desired', {
  error: 'must be "desired", an image specification with "baseImage", or one of these for each cluster',
});

const image: z.ZodType<ImageSpecification> = specification;

const oneTarget: z.ZodType<EsxiTarget> = shaped<EsxiTarget>([desired, image], (value) =>
  isObject(value) ? image : desired,
);

const byCluster = z.record(clusterName, oneTarget).transform((targets) => ({ byCluster: targets }));

/**
 * An object is a specification as soon as one of its keys is one of a specification's, or nearly so with a version
 * behind it; else it is a map by cluster name. So a cluster named `baseImage`, `addOn` or `components` cannot be
 * named in a map; it can be given a target together with all others.
 */
const esxiTarget = shaped<UpgradeRequest['target']['esxi']>([desired, image, byCluster], (value) => {
  if (!isObject(value)) return desired;
  return Object.entries(value).some(([key, entry]) => belongsToSpecification(key, entry)) ? image : byCluster;
});

function belongsToSpecification(key: string, value: unknown): boolean {
  if (SPECIFICATION_KEYS.includes(key)) return true;
  return nearest(key, SPECIFICATION_KEYS) !== undefined && typeof value === 'string' && value !== 'desired';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const baseImageSource: z.ZodType<BaseImageSource> = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('first-host') }),
  z.strictObject({
    from: z.literal('reference-host'),
    host: hostName.describe('name of the host that runs the image, as in its vCenter'),
    upgrade: z
      .boolean()
      .exactOptional()
      .describe(
        'true: the run upgrades this test host first; it is in one of the "referenceClusters" of the infrastructure file',
      ),
  }),
  z.strictObject({
    from: z.literal('file'),
    // A name only: whoever may start a run must not make the worker read files elsewhere.
    name: writtenAs(
      /^(?!\.)[^/\\\p{Cc}]{1,200}$/u,
      'must be the name of a file in the archive\'s "base-images" directory: no path, no leading dot',
    ).describe('name of a file in the archive\'s "base-images" directory'),
  }),
]);

const phaseNumber: z.ZodType<PhaseNumber> = z.literal([1, 2, 3, 4]);

const requestInput = z
  .strictObject({
    infrastructure: infrastructureName.describe("name of an infrastructure in the worker's configuration"),
    target: z
      .strictObject({
        vCenter: vCenterVersion.exactOptional(),
        esxi: esxiTarget
          .default('desired')
          .describe(
            'what the hosts are to run: their desired image as it stands, a specification, or a map by cluster',
          ),
      })
      .default({ esxi: 'desired' })
      .describe('what is to run; without it vCenters stay as they are and hosts go to their desired image'),
    baseImage: baseImageSource
      .default({ from: 'first-host' })
      .describe('how the Trust Authority Cluster learns the image of the Trusted Hosts'),
    approve: distinct(z.enum(['phase', 'host']))
      .default([])
      .describe('gates asked for beside those that are always there'),
    phases: distinct(phaseNumber)
      .default([1, 2, 3, 4])
      .describe(
        'phases in the order in which they are run; anything but 1, 2, 3, 4 needs a reason; [] to upgrade the reference host or remove base images only',
      ),
    reason: sentence.exactOptional().describe('why; recorded with the run'),
    quickBoot: z
      .enum(['disable', 'keep'])
      .default('disable')
      .describe(
        'Quick Boot while the run lasts: off and then as before, or as each cluster has it; Quick Patch is off either way',
      ),
    reboot: distinct(hostName)
      .default([])
      .describe(
        'Trusted Hosts to be rebooted fully although they run their target: after a Quick Boot they attest with the image of their last full boot',
      ),
    failureBudget: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        'so many hosts that fail are left on their old version and reported; at the next failure people are asked',
      ),
    recoverTrustedHosts: z
      .boolean()
      .exactOptional()
      .describe(
        'a Trusted Host that fails may be removed, reverted and added again, by decision of people; never because it does not attest; not given: it may not',
      ),
    window: maintenanceWindow.exactOptional().describe('when hosts and vCenters may be begun; not given: at any time'),
    removeBaseImages: z
      .strictObject({
        keepFor: duration(LONGEST_KEPT_MS)
          .default(7 * 24 * 3_600_000)
          .describe('how long an image stays after the last host left it, so that a revert still finds it: "168h"'),
        withoutFile: distinct(z.string().min(1).max(500))
          .default([])
          .describe('versions that may go although the archive holds no file to import them again'),
      })
      .exactOptional()
      .describe('removes base images that nothing needs any more, after the hosts and by an approval of its own'),
    soak: duration(LONGEST_SOAK_MS)
      .exactOptional()
      .describe('how long a host must stay healthy before the next one is begun, such as "15m"'),
    standingApproval: standingApproval
      .exactOptional()
      .describe('what the gate "plan" is passed for without asking; not given: it always asks'),
  })
  .refine(
    ({ phases, removeBaseImages, baseImage }) =>
      phases.length > 0 ||
      removeBaseImages !== undefined ||
      (baseImage.from === 'reference-host' && baseImage.upgrade === true),
    {
      path: ['phases'],
      error:
        'must name a phase, unless "removeBaseImages" is given or "baseImage" upgrades a reference host: a run without phases does only that',
    },
  )
  .refine(({ reboot, quickBoot }) => reboot.length === 0 || quickBoot === 'disable', {
    path: ['quickBoot'],
    error: 'must be "disable" where "reboot" names hosts: with Quick Boot on, a reboot is no full one',
  })
  .meta({
    title: 'Request of a vta-upgrade run',
    description: 'The one argument of the workflow upgradeTrustAuthority.',
  });

/** Fields that a patch run's request has too. */
export const REQUEST_FIELDS = requestInput.shape;

const request: z.ZodType<UpgradeRequest> = requestInput.transform(({ soak, removeBaseImages, ...rest }) => ({
  ...rest,
  ...(removeBaseImages === undefined
    ? {}
    : { removeBaseImages: { keepForMs: removeBaseImages.keepFor, withoutFile: removeBaseImages.withoutFile } }),
  ...(soak === undefined ? {} : { soakMs: soak }),
}));

/**
 * Checks what somebody gave as argument of a run, in the form in which people write it.
 * @param locate finds places in the file that it was read from, if it was
 */
export function checkRequest(value: unknown, locate?: Locate): Checked<UpgradeRequest> {
  return checkInput(request, value, locate);
}

/** JSON Schema of the request, for editors and forms. */
export function requestJsonSchema() {
  return inputJsonSchema(requestInput);
}
