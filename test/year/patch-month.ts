import type { WorkflowHandle } from '@temporalio/client';
import { applyEdit } from '../../simulator/api/control/edits';
import { runWorkflowId } from '../../src/model/ids';
import type { PatchReport } from '../../src/model/patch-report';
import type { Report } from '../../src/model/report';
import { accompany } from './accompany';
import { requestOf, type Month } from './months';
import { HOUR, TASK_QUEUE, type SkippingLab } from './skipping-lab';

const INFRASTRUCTURE = 'year';

/** How often people look whether they are asked. */
const LOOK_MS = HOUR / 2;
/** How long the worker is away that leaves in the middle of a run. */
const AWAY_MS = 17 * 24 * HOUR;

/** What came of one time of the schedule. */
export interface MonthEnded {
  month: number;
  outcome: PatchReport['outcome'];
  /** Of the run, if one was started. */
  run?: RunEnded;
}

interface RunEnded {
  outcome: Report['outcome'];
  /** Kinds of gates that people approved, in their order. */
  approved: string[];
  /** Versions of base images. */
  removed: string[];
  /** Of hosts, which day each was begun, in the time of the server. */
  days: string[];
}

/** One month: somebody commits an image, the time of the schedule comes, and people answer what they are asked. */
export async function patchMonth(lab: SkippingLab, month: Month): Promise<MonthEnded> {
  await lab.sleepUntil(month.at - 48 * HOUR);
  await commitImage(lab, month);
  await lab.sleepUntil(month.at);
  const begunBefore = begun(lab).length;
  if (month.worker === 'leaves in the middle')
    lab.stopWorkerAt((activity) => activity === 'vtaReadWindow' && begun(lab).length > begunBefore);
  if (month.worker === 'misses the window') await lab.stopWorker();
  const patch = await startPatch(lab, month);
  if (month.worker === 'misses the window') {
    await lab.sleepWithoutWorker(month.at + 15 * HOUR, 1);
    await lab.startWorker({ leaves: true });
  }
  const { outcome, run } = await patch.result();
  if (run === undefined) return { month: month.number, outcome };
  const handle = lab.client.workflow.getHandle(runWorkflowId(INFRASTRUCTURE));
  const ended = await comeToItsEnd(lab, handle);
  const days = begun(lab).slice(begunBefore);
  return { month: month.number, outcome, run: { ...ended, days: [...new Set(days)] } };
}

/** As the schedule does: this server has none. */
async function startPatch({ client }: SkippingLab, month: Month) {
  return await client.workflow.start<(request: unknown) => Promise<PatchReport>>('patchTrustAuthority', {
    workflowId: `vta-patch:${INFRASTRUCTURE}-${new Date(month.at).toISOString()}`,
    taskQueue: TASK_QUEUE,
    args: [requestOf(month, INFRASTRUCTURE)],
  });
}

async function commitImage({ simulator: { world } }: SkippingLab, { baseImage, trustAuthority }: Month): Promise<void> {
  for (const vCenter of world.state.vCenters) {
    if (vCenter.role === 'trust-authority' && !trustAuthority) continue;
    for (const { name } of vCenter.clusters) {
      const author = 'somebody@vsphere.local';
      await applyEdit(world, { edit: 'set-desired-image', vCenter: vCenter.id, cluster: name, baseImage, author });
    }
  }
}

/** People look every half hour; a worker that left is missed for weeks. */
async function comeToItsEnd(lab: SkippingLab, run: WorkflowHandle): Promise<Omit<RunEnded, 'days'>> {
  const { report, approved } = await accompany(lab, run, {
    lookMs: LOOK_MS,
    // The parent of this run, which is the time of the schedule, has ended before it.
    closed: () => lab.forgetParent(),
    workerLeft: async () => {
      await lab.sleepWithoutWorker((await lab.now()) + AWAY_MS, 1);
      await lab.startWorker({ leaves: false });
    },
  });
  const { outcome, baseImageRemoval } = report;
  const removed = baseImageRemoval?.images.filter(({ detail }) => detail.startsWith('removed')) ?? [];
  return { outcome, approved, removed: removed.map(({ version }) => version) };
}

/** Days on which hosts were begun, in UTC. */
function begun({ simulator }: SkippingLab): string[] {
  const events = simulator.world.events.all().filter(({ what }) => what === 'maintenance-mode-entering');
  return events.map(({ time }) => time.slice(0, 10));
}
