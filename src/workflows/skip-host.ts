import type { PlannedHost } from '../model/plan';
import type { HostStanding } from '../model/work';
import { describeFailure, fail, isStepFailure } from './failures';
import { settleMaintenanceMode, writeWhatWaits } from './ledger-entry';
import { looks } from './proxies';
import type { Run, Skip } from './run';

/**
 * Leaving a host out (R8, R9, M11): only as long as the run has not changed it and it is healthy on its old version, since
 * the next host is begun beside it. Never past attestation (R26), never below two serving Trust Authority Hosts (N8), never
 * one that is out of service while others follow (R10).
 * @param following names of the hosts that come after it in its phase
 */
export function skipHost(run: Run, host: PlannedHost, following: string[]): Skip {
  return {
    refusal: async () => {
      const standing = await standingOf(run, host);
      if (settleIfLetGo(run, host, standing)) await writeWhatWaits(run);
      return whyNotSkip(host, following, standing);
    },
    leave: async () => {
      const left = await leaveHost(run, host);
      const refusal = whyNotSkip(host, following, left);
      if (refusal !== undefined) throw fail('VTA_ACTION_NOT_OFFERED', `${host.name} cannot be skipped: ${refusal}.`);
      settleIfLetGo(run, host, left);
      return `left on ${describeLook(left)}`;
    },
  };
}

/** Nothing works on a host of ours that is out of maintenance mode: the ledger need not remember it. */
function settleIfLetGo(run: Run, host: PlannedHost, { look, atWork }: HostStanding): boolean {
  if (look.inMaintenanceMode || look.connection !== 'connected' || atWork !== undefined) return false;
  settleMaintenanceMode(run, host);
  return true;
}

/** Why a host that stands so may not be skipped; undefined when no rule is broken. */
export function whyNotSkip(
  { name, role, foundInMaintenanceMode, leftInMaintenanceMode }: PlannedHost,
  following: string[],
  standing: HostStanding,
): string | undefined {
  const { look, untouched, trouble, atWork, servingPeers } = standing;
  if (atWork !== undefined) return `${atWork}`;
  if (!untouched) return `${name} is not as it was before the run: ${describeLook(standing)}`;
  if (trouble.length > 0) return `${name} is not healthy on its old version: ${trouble.join(', ')}`;
  const stays = foundInMaintenanceMode || leftInMaintenanceMode === 'changed';
  if (stays && look.inMaintenanceMode && following.length > 0)
    return `${name} was found in maintenance mode and ${following.join(', ')} would leave service beside it`;
  if (role === 'trust-authority' && servingPeers < 1)
    return `${name} and the Trust Authority Hosts beside it are fewer than two that serve`;
  return undefined;
}

/** What is true of a host that is not healthy on its old version; undefined when it is (R8). */
export async function whyNotHealthy(run: Run, host: PlannedHost): Promise<string | undefined> {
  const { look, trouble } = await standingOf(run, host);
  const reasons = [...trouble];
  if (look.build !== host.from.build) reasons.push(`it runs build ${look.build} instead of ${host.from.build}`);
  if (look.inMaintenanceMode && !host.foundInMaintenanceMode) reasons.push('it is in maintenance mode');
  return reasons.length === 0 ? undefined : `${host.name}: ${reasons.join(', ')}`;
}

/**
 * Takes a host out of maintenance mode if the run put it there and has not changed it: nothing of the run leaves a host
 * cordoned. Returns how it stands then.
 */
async function leaveHost(run: Run, host: PlannedHost): Promise<HostStanding> {
  const standing = await standingOf(run, host);
  const ours = run.state.baselines[host.uuid]?.inMaintenanceMode === false;
  if (!ours || !standing.untouched || !standing.look.inMaintenanceMode || standing.atWork !== undefined)
    return standing;
  const { pace } = run.plan;
  run.say(`Taking ${host.name} out of maintenance mode: it was not changed.`);
  await run.longWork(pace.maintenanceMode, `${host.name}: leave maintenance mode`).vtaEnsureMaintenanceMode({
    ...run.ref,
    host: run.asAdded(host),
    pace,
    inMaintenanceMode: false,
  });
  run.audit('left maintenance mode', host.name, 'it was not changed');
  return await standingOf(run, host);
}

/** Before a run ends with a host begun and not done: leaves it in order where that is possible, and says what is true. */
export async function closeHost(run: Run, host: PlannedHost): Promise<string> {
  try {
    const standing = await leaveHost(run, host);
    settleIfLetGo(run, host, standing);
    const work = standing.atWork === undefined ? '' : `; ${standing.atWork}`;
    return `Now it is on ${describeLook(standing)}${work}.`;
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    return `What is true of it now could not be read: ${describeFailure(error).message}`;
  }
}

async function standingOf(run: Run, host: PlannedHost): Promise<HostStanding> {
  const { pace } = run.plan;
  const baseline = run.state.baselines[host.uuid];
  return await looks(pace, `${host.name}: how does it stand?`).vtaReadHostStanding({
    ...run.ref,
    host: run.asAdded(host),
    pace,
    ...(baseline === undefined ? {} : { baseline }),
  });
}

function describeLook({ look }: HostStanding): string {
  const mode = look.inMaintenanceMode ? 'in maintenance mode' : 'not in maintenance mode';
  return `${look.version} build ${look.build}, ${look.connection}, ${mode}`;
}
