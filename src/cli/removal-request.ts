import type { WrittenRequest } from './request-file';
import { checked } from './request-options';
import { optional, text } from './options';

/** What decides when a base image may go; the same for the plan and for the removal. */
export const REMOVAL_OPTIONS = {
  keepFor: text('DURATION', 'how long an image stays after the last host left it; 168h, seven days, if not given'),
  withoutFile: optional(
    'LIST',
    'versions, separated by commas, that may go although the archive holds no file to import them again',
    (given) => given.split(',').map((version) => version.trim()),
  ),
};

/**
 * The request of a run that removes base images and does nothing else.
 * @throws CliFailure VTA_REQUEST_INVALID with every problem at once; nothing was contacted
 */
export function removalRequest(
  infrastructure: string,
  { keepFor, withoutFile }: { keepFor?: string | undefined; withoutFile?: string[] | undefined },
): WrittenRequest {
  const request = {
    infrastructure,
    phases: [],
    removeBaseImages: {
      ...(keepFor === undefined ? {} : { keepFor }),
      ...(withoutFile === undefined ? {} : { withoutFile }),
    },
  };
  return checked(request);
}
