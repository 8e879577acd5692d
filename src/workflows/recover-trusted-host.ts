import type { PlannedCluster, PlannedHost } from '../model/plan';
import type { Recovery, RecoveryLook } from '../model/recovery';
import { describeFailure, isStepFailure } from './failures';
import { recordMaintenanceMode } from './ledger-entry';
import { longWork, reads } from './proxies';
import type { Run } from './run';
import { restartKmxa } from './site-hooks';

/**
 * What differs when the host that is brought back is a Trusted Host: a request must allow it, an attestation failure is
 * never a reason (R25), no virtual machine may be on it, its configuration is the one of its cluster, and its attestation
 * is the proof.
 */

/** Failures that say that it does not attest: what is missing is at the Trust Authority Cluster, or takes a reboot. */
const NOT_ATTESTED = ['VTA_NOT_ATTESTED', 'VTA_ATTESTATION_STALE'];

/** Why a Trusted Host is not brought back whatever is true of it now; undefined when that has to be looked at. */
export function whyNeverTrusted(run: Run, { name, role, uuid }: PlannedHost): string | undefined {
  if (role !== 'trusted') return undefined;
  const { problem, notAttesting } = run.state;
  if (NOT_ATTESTED.includes(problem?.code ?? '') || notAttesting?.includes(uuid) === true) return doesNotAttest(name);
  return notAllowed(run);
}

/** Whatever the host lacks: the request must allow that a Trusted Host is removed. */
export function notAllowed({ plan }: Run): string | undefined {
  if (plan.recovery.trustedHosts === true) return undefined;
  return 'Trusted Hosts are removed, reverted and added again only where the request allows it ("recoverTrustedHosts": true)';
}

/**
 * Does the work of a host's step, and remembers until it succeeds that the host did not attest: a failure that comes after
 * that one must not hide it (R25).
 */
export async function rememberingAttestation<T>(run: Run, host: PlannedHost, work: () => Promise<T>): Promise<T> {
  try {
    const end = await work();
    forgetAttestation(run, host);
    return end;
  } catch (error) {
    if (host.role === 'trusted' && isStepFailure(error) && NOT_ATTESTED.includes(describeFailure(error).code)) {
      forgetAttestation(run, host);
      run.state.notAttesting = [...(run.state.notAttesting ?? []), host.uuid];
    }
    throw error;
  }
}

/** It attests, whatever it runs. */
export function forgetAttestation({ state }: Run, { uuid }: PlannedHost): void {
  if (state.notAttesting === undefined) return;
  state.notAttesting = state.notAttesting.filter((one) => one !== uuid);
}

/** Why a Trusted Host that stands so is not brought back; undefined when nothing stands against it. */
export function whyNotTrusted(host: PlannedHost, cluster: PlannedCluster, look: RecoveryLook): string | undefined {
  const { name } = host;
  if (lacksAttestation(host, look)) return doesNotAttest(name);
  // One that is out of the inventory takes nothing more away: it is added again all the more.
  if (needsNoRemoval(look) || look.connection === 'absent') return undefined;
  if (look.servingPeers < 1)
    return `no other host of ${cluster.name} is connected, in service and attested; ${name} must not be removed`;
  const machines = look.virtualMachines ?? [];
  // One that is in service is evacuated first, and not removed if that leaves any.
  const evacuated = look.inMaintenanceMode || look.connection !== 'connected';
  if (evacuated && machines.length > 0)
    return `these virtual machines are on it by its vCenter and would leave the inventory with it: ${machines.join(', ')}. Move them, or take them out of the inventory if they run elsewhere`;
  return undefined;
}

/** Whatever failed last: on its new build, this is what it lacks, and its old version would not help (R25). */
export function lacksAttestation({ to }: PlannedHost, { connection, build, attested }: RecoveryLook): boolean {
  return connection === 'connected' && build === to.build && attested === false;
}

function doesNotAttest(name: string): string {
  return `${name} does not attest, and a Trusted Host is never rolled back for that (R25)`;
}

/** A Trusted Host that is back on its old build, in its cluster: nothing that its removal could cure is left. */
export function needsNoRemoval({ connection, onOldBuild, elsewhere }: RecoveryLook): boolean {
  return connection === 'connected' && onOldBuild && elsewhere === undefined;
}

/** What people are shown before a Trusted Host is removed, beside how it stands. */
export function trustedFacts({ host, cluster }: Recovery, { servingPeers, connection }: RecoveryLook): string[] {
  const removal = connection === 'absent' ? '' : `remove ${host.name} from the inventory; `;
  return [
    `steps: ${removal}revert ESXi; prove it by the host itself; add it again; apply the trust configuration of ${cluster.name} to it; wait until it attests`,
    `other hosts of ${cluster.name} that are in service and attest: ${servingPeers}`,
  ];
}

/** The services that its cluster wants are on it again (`services-applied-config`), judged by the health that is read. */
export async function applyTrust(run: Run, { host: planned, cluster }: Recovery): Promise<string> {
  const { pace } = run.plan;
  const host = run.asAdded(planned);
  run.say(`Applying the trust configuration of ${cluster.name} to ${host.name}.`);
  const work = run.longWork(pace.services, `${host.name}: trust configuration`);
  const { applied } = await work.vtaEnsureTrustApplied({ ...run.ref, host, cluster, pace });
  return applied ? `applied by ${cluster.vCenter}, health OK` : 'health OK, nothing has to be applied';
}

/**
 * The proof: it has attested since its boot and since it was removed, before it leaves maintenance mode (R26).
 * @returns how it was attested
 */
export async function verifyTrusted(run: Run, recovery: Recovery): Promise<string> {
  const { host: planned, previous, removedAt, runId, attempt } = recovery;
  const { pace } = run.plan;
  const at = { ...run.ref, host: run.asAdded(planned), pace };
  const { name } = planned;
  run.say(`Waiting until ${name} is attested; it stays in maintenance mode until then.`);
  const { bootTime, vCenterTime } = await reads(pace, `${name}: read`).vtaReadHost(at);
  const notBefore = latest(bootTime ?? vCenterTime, removedAt);
  const attest = async (deadlineMs: number, failAtDeadline = false) =>
    await longWork(pace, { warnMs: deadlineMs, deadlineMs }, `${name}: attested?`).vtaWaitAttested({
      ...at,
      notBefore,
      deadlineMs,
      failAtDeadline,
      reverted: true,
    });
  let last = await attest(0);
  if (!last.attested) {
    await recordMaintenanceMode(run, planned, previous);
    const entering = run.longWork(pace.maintenanceMode, `${name}: enter maintenance mode`);
    await entering.vtaEnsureMaintenanceMode({ ...at, inMaintenanceMode: true });
    last = await attest(pace.attestation.warnMs);
  }
  if (!last.attested) {
    run.warn(`${name} did not attest by itself (${last.detail}); it is disconnected and connected once.`);
    await run.longWork(pace.reconnect, `${name}: reconnect`).vtaEnsureReconnected(at);
    const { taskQueue } = run.plan.recovery;
    last = await attest(
      taskQueue === undefined ? pace.attestation.deadlineMs : pace.attestation.warnMs,
      taskQueue === undefined,
    );
    if (!last.attested && taskQueue !== undefined) {
      const tried = run.state.attempts[`recover:${name}:verification`] ?? 1;
      const operationId = `${runId ?? run.state.runId}:${planned.uuid}:${attempt}:recovery:${tried}`;
      run.warn(await restartKmxa(taskQueue, { infrastructure: run.infrastructure, host: planned, operationId }));
      last = await attest(pace.attestation.deadlineMs, true);
    }
  }
  return last.detail;
}

/** The later of two ISO times of one vCenter. */
function latest(a: string, b: string | undefined): string {
  return b === undefined || Date.parse(a) >= Date.parse(b) ? a : b;
}
