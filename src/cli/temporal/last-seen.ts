import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { isBeatWithSight } from '../../model/beat';
import { ERROR_CODES } from '../../model/error-codes';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Failure = NonNullable<PendingActivity['lastFailure']>;
type Timestamp = NonNullable<PendingActivity['lastHeartbeatTime']>;

/**
 * What pending activities last saw, or with what they last failed, whichever is later; a line each. Those that neither
 * wait nor failed say nothing.
 */
export function sightsOf(activities: readonly PendingActivity[]): string[] {
  return activities.flatMap((activity) => {
    const { lastFailure, attempt, lastHeartbeatTime, lastAttemptCompleteTime } = activity;
    const seen = sightIn(activity);
    const failed = lastFailure === null || lastFailure === undefined ? undefined : describeTry(lastFailure);
    if (seen !== undefined && (failed === undefined || isLater(lastHeartbeatTime, lastAttemptCompleteTime)))
      return [`last seen: ${seen}`];
    return failed === undefined ? [] : [`try ${Math.max((attempt ?? 2) - 1, 1)} failed: ${failed}`];
  });
}

function sightIn({ heartbeatDetails }: PendingActivity): string | undefined {
  const [payload] = heartbeatDetails?.payloads ?? [];
  if (payload === undefined) return undefined;
  try {
    const details: unknown = defaultPayloadConverter.fromPayload(payload);
    return isBeatWithSight(details) ? details.lastSeen : undefined;
  } catch {
    return undefined; // encrypted by a codec that only the worker has
  }
}

/** Our own sentences only: what others throw may hold anything. */
function describeTry({ message, applicationFailureInfo, timeoutFailureInfo, canceledFailureInfo }: Failure): string {
  const code = ERROR_CODES.find((known) => known === applicationFailureInfo?.type);
  if (code !== undefined) return `${code}: ${message ?? ''}`;
  if (timeoutFailureInfo !== null && timeoutFailureInfo !== undefined)
    return 'its worker fell silent, or took longer than one try may take. What it began is looked for by the next one.';
  if (canceledFailureInfo !== null && canceledFailureInfo !== undefined)
    return 'its worker was stopped. The next one goes on from what it finds.';
  return 'an error that is none of ours; it stands in the log of the worker, and in the pending activity in Temporal.';
}

/** True as well where the server does not tell when the last try ended. */
function isLater(time: Timestamp | null | undefined, than: Timestamp | null | undefined): boolean {
  if (than === null || than === undefined) return true;
  return time !== null && time !== undefined && millisecondsOf(time) > millisecondsOf(than);
}

function millisecondsOf({ seconds, nanos }: Timestamp): number {
  return Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6;
}
