import type { Inventory } from '../model/inventory';
import { runWorkflowId } from '../model/ids';
import { scalePace } from '../model/pace';
import type { PatchesRead } from '../model/patch-report';
import type { PatchRequest } from '../model/patch-request';
import { checkPatchRequest } from '../model/patch-request.schema';
import type { UpgradeRequest } from '../model/request';
import { checkRequest } from '../model/request.schema';
import { missedOpening } from '../planner/missed-opening';
import { patchRun, pendingHosts, pendingRemovals, pendingUpdates } from '../planner/pending-patches';
import { planUpgrade } from '../planner/plan';
import type { Activities } from './activities';
import type { FindSite, Site } from './dependencies';
import { readInventory } from './inventory';
import { childIds, invalidRequest, openOf } from './plan';
import { findMissingPrivileges } from './privileges';

/** Finds out what is pending that a patch run may take, and plans the run that would take it. */
export function createPatchActivities(findSite: FindSite): Pick<Activities, 'vtaReadPatches'> {
  return {
    async vtaReadPatches({ request, startedAt }) {
      const checked = checkPatchRequest(request);
      if (checked.kind === 'invalid') throw invalidRequest(checked.problems);
      const { value } = checked;
      const site = findSite({ infrastructure: value.infrastructure });
      return { infrastructure: value.infrastructure, ...(await readPatches(site, value, startedAt)) };
    },
  };
}

type Found = PatchesRead extends infer Each ? (Each extends PatchesRead ? Omit<Each, 'infrastructure'> : never) : never;

async function readPatches(site: Site, request: PatchRequest, startedAt: string): Promise<Found> {
  const missed = request.window && missedOpening(request.window, Date.parse(startedAt), site.now());
  if (missed !== undefined) return { kind: 'missed', ...missed };
  // What a run has in work would look like trouble, or like nothing to do.
  const [open] = await openOf([runWorkflowId(request.infrastructure)]);
  if (open !== undefined) return { kind: 'a run is open' };
  site.connections.forgetClusterIds();
  const lacking = await findMissingPrivileges(site, scalePace(site.infrastructure.paceScale));
  if (lacking.length > 0) return { kind: 'refused', refusals: lacking };
  const inventory = await readInventory(site, request, await openOf(await childIds(site)));
  const updates = pendingUpdates(request, inventory);
  const written = patchRun(request, updates.target);
  const run = checkRequest(written);
  if (run.kind === 'invalid') throw invalidRequest(run.problems);
  const hosts = pendingHosts(request, run.value, inventory);
  const images = pendingRemovals(run.value, inventory);
  const [pending, why] = [
    [...updates.pending, ...hosts.pending, ...images.pending],
    [...updates.why, ...hosts.why, ...images.why],
  ];
  if (pending.length === 0) return { kind: 'nothing to do', why: [...why, ...leftBehind(inventory)] };
  return planned(run.value, inventory, { kind: 'pending', why: [...pending, ...why], request: written });
}

/** The run plans anew; that it would be refused is better said here than by a run that fails at once. */
function planned(run: UpgradeRequest, inventory: Inventory, pending: Found): Found {
  const result = planUpgrade(run, inventory);
  return result.kind === 'refused' ? result : pending;
}

function leftBehind({ infrastructure, leftBehind: left }: Inventory): string[] {
  if (left.length === 0) return [];
  return [
    `an earlier run left something changed (vta-upgrade ledger ${infrastructure}): a run that people start puts it right`,
  ];
}
