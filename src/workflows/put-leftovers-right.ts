import type { Leftover, LeftoverAction, Plan, PlannedHost } from '../model/plan';
import type { ApplyPolicyChange, DraftChange } from '../model/ledger';
import { bringsBackFirst } from '../planner/leftovers';
import { settleLater, writeWhatWaits } from './ledger-entry';
import { reads } from './proxies';
import { finishRecovery } from './recover-host';
import { describeRecovery } from './recovery-words';
import type { Run, Skip } from './run';
import { RunEnds } from './waiting';

/** What is done about leftovers by itself once the plan is approved. */
const DONE_FIRST: readonly LeftoverAction[] = ['restore', 'take out', 'discard', 'bring back', 'forget'];

/** True when a plan that upgrades nothing has something to do all the same. */
export function leavesWork({ leftovers }: Plan): boolean {
  return leftovers.some(({ action }) => DONE_FIRST.includes(action));
}

/** Takes over what the ledger holds of earlier runs, and strikes off at once what is in order by now. */
export async function takeOverLeftovers(run: Run): Promise<void> {
  const { leftovers } = run.plan;
  run.state.ledger.open = leftovers.map(({ change }) => change);
  for (const { change, sentence } of leftovers.filter(({ action }) => action === 'settle')) {
    settleLater(run, change.id);
    run.audit('settled', change.id, sentence);
  }
  await writeWhatWaits(run);
}

/**
 * Undoes what earlier runs left behind and this one does not come to by itself (R14), each as a step of its own, after
 * the plan that names it was approved. What this run restores at its end is remembered for that, with its oldest value.
 */
export async function putLeftoversRight(run: Run): Promise<void> {
  const { plan, state } = run;
  if (bringsBackFirst(plan.leftovers)) {
    await bringBack(run);
    return;
  }
  for (const { action, change } of plan.leftovers) {
    if (action !== 'restore after' || change.kind !== 'apply-policy') continue;
    const { id, vCenter } = change.subject;
    const index = plan.clusters.findIndex((cluster) => cluster.id === id && cluster.vCenter === vCenter);
    if (index < 0 || state.undo.some((undo) => undo.cluster === index)) continue;
    state.undo.push({ cluster: index, policy: change.before });
  }
  for (const leftover of plan.leftovers.filter(({ action }) => DONE_FIRST.includes(action))) {
    const step = `leftover:${leftover.change.id}`;
    await run.once(step, () => putRight(run, leftover), { skip: leaveAsItIs() });
    if (state.steps[step]?.state === 'done') settleLater(run, leftover.change.id);
  }
  await writeWhatWaits(run);
}

/** Hosts that an earlier run was bringing back, and nothing else: what is left then is planned anew. */
async function bringBack(run: Run): Promise<void> {
  for (const { action, change } of run.plan.leftovers) {
    if (action !== 'bring back' || change.kind !== 'host-removed') continue;
    const step = `leftover:${change.id}`;
    try {
      await run.once(step, () => finishRecovery(run, change));
    } catch (error) {
      if (error instanceof RunEnds) {
        const where = describeRecovery(run, change.before.host);
        run.warn(`${change.subject.name} is not brought back. ${where ?? ''} The ledger keeps it.`);
      }
      throw error;
    }
    run.state.restored.push({ what: `removed host:${change.subject.name}`, restored: true });
    delete run.state.steps[step];
  }
  run.state.planAnew = true;
  await writeWhatWaits(run);
}

async function putRight(run: Run, { action, change, host, sentence }: Leftover): Promise<string> {
  if (action === 'restore' && change.kind === 'apply-policy') return await restore(run, change);
  if (action === 'take out' && host !== undefined) return await takeOut(run, host);
  if (action === 'discard' && change.kind === 'draft') return await discard(run, change);
  return `struck off: ${sentence}`;
}

async function restore(run: Run, { subject, before }: ApplyPolicyChange): Promise<string> {
  const { pace } = run.plan;
  run.say(`Restoring the apply policy of ${subject.name}, which an earlier run left changed.`);
  const at = { ...run.ref, cluster: subject, pace };
  await reads(pace, `${subject.name}: restore apply policy`).vtaEnsureApplyPolicy({ ...at, policy: before });
  run.state.restored.push({ what: `apply policy:${subject.name}@${subject.vCenter}`, restored: true });
  return 'the apply policy is as it was';
}

async function discard(run: Run, { subject }: DraftChange): Promise<string> {
  const { pace } = run.plan;
  run.say(`Discarding the draft of the desired image of ${subject.name}, which an earlier run left.`);
  await reads(pace, `${subject.name}: discard draft`).vtaEnsureDraftDiscarded({ ...run.ref, cluster: subject, pace });
  run.state.restored.push({ what: `draft:${subject.name}@${subject.vCenter}`, restored: true });
  return 'the draft is discarded';
}

/** A Trusted Host leaves maintenance mode only when it attests (R26), a Trust Authority Host when its services run. */
async function takeOut(run: Run, host: PlannedHost): Promise<string> {
  const { pace } = run.plan;
  run.say(`Taking ${host.name} out of maintenance mode, in which an earlier run left it.`);
  const at = { ...run.ref, host, pace };
  if (host.role === 'trusted') {
    const { bootTime, vCenterTime } = await reads(pace, `${host.name}: read`).vtaReadHost(at);
    const { deadlineMs } = pace.firstAttestation;
    const attested = run.longWork(pace.firstAttestation, `${host.name}: attested?`);
    await attested.vtaWaitAttested({ ...at, notBefore: bootTime ?? vCenterTime, deadlineMs, failAtDeadline: true });
  } else if (host.role === 'trust-authority')
    await run.longWork(pace.services, `${host.name}: services`).vtaWaitTrustAuthorityServices(at);
  const leaving = run.longWork(pace.maintenanceMode, `${host.name}: leave maintenance mode`);
  await leaving.vtaEnsureMaintenanceMode({ ...at, inMaintenanceMode: false });
  run.state.restored.push({ what: `maintenance mode:${host.name}`, restored: true });
  return 'out of maintenance mode';
}

/** Nothing else of the run depends on it, so it may be left; the ledger keeps it. */
function leaveAsItIs(): Skip {
  return {
    refusal: () => Promise.resolve(undefined),
    leave: () => Promise.resolve('left as it is; the ledger keeps it'),
  };
}
