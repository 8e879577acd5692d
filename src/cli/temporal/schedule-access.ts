import { type ScheduleHandle, ScheduleNotFoundError } from '@temporalio/client';
import { patchScheduleId } from '../../model/ids';
import { CliFailure } from '../cli-failure';
import type { Temporal } from './with-temporal';

/** The workflow that schedules of patch runs start, whoever made them. */
export const PATCH_WORKFLOW = 'patchTrustAuthority';

/**
 * Does something with the schedule of an infrastructure.
 * @throws CliFailure VTA_SCHEDULE_NOT_FOUND
 */
export async function withSchedule<T>(
  temporal: Temporal,
  infrastructure: string,
  work: (schedule: ScheduleHandle) => Promise<T>,
): Promise<T> {
  const scheduleId = patchScheduleId(infrastructure);
  try {
    return await work(temporal.client.schedule.getHandle(scheduleId));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new CliFailure({
      code: 'VTA_SCHEDULE_NOT_FOUND',
      message: `There is no schedule ${scheduleId} in the namespace ${temporal.namespace}.`,
      next: [
        'vta-upgrade schedule list                       lists those that there are',
        'vta-upgrade schedule create --help              shows how one is made',
      ],
    });
  }
}
