import type { BaseImageVerdict } from '../model/base-image-review';
import type { Plan } from '../model/plan';
import { describeFindings } from '../planner/describe-findings';
import { CliFailure } from './cli-failure';
import type { Answer } from './command';
import { EXIT } from './exit-codes';
import type { Io } from './io';
import { makePlan } from './make-plan';
import type { WrittenRequest } from './request-file';
import { withTemporal } from './temporal/with-temporal';

/**
 * Has a worker judge the trusted base images, and shows what it found.
 * @throws CliFailure when they could not be judged
 */
export async function planRemoval(
  request: WrittenRequest,
  taskQueue: string,
  io: Io,
  show: (removal: NonNullable<Plan['removal']>) => { json: unknown; text: string[] },
): Promise<Answer> {
  return await withTemporal(io, async (temporal) => {
    const result = await makePlan(temporal, request, taskQueue, io);
    if (result.kind === 'refused')
      return { exitCode: EXIT.refused, json: result, text: describeFindings(result.refusals).join('\n') };
    if (result.plan.removal === undefined)
      throw new CliFailure({
        code: 'VTA_UNEXPECTED',
        message: 'The worker does not know of the removal of base images: it is of an older version.',
        next: ['Install this version on the worker and start it again.'],
      });
    const { json, text } = show(result.plan.removal);
    return { exitCode: EXIT.done, json, text: text.join('\n') };
  });
}

/** An image, with what is known of its use. */
export function imageLine({ version, displayName, lastAttested, file }: BaseImageVerdict): string[] {
  return [
    `${version} (${displayName})`,
    `  last attested with: ${lastAttested ?? 'not known'}; file in the archive: ${file?.name ?? 'none'}`,
  ];
}
