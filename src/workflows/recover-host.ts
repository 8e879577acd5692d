import type { HostRemovedChange } from '../model/ledger';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import type { Recovery, RecoveryLook } from '../model/recovery';
import { fail } from './failures';
import { HostRecovery, lookAt } from './host-recovery';
import { whyNeverTrusted, whyNotTrusted } from './recover-trusted-host';
import type { Recover, Run } from './run';

/**
 * Brings a failed host back by the documented sequence (R20-R24): remove, revert, re-add, verify. A Trusted Host only where
 * the request allows it, and with parts of its own (`recover-trusted-host.ts`). Every part is idempotent, parks when it
 * cannot succeed, and is kept in the carried state: a run that is interrupted anywhere goes on with the part that it was
 * at. Other hosts are not touched, and the run never goes on by itself after it.
 */
export function recoverHost(run: Run, host: PlannedHost, cluster: PlannedCluster): Recover {
  return {
    refusal: async () =>
      whyNeverTrusted(run, host) ?? whyNotRecover(run, host, cluster, await lookAt(run, host, cluster)),
    bringBack: async (problem) =>
      `${await new HostRecovery(run, recoveryOf(run, host, cluster, problem)).bringBack()} ${WHAT_NEXT}`,
  };
}

/**
 * Finishes a recovery that an earlier run began and was interrupted in, from where the host is now. The ledger knows that
 * its removal was approved and about to begin, and nothing of what came after: that is looked at.
 */
export async function finishRecovery(run: Run, { before, runId }: HostRemovedChange): Promise<string> {
  const { recoveries } = run.state;
  const { uuid } = before.host;
  const recovery = (recoveries[uuid] ??= { ...before, done: [...before.done], runId });
  const end = await new HostRecovery(run, recovery).finish();
  // The plan that is made now knows the host as it is.
  delete recoveries[uuid];
  return end;
}

function whyNotRecover(run: Run, host: PlannedHost, cluster: PlannedCluster, look: RecoveryLook): string | undefined {
  const { name, role, uuid } = host;
  if (run.state.baselines[uuid] === undefined)
    return run.state.recoveries[uuid] === undefined
      ? `the run has not touched ${name}`
      : `nothing was done to ${name} since its last recovery`;
  if (!run.plan.recovery.esxiAccount)
    return `no account for ESXi hosts is configured, so ${name} could not be added again`;
  if (run.state.backup === undefined) return 'there is no backup of the vTA configuration';
  if (role === 'trusted') return whyNotTrusted(host, cluster, look);
  // One that is out of the inventory takes nothing more away: it is added again all the more.
  if (look.servingPeers < 1 && look.connection !== 'absent')
    return `no other Trust Authority Host serves; ${name} must not be removed`;
  return undefined;
}

/** The recovery under way, or a new one for this failure. */
function recoveryOf(run: Run, host: PlannedHost, cluster: PlannedCluster, problem: string): Recovery {
  const { state } = run;
  const attempt = state.attempts[`host:${host.name}`] ?? 1;
  const known = state.recoveries[host.uuid];
  if (known?.attempt === attempt) return known;
  const baseline = state.baselines[host.uuid];
  if (baseline === undefined || state.backup === undefined)
    throw fail(
      'VTA_ACTION_NOT_OFFERED',
      `${host.name} cannot be brought back: nothing was recorded before it was touched.`,
    );
  const { version, build, bootTime, imageSha256 } = baseline;
  const recovery: Recovery = {
    host: run.asAdded(host),
    cluster,
    previous: {
      version,
      build,
      ...(bootTime === undefined ? {} : { bootTime }),
      ...(imageSha256 === undefined ? {} : { imageSha256 }),
    },
    backup: state.backup,
    attempt,
    problem,
    done: [],
  };
  state.recoveries[host.uuid] = recovery;
  return recovery;
}

const WHAT_NEXT =
  'It was not upgraded. Decide "retry" to upgrade it again, "skip" to leave it on its old version, or "abort".';
