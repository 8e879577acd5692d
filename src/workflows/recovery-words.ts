import { hostChangeId } from '../model/ledger';
import type { PlannedHost } from '../model/plan';
import type { Recovery, RecoveryLook } from '../model/recovery';
import { fail } from './failures';
import { trustedFacts } from './recover-trusted-host';
import type { Run } from './run';

/** What people are told of a recovery. Each sentence is true whatever this recovery, or an earlier one, has done already. */

/** How its vCenter has a host. */
export function describeLook(look: RecoveryLook): string {
  if (look.connection === 'absent') return 'in no inventory of its vCenter';
  const build = look.build === undefined ? 'on an unknown build' : `on ${look.version ?? ''} build ${look.build}`;
  return `${look.connection}, ${build}, ${look.inMaintenanceMode ? '' : 'not '}in maintenance mode`;
}

/** What is asked before a host is removed, or added again where it is out of the inventory already. */
export function recoveryQuestion({ host, cluster }: Recovery, { connection }: RecoveryLook): string {
  return connection === 'absent'
    ? `${host.name} is in no inventory of its vCenter. May it be reverted, added to ${cluster.name} again and verified?`
    : `May ${host.name} be removed from ${cluster.name}, reverted, added again and verified?`;
}

export function recoveryFacts(recovery: Recovery, look: RecoveryLook): string[] {
  const { host, problem, previous, evidence, backup } = recovery;
  const trusted = host.role === 'trusted';
  return [
    `failed with: ${problem}`,
    `now: ${describeLook(look)}`,
    ...look.trouble.map((line) => `trouble: ${line}`),
    `before the run: ${previous.version} build ${previous.build}`,
    ...(evidence === undefined
      ? ['evidence: none could be collected']
      : [`evidence: ${evidence.path}`, ...evidence.missing.map((line) => `evidence lacks: ${line}`)]),
    ...(trusted
      ? trustedFacts(recovery, look)
      : [
          `steps: ${look.connection === 'absent' ? '' : `remove ${host.name} from the inventory; `}revert ESXi; prove it by the host itself; add it again; restore the vTA configuration from ${backup.path}; verify`,
          `other Trust Authority Hosts that serve: ${look.servingPeers}`,
        ]),
    ...look.losses.map((line) => `removal loses: ${line}`),
    // What lives on the Trust Authority Hosts is no matter of a Trusted Host.
    ...(trusted ? [] : backup.notRestorable.map(({ what, why }) => `cannot be restored: ${what}: ${why}`)),
  ];
}

/** People said no. Not a failure of a part: they decide about the host again, with all that is offered then. */
export function rejected({ name }: PlannedHost, by: readonly string[], look: RecoveryLook): Error {
  return fail(
    'VTA_RECOVERY_REJECTED',
    `${by.join(', ')} rejected the recovery of ${name}. It was left as it is: ${describeLook(look)}.`,
  );
}

/** As with a rejection, people decide about the host again. */
export function notRemoved({ name }: PlannedHost, refusal: string, look: RecoveryLook): Error {
  return fail(
    'VTA_HOST_NOT_REMOVED',
    `${name} was not removed: ${refusal}. It was left as it is: ${describeLook(look)}. Remove the cause, then decide "retry".`,
  );
}

/** @param service whether it is in service now, for people */
export function recoveryEnd({ host, cluster, previous, ...recovery }: Recovery, service: string): string {
  const version = `${previous.version} build ${previous.build}`;
  const trusted = host.role === 'trusted';
  const by = { itself: 'by itself', operator: 'by a person', hook: "by the site's hook" }[
    recovery.revertedBy ?? 'itself'
  ];
  const how =
    recovery.neverRemoved === true
      ? `${host.name} was not removed: it was back on ${version} by itself, and was verified`
      : `${host.name} was removed, reverted ${by} to ${version}, added again and verified`;
  const proof = trusted
    ? `it is attested, has the trust configuration of ${cluster.name}, and is ${service}`
    : `it is consistent with the other Trust Authority Hosts and ${service}`;
  const unseen =
    recovery.attestationUnseen === undefined
      ? ''
      : ` NOT seen yet: an attestation of a Trusted Host through it (${recovery.attestationUnseen}); look for one before you go on.`;
  return `${how}: ${proof}.${unseen}`;
}

/** @param service whether it is in service now, for people */
export function cameBack({ host, cluster, previous }: Recovery, service: string): string {
  const state =
    host.role === 'trusted'
      ? `attested, with the trust configuration of ${cluster.name}`
      : 'with a consistent configuration';
  return `${host.name} is back on ${previous.version} build ${previous.build} by itself, ${state}, ${service}; it was not removed.`;
}

/**
 * Where a recovery stands that was begun and has not ended, for whoever ends the run in the middle of it; undefined when
 * nothing of it was begun that changes the host.
 */
export function describeRecovery({ state }: Run, host: PlannedHost): string | undefined {
  const recovery = state.recoveries[host.uuid];
  const id = hostChangeId('host-removed', host.uuid);
  const isOpen = state.ledger.open.some((change) => change.id === id) && !state.ledger.over.includes(id);
  if (recovery === undefined || !isOpen || recovery.done.includes('verification')) return undefined;
  return `Its recovery was interrupted${after(recovery)}; ${whereabouts(recovery)}.`;
}

function after({ done }: Recovery): string {
  return done.length === 0 ? '' : ` after: ${done.join(', ')}`;
}

function whereabouts({ done, cluster, removedAt, newId, neverRemoved }: Recovery): string {
  if (!done.includes('removal'))
    return `its removal from ${cluster.name} was approved and may have begun; whether it is still there was not read since`;
  if (neverRemoved === true) return `it is in ${cluster.name}, on its old version, but not verified`;
  if (newId !== undefined) return `it is in ${cluster.name} again as ${newId}, but not verified`;
  if (!done.includes('revert'))
    return `it is OUT of ${cluster.name}, since ${removedAt ?? 'an unknown time'} at the latest, and must be reverted and added again`;
  return `it was out of ${cluster.name} at ${removedAt ?? 'an unknown time'}, runs its old version again, and may be in ${cluster.name} by now, since its addition may have begun; it is not verified`;
}
