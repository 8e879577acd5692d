import { hostWorkflowId, vCenterWorkflowId } from '../../model/ids';
import type { ItemProgress, Progress } from '../../model/progress';
import { stageQuery } from '../../workflows/message-definitions';
import type { Temporal } from './with-temporal';

/** A stage is a nicety: a worker that is busy must not keep people from the rest. */
const STAGE_DEADLINE_MS = 2_000;

/**
 * Adds to what is under way what it does at this moment: the workflow of a host or vCenter is asked for its stage. What
 * does not answer stays as it is.
 */
export async function withStages(temporal: Temporal, progress: Progress): Promise<Progress> {
  const phases = progress.phases.map(async (phase) => {
    const idOf = phase.number === 1 || phase.number === 3 ? vCenterWorkflowId : hostWorkflowId;
    const items = phase.items.map(async (item): Promise<ItemProgress> => {
      if (item.state !== 'running') return item;
      const stage = await readStage(temporal, idOf(progress.infrastructure, item.name));
      const known = [item.detail, stage].filter((text) => text !== undefined);
      return known.length === 0 ? item : { ...item, detail: known.join('; ') };
    });
    return { ...phase, items: await Promise.all(items) };
  });
  return { ...progress, phases: await Promise.all(phases) };
}

/** The stage of an open workflow; one that has ended tells of an earlier attempt. */
async function readStage({ client, connection }: Temporal, workflowId: string): Promise<string | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await connection.withDeadline(Date.now() + STAGE_DEADLINE_MS, async () => {
      const { status } = await handle.describe();
      return status.name === 'RUNNING' ? await handle.query(stageQuery) : undefined;
    });
  } catch {
    return undefined; // not begun yet, or nobody answers: the run itself tells the rest
  }
}
