import { hostWorkflowId, runWorkflowId, vCenterWorkflowId } from '../../model/ids';
import type { ItemProgress, Progress } from '../../model/progress';
import { stageQuery } from '../../workflows/message-definitions';
import { sightsOf } from './last-seen';
import type { Temporal } from './with-temporal';

/** A stage is a nicety: a worker that is busy must not keep people from the rest. */
const STAGE_DEADLINE_MS = 2_000;

/**
 * Adds to what is under way what it does at this moment, and what it last saw if it waits: the workflow of a host or
 * vCenter is asked for its stage, the server for pending activities. What does not answer stays as it is.
 */
export async function withStages(temporal: Temporal, progress: Progress): Promise<Progress> {
  const { infrastructure } = progress;
  const own = readSights(temporal, runWorkflowId(infrastructure));
  const phases = progress.phases.map(async (phase) => {
    const idOf = phase.number === 1 || phase.number === 3 ? vCenterWorkflowId : hostWorkflowId;
    const items = phase.items.map(async (item): Promise<ItemProgress> => {
      // One that has failed may still be left in order.
      if (item.state !== 'running' && item.state !== 'failed') return item;
      const id = idOf(infrastructure, item.name);
      const [sights, stage] = await Promise.all([readSights(temporal, id), readStage(temporal, id)]);
      // A workflow that has ended tells of an earlier attempt.
      if (sights === undefined) return item;
      const known = [item.detail, stage].filter((text) => text !== undefined);
      return {
        ...item,
        ...(known.length === 0 ? {} : { detail: known.join('; ') }),
        ...(sights.length === 0 ? {} : { lastSeen: sights }),
      };
    });
    return { ...phase, items: await Promise.all(items) };
  });
  const lastSeen = (await own) ?? [];
  return { ...progress, phases: await Promise.all(phases), ...(lastSeen.length === 0 ? {} : { lastSeen }) };
}

/** What the pending activities of an open workflow last saw; undefined when it is not open, or nobody answers. */
async function readSights({ client, connection }: Temporal, workflowId: string): Promise<string[] | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status, raw } = await connection.withDeadline(Date.now() + STAGE_DEADLINE_MS, () => handle.describe());
    return status.name === 'RUNNING' ? sightsOf(raw.pendingActivities ?? []) : undefined;
  } catch {
    return undefined; // not begun yet, or nobody answers: the run itself tells the rest
  }
}

async function readStage({ client, connection }: Temporal, workflowId: string): Promise<string | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await connection.withDeadline(Date.now() + STAGE_DEADLINE_MS, () => handle.query(stageQuery));
  } catch {
    return undefined;
  }
}
