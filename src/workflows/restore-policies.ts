import type { PlannedCluster } from '../model/plan';
import { applyPolicyChangeId } from '../model/ledger';
import { describeFailure, isStepFailure } from './failures';
import { clusterStep } from './prepare-cluster';
import { settleLater } from './ledger-entry';
import { reads } from './proxies';
import type { Run } from './run';
import type { PolicyUndo } from './run-state';

/** Undoes the temporary changes of a run that went well; when that fails, people are asked like for any step. */
export async function restoreAsSteps(run: Run): Promise<void> {
  for (const undo of run.state.undo) {
    const cluster = run.plan.clusters[undo.cluster];
    if (cluster === undefined) continue;
    await run.once(clusterStep(run, 'restore', cluster), async () => {
      await restorePolicy(run, undo, cluster);
      return 'apply policy';
    });
  }
}

async function restorePolicy(run: Run, { policy }: PolicyUndo, cluster: PlannedCluster): Promise<void> {
  const { pace } = run.plan;
  run.say(`Restoring the apply policy of ${cluster.name}.`);
  await reads(pace, `${cluster.name}: restore apply policy`).vtaEnsureApplyPolicy({
    ...run.ref,
    cluster,
    pace,
    policy,
  });
  settleLater(run, applyPolicyChangeId(cluster));
  run.state.restored.push({ what: clusterStep(run, 'apply policy', cluster), restored: true });
}

/** Undoes what is left of the temporary changes, however the run ended (R14). What cannot be undone is told. */
export async function restoreWhatIsLeft(run: Run): Promise<void> {
  const { state } = run;
  for (const undo of state.undo) {
    const cluster = run.plan.clusters[undo.cluster];
    const what = cluster === undefined ? '' : clusterStep(run, 'apply policy', cluster);
    if (cluster === undefined || state.restored.some((done) => done.what === what)) continue;
    try {
      await restorePolicy(run, undo, cluster);
      run.audit('restored', what);
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      const detail = `apply policy of ${cluster.name} is NOT as it was: ${describeFailure(error).message}`;
      state.restored.push({ what, restored: false, detail });
      run.audit('not restored', what, detail);
    }
  }
  for (const { kind, id, runId, subject } of state.ledger.open)
    if (kind === 'draft' && runId === state.runId && !state.ledger.over.includes(id))
      run.warn(
        `A draft of the desired image of ${subject.name} may be left at ${subject.vCenter}. The ledger keeps it; the plan of the next run says what becomes of it.`,
      );
}
