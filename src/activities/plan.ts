import { getClient, activityInfo } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Activities } from './activities';
import { hostWorkflowId, vCenterWorkflowId } from '../model/ids';
import type { InputProblem } from '../model/input-problem';
import { scalePace } from '../model/pace';
import type { UpgradeRequest } from '../model/request';
import { checkRequest } from '../model/request.schema';
import { planDigestSubject } from '../planner/canonical';
import { planUpgrade } from '../planner/plan';
import { sha256 } from './archive';
import { vCenterName } from './connections';
import type { FindSite, Site } from './dependencies';
import { readInventory } from './inventory';
import { findMissingPrivileges } from './privileges';
import { refuse } from './to-failure';
import { callOptions, waitUntil } from './wait';

/** Planning: the request is checked, the infrastructure read, the pure planner asked, its answer digested. */
export function createPlanActivities(findSite: FindSite): Pick<Activities, 'vtaReadPlan' | 'vtaWaitOpenChildren'> {
  return {
    async vtaReadPlan({ request }) {
      const checked = checkRequest(request);
      if (checked.kind === 'invalid') throw invalidRequest(checked.problems);
      const site = findSite({ infrastructure: checked.value.infrastructure });
      return await plan(site, checked.value);
    },

    async vtaWaitOpenChildren({ infrastructure, workflowIds }) {
      const site = findSite({ infrastructure });
      const pace = scalePace(site.infrastructure.paceScale);
      await waitUntil({
        what: 'The work of an earlier run ending',
        code: 'VTA_STRANGER_AT_WORK',
        pace,
        deadlineMs: pace.openChild.deadlineMs,
        remedy: 'Nothing was changed by this run. Look at those workflows, then start again.',
        async look() {
          const open = await openOf(workflowIds);
          return open.length === 0 ? { done: true } : { pending: `still at work: ${open.join(', ')}` };
        },
      });
    },
  };
}

/** A request that is not valid: every fault at once, each with its field. */
export function invalidRequest(problems: InputProblem[]) {
  return refuse(
    'VTA_REQUEST_INVALID',
    `The request is not valid. ${problems.map((p) => `${p.path}: ${p.message}`).join(' | ')}`,
    problems,
  );
}

async function plan(site: Site, request: UpgradeRequest) {
  site.connections.forgetClusterIds();
  const lacking = await findMissingPrivileges(site, scalePace(site.infrastructure.paceScale));
  if (lacking.length > 0) return { kind: 'refused' as const, refusals: lacking, openChildren: [] };
  const openChildren = await openOf(await childIds(site));
  const inventory = await readInventory(site, request, openChildren);
  const result = planUpgrade(request, inventory);
  if (result.kind === 'refused') return { ...result, openChildren };
  return { kind: 'plan' as const, plan: result.plan, digest: sha256(planDigestSubject(result.plan)), openChildren };
}

/** Ids of every child that could be open: they are described one by one, since visibility lags behind. */
export async function childIds(site: Site): Promise<string[]> {
  const { infrastructure } = site;
  const ids: string[] = [];
  const clusters = [infrastructure.trustAuthority, ...infrastructure.trusted].map((part) => ({
    vCenter: vCenterName(part.vCenter),
    clusters: 'cluster' in part ? [part.cluster] : [...part.clusters, ...(part.referenceClusters ?? [])],
  }));
  for (const { vCenter: name, clusters: names } of clusters) {
    ids.push(vCenterWorkflowId(infrastructure.name, name));
    const vCenter = await site.connections.vCenter(name);
    const options = callOptions(scalePace(infrastructure.paceScale));
    for (const cluster of names) {
      const id = await site.connections.clusterId(name, cluster);
      const hosts = await vCenter.inventory.hosts({ clusters: [id] }, options);
      ids.push(...hosts.map((host) => hostWorkflowId(infrastructure.name, host.name)));
    }
  }
  return ids;
}

/** Which of these workflows are open and do not belong to the run that asks. */
export async function openOf(workflowIds: string[]): Promise<string[]> {
  const client = getClient();
  const open: string[] = [];
  for (const id of workflowIds) {
    if (id === activityInfo().workflowExecution?.workflowId) continue;
    try {
      const { status } = await client.workflow.getHandle(id).describe();
      if (status.name === 'RUNNING') open.push(id);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return open;
}
