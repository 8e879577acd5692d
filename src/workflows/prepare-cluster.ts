import { patched } from '@temporalio/workflow';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import { recordApplyPolicy, recordDraft, settleDraft } from './ledger-entry';
import { reads } from './proxies';
import type { Run } from './run';

/** Whether a host of a plan is one of this cluster of it. */
export function inCluster(host: PlannedHost, cluster: PlannedCluster): boolean {
  return host.cluster === cluster.name && host.vCenter === cluster.vCenter;
}

/** Id of a step on a cluster, by which people name it; clusters of two vCenters may bear the same name. */
export function clusterStep(run: Run, kind: string, { name, vCenter }: PlannedCluster): string {
  const alone = run.plan.clusters.filter((cluster) => cluster.name === name).length === 1;
  return alone ? `${kind}:${name}` : `${kind}:${name}@${vCenter}`;
}

/** Quick Boot and Quick Patch are off, and the desired image is the approved one, before a host of the cluster is begun. */
export async function prepareCluster(run: Run, cluster: PlannedCluster): Promise<void> {
  const { pace } = run.plan;
  await run.once(clusterStep(run, 'quick-boot', cluster), async () => {
    const off = keepsQuickBoot(run, cluster) ? 'Quick Patch' : 'Quick Boot and Quick Patch';
    run.say(`Switching ${off} off in ${cluster.name} while the run lasts.`);
    const { clusters } = run.plan;
    const index = clusters.indexOf(cluster);
    if (!run.state.undo.some((undo) => undo.cluster === index)) {
      const policy = await reads(pace, `${cluster.name}: read apply policy`).vtaReadApplyPolicy(
        atCluster(run, cluster),
      );
      run.state.undo.push({ cluster: index, policy });
    }
    const undo = run.state.undo.find((one) => one.cluster === index);
    if (undo !== undefined) await recordApplyPolicy(run, cluster, undo.policy);
    await quickBootOff(run, cluster);
    return undefined;
  });
  await run.once(clusterStep(run, 'desired-image', cluster), async () => {
    run.say(`Making sure of the desired image of ${cluster.name}.`);
    await ensureDesiredImage(run, cluster, cluster.commitImage);
    return cluster.image.baseImage;
  });
}

/** What a reference host exports must be what it booted fully (R16), so there Quick Boot is off whatever the policy is. */
export function keepsQuickBoot({ plan }: Run, { role }: Pick<PlannedCluster, 'role'>): boolean {
  return plan.quickBoot === 'keep' && role !== 'reference';
}

/** @returns whether Quick Boot was on until now; a worker of an older version does not tell */
export async function quickBootOff(run: Run, cluster: PlannedCluster): Promise<boolean> {
  const { pace } = run.plan;
  const found = await reads(pace, `${cluster.name}: Quick Boot off`).vtaEnsureQuickBootOff({
    ...atCluster(run, cluster),
    ...(keepsQuickBoot(run, cluster) ? { quickBoot: 'keep' as const } : {}),
  });
  return (found as typeof found | null | undefined)?.wasOn !== false;
}

/** @param mayCommit false: look only; what somebody else committed meanwhile is never overwritten (N10) */
export async function ensureDesiredImage(run: Run, cluster: PlannedCluster, mayCommit: boolean): Promise<void> {
  const { pace } = run.plan;
  if (mayCommit && patched('vta-draft-in-ledger')) await recordDraft(run, cluster);
  const ensure = run.longWork(pace.desiredImage, `${cluster.name}: desired image`);
  const { commit, draftLeft } = await ensure.vtaEnsureDesiredImage({
    ...atCluster(run, cluster),
    mayCommit,
    runId: run.state.runId,
  });
  if (mayCommit && draftLeft !== true) settleDraft(run, cluster);
  run.state.commits[run.key(cluster)] = commit;
}

/** What activities of a cluster take. */
export function atCluster(run: Run, cluster: PlannedCluster) {
  return { ...run.ref, cluster, pace: run.plan.pace };
}
