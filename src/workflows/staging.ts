import { isCancellation } from '@temporalio/workflow';
import type { Pace } from '../model/pace';
import type { PlannedCluster, PlannedHost, PlannedVCenter } from '../model/plan';
import { describeFailure, isStepFailure } from './failures';
import type { Run } from './run';

/*
 * What can be put in place before the maintenance window, so that the window is spent on installing (M3). It changes
 * nothing that runs. What cannot be staged is a warning: it is done inside of the window then.
 */

/** Shorter than that it is not begun: the window opens. */
const SHORTEST_MS = 1_000;

/** @param until milliseconds since 1970: it does not go on after that */
export async function stageVCenters(run: Run, vCenters: PlannedVCenter[], until: number): Promise<void> {
  for (const vCenter of vCenters) {
    const { name, to } = vCenter;
    const step = `vcenter:${name}`;
    if (run.state.steps[step] !== undefined) continue;
    await stageOnce(
      run,
      { subject: step, what: `${to} on ${name}` },
      async () => {
        const pace = { ...run.plan.pace, vCenterStage: within(run.plan.pace.vCenterStage, until) };
        await run.longWork(pace.vCenterStage, `${name}: stage ${to}`).vtaEnsureVCenterStaged({
          ...run.ref,
          vCenter,
          pace,
        });
        return { staged: [name], notStaged: [] };
      },
      until,
    );
  }
}

/**
 * @param subject id of this staging, by which it is remembered and recorded
 * @param hosts that are to be upgraded; none: nothing is done
 * @param until milliseconds since 1970: it does not go on after that
 */
export async function stageHosts(
  run: Run,
  subject: string,
  cluster: PlannedCluster,
  hosts: PlannedHost[],
  until: number,
): Promise<void> {
  const commit = run.state.commits[run.key(cluster)];
  if (hosts.length === 0 || commit === undefined) return;
  const { name, image } = cluster;
  await stageOnce(
    run,
    { subject, what: `${image.baseImage} on ${hosts.length} hosts of ${name}` },
    async () => {
      const pace: Pace = { ...run.plan.pace, imageStage: within(run.plan.pace.imageStage, until) };
      return await run.longWork(pace.imageStage, `${name}: stage ${image.baseImage}`).vtaEnsureHostsStaged({
        ...run.ref,
        cluster,
        hosts: hosts.map((host) => run.asAdded(host)),
        commit,
        pace,
      });
    },
    until,
  );
}

function within<W extends { deadlineMs: number }>(wait: W, until: number): W {
  return { ...wait, deadlineMs: Math.max(Math.min(wait.deadlineMs, until - Date.now()), SHORTEST_MS) };
}

interface Staged {
  /** Names. */
  staged: string[];
  notStaged: { name: string; why: string }[];
}

/** Once in a run; given up when the window opens, somebody steers the run, or an approver lets the step begin now. */
async function stageOnce(
  run: Run,
  { subject, what }: { subject: string; what: string },
  work: () => Promise<Staged>,
  until: number,
): Promise<void> {
  const { state } = run;
  const begunNow = () => state.window?.now !== undefined;
  while (state.staged?.[subject] === undefined) {
    await run.betweenParts();
    if (begunNow() || until - Date.now() < SHORTEST_MS) return;
    run.say(`${state.window?.why ?? ''} Meanwhile it stages ${what}, which changes nothing that runs.`);
    let found: Staged | undefined;
    try {
      found = await run.unlessSteered(work, begunNow);
    } catch (error) {
      if (isCancellation(error)) continue; // given up, and no longer a reason to
      if (!isStepFailure(error)) throw error;
      found = { staged: [], notStaged: [{ name: what, why: describeFailure(error).message }] };
    }
    if (found === undefined) continue;
    (state.staged ??= {})[subject] = found.staged;
    if (found.staged.length > 0) run.audit('staged', subject, found.staged.join(', '));
    for (const why of new Set(found.notStaged.map((one) => one.why))) {
      const names = found.notStaged.flatMap((one) => (one.why === why ? [one.name] : [])).join(', ');
      run.warn(`Not staged before the maintenance window, so that it is done inside of it: ${names}: ${why}`);
      run.audit('not staged', subject, `${names}: ${why}`);
    }
  }
}
