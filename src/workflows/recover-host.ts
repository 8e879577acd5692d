import type { HostRemovedChange } from '../model/ledger';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import type { Recovery, RecoveryLook } from '../model/recovery';
import { describeFailure, fail, isStepFailure } from './failures';
import { recordHostRemoved, settleHostRemoved, settleRecovery } from './ledger-entry';
import { longWork, looks, reads } from './proxies';
import { confirmed, revertHost } from './revert-host';
import {
  applyTrust,
  lacksAttestation,
  needsNoRemoval,
  trustedFacts,
  verifyTrusted,
  whyNeverTrusted,
  whyNotTrusted,
} from './recover-trusted-host';
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
  if (run.state.baselines[uuid] === undefined) return `the run has not touched ${name}`;
  if (!run.plan.recovery.esxiAccount)
    return `no account for ESXi hosts is configured, so ${name} could not be added again`;
  if (run.state.backup === undefined) return 'there is no backup of the vTA configuration';
  if (role === 'trusted') return whyNotTrusted(host, cluster, look);
  if (look.servingPeers < 1) return `no other Trust Authority Host serves; ${name} must not be removed`;
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

async function lookAt(run: Run, host: PlannedHost, cluster: PlannedCluster): Promise<RecoveryLook> {
  const { pace } = run.plan;
  const baseline = run.state.baselines[host.uuid];
  return await looks(pace, `${host.name}: can it be brought back?`).vtaReadRecoveryLook({
    ...run.ref,
    host: run.asAdded(host),
    cluster,
    pace,
    ...(baseline === undefined ? {} : { baseline }),
  });
}

class HostRecovery {
  constructor(
    private readonly run: Run,
    private readonly recovery: Recovery,
  ) {}

  async finish(): Promise<string> {
    const { run, recovery } = this;
    if (recovery.done.includes('removal')) return await this.bringBack();
    const { host, cluster, previous } = recovery;
    run.say(`Looking at ${host.name}, which an earlier run was to remove.`);
    const look = await lookAt(run, host, cluster);
    const absent = look.connection === 'absent';
    const back = look.connection === 'connected' && look.onOldBuild;
    if (back && look.consistent && !look.inMaintenanceMode) {
      settleRecovery(run, host);
      const now = this.trusted
        ? 'in service and attested'
        : 'in service and consistent with the other Trust Authority Hosts';
      return `${host.name} is back in ${cluster.name} on ${previous.version} build ${previous.build}, ${now}`;
    }
    if (absent || back) {
      // Attested later than now is later than its removal. A Trusted Host that is back proves itself by its boot.
      if (absent || !this.trusted) recovery.removedAt = look.vCenterTime;
      recovery.done.push('removal');
      if (back) recovery.done.push('revert');
      run.audit('recovery goes on', host.name, `now: ${describe(look)}`);
    }
    return await this.bringBack();
  }

  private get trusted(): boolean {
    return this.recovery.host.role === 'trusted';
  }

  async bringBack(): Promise<string> {
    const { host, cluster, previous } = this.recovery;
    await this.part('evidence', () => this.collectEvidence());
    if ((await this.cameBackByItself()) || !(await this.removed())) {
      this.forgetBaseline();
      const now = this.trusted
        ? `attested, with the trust configuration of ${cluster.name}`
        : 'with a consistent configuration';
      return `${host.name} is back on ${previous.version} build ${previous.build} by itself, ${now}; it was not removed.`;
    }
    await this.part('revert', () => revertHost(this.run, this.recovery));
    await this.part('addition', () => this.add());
    if (this.trusted) await this.proveTrusted();
    else {
      await this.part('configuration', () => this.restoreConfiguration());
      await this.part('restart of the services', () => this.restartServices());
      await this.part('services known to the vCenters', () => this.compareServices());
      await this.part('verification', () => this.verify());
    }
    this.forgetBaseline();
    const by = { itself: 'by itself', operator: 'by a person', hook: "by the site's hook" }[
      this.recovery.revertedBy ?? 'itself'
    ];
    return `${host.name} was removed, reverted ${by} to ${previous.version} build ${previous.build}, added again and verified: it is ${this.trusted ? `attested, has the trust configuration of ${cluster.name}, and is` : 'consistent with the other Trust Authority Hosts and'} in service.`;
  }

  private async proveTrusted(): Promise<void> {
    await this.part('configuration', () => applyTrust(this.run, this.recovery));
    await this.part('verification', async () => {
      const detail = await verifyTrusted(this.run, this.recovery);
      await this.leaveMaintenanceMode();
      settleRecovery(this.run, this.recovery.host);
      return detail;
    });
  }

  /** It has booted since: what the run knew of it is not true any more, and the next attempt reads it anew. */
  private forgetBaseline(): void {
    delete this.run.state.baselines[this.recovery.host.uuid];
  }

  /** One part: done once, parked by itself when it fails, obeying abort and pause before it begins. */
  private async part(name: string, work: () => Promise<string>): Promise<void> {
    const { run, recovery } = this;
    if (recovery.done.includes(name)) return;
    await run.betweenParts();
    const step = `recover:${recovery.host.name}:${name}`;
    const detail = await run.attempt(step, work);
    delete run.state.failed[step];
    recovery.done.push(name);
    run.audit(`recovery: ${name}`, recovery.host.name, detail);
  }

  private async collectEvidence(): Promise<string> {
    const { run, recovery } = this;
    const { pace } = run.plan;
    const { name } = recovery.host;
    run.say(`Collecting what can be known about the failure of ${name}.`);
    try {
      recovery.evidence = await longWork(pace, pace.services, `${name}: evidence`).vtaCollectEvidence({
        ...this.at(),
        runId: run.state.runId,
        attempt: recovery.attempt,
        problem: recovery.problem,
      });
    } catch (error) {
      // Evidence is best effort: it never blocks the rescue.
      if (!isStepFailure(error)) throw error;
      return `none could be had: ${describeFailure(error).message}`;
    }
    const { path, missing } = recovery.evidence;
    return `${path}${missing.length === 0 ? '' : `; missing: ${missing.join('; ')}`}`;
  }

  /** A host that is back on its old build with a consistent configuration needs no removal. Otherwise people are asked. */
  private async cameBackByItself(): Promise<boolean> {
    const { run, recovery } = this;
    if (recovery.done.includes('removal')) return false;
    const { host, cluster, attempt } = recovery;
    run.say(`Looking at ${host.name}.`);
    const step = `recover:${host.name}:look`;
    const look = await run.attempt(step, () => lookAt(run, host, cluster));
    delete run.state.failed[step];
    if (this.trusted && needsNoRemoval(look)) {
      await this.proveTrusted();
      return true;
    }
    const refusal = this.trusted ? whyNotTrusted(host, cluster, look) : undefined;
    if (refusal !== undefined) throw notRemoved(host, refusal, look);
    if (look.onOldBuild && look.consistent && look.trouble.length === 0) {
      if (look.inMaintenanceMode) await run.attempt(step, () => this.leaveMaintenanceMode());
      return true;
    }
    const answer = await run.gate({
      id: `recovery:${host.name}:${attempt}`,
      question: `May ${host.name} be removed from ${cluster.name}, reverted, added again and verified?`,
      facts: recoveryFacts(recovery, look),
      digest: `${run.state.planDigest ?? ''}#recovery:${host.name}:${attempt}#evidence:${recovery.evidence?.sha256 ?? 'none'}#${look.connection}`,
    });
    if (answer.outcome === 'approved') return false;
    // Not a failure of this part: people decide about the host again, with all that is offered then.
    throw fail(
      'VTA_RECOVERY_REJECTED',
      `${answer.by.join(', ')} rejected the recovery of ${host.name}. Nothing was done: it is ${describe(look)}.`,
    );
  }

  /** @returns false when it turned out, right before that, that it need not be removed */
  private async removed(): Promise<boolean> {
    try {
      await this.part('removal', () => this.remove());
      return true;
    } catch (error) {
      if (!(error instanceof StaysInPlace)) throw error;
      const { host, cluster } = this.recovery;
      const refusal = whyNotTrusted(host, cluster, error.look);
      if (refusal !== undefined) {
        settleHostRemoved(this.run, host);
        throw notRemoved(host, refusal, error.look);
      }
      await this.proveTrusted();
      return false;
    }
  }

  private async remove(): Promise<string> {
    const { run, recovery } = this;
    const { host, cluster } = recovery;
    const { pace } = run.plan;
    if (this.trusted) {
      // Days may lie between the question and its answer.
      const look = await lookAt(run, host, cluster);
      if (needsNoRemoval(look) || lacksAttestation(host, look)) throw new StaysInPlace(look);
    }
    run.say(`Removing ${host.name} from ${cluster.name}.`);
    await recordHostRemoved(run, recovery);
    const work = longWork(pace, pace.maintenanceMode, `${host.name}: remove from ${cluster.name}`);
    const { removedAt } = await work.vtaEnsureHostRemoved({ ...this.at(), cluster });
    recovery.removedAt = removedAt;
    return `it is in no inventory of ${host.vCenter}`;
  }

  private async add(): Promise<string> {
    const { run, recovery } = this;
    const { host, cluster } = recovery;
    const { pace } = run.plan;
    run.say(`Adding ${host.name} to ${cluster.name} again.`);
    const work = longWork(pace, pace.reconnect, `${host.name}: add to ${cluster.name}`);
    const { id } = await work.vtaEnsureHostAdded({ ...this.at(), cluster, ...confirmed(recovery) });
    recovery.newId = id;
    if (!this.trusted)
      await longWork(pace, pace.services, `${cluster.name}: enable`).vtaEnsureTrustAuthorityEnabled(this.at());
    return `as ${id}, in maintenance mode`;
  }

  private async restoreConfiguration(): Promise<string> {
    const { run, recovery } = this;
    const { pace } = run.plan;
    const { name } = recovery.host;
    run.say(`Restoring the vTA configuration of ${name}.`);
    const work = longWork(pace, pace.baseImage, `${name}: vTA configuration`);
    const { written, notes } = await work.vtaEnsureVtaConfigurationRestored({ ...this.at(), backup: recovery.backup });
    for (const note of notes) run.warn(`${name}: ${note}`);
    return written.length === 0 ? 'nothing was missing' : written.join(', ');
  }

  /** Once, on this host alone, after its configuration was restored (R2). */
  private async restartServices(): Promise<string> {
    const { pace } = this.run.plan;
    const { name } = this.recovery.host;
    this.run.say(`Restarting attestd and kmxd on ${name}.`);
    await longWork(pace, pace.services, `${name}: restart services`).vtaEnsureServicesRestarted(this.at());
    await longWork(pace, pace.services, `${name}: services`).vtaWaitTrustAuthorityServices(this.at());
    return 'attestd, kmxd';
  }

  /** A host that was installed anew may present another address or authority than the workload vCenters know. */
  private async compareServices(): Promise<string> {
    const { run, recovery } = this;
    const { pace } = run.plan;
    const { name } = recovery.host;
    run.say(`Comparing what the workload vCenters know of the services of ${name}.`);
    const differences = await reads(pace, `${name}: services as known`).vtaReadServiceDifferences(this.at());
    if (differences.length === 0) return 'as they are';
    const told = differences.map(({ vCenter, service, what }) => `${vCenter}, ${service} service: ${what}`);
    const answer = await run.gate({
      id: `services:${name}:${recovery.attempt}`,
      question: `May the workload vCenters be told the services of ${name} as they are now?`,
      facts: told,
      digest: `${run.state.planDigest ?? ''}#services:${name}#${told.join(' | ')}`,
    });
    if (answer.outcome !== 'approved')
      throw fail(
        'VTA_RECOVERY_REJECTED',
        `${answer.by.join(', ')} rejected that the workload vCenters are told the services of ${name}. They know it otherwise: ${told.join('; ')}. "retry" asks again.`,
      );
    await longWork(pace, pace.services, `${name}: tell its services`).vtaEnsureServicesKnown({
      ...this.at(),
      differences,
    });
    return told.join('; ');
  }

  private async verify(): Promise<string> {
    const { run, recovery } = this;
    const { pace } = run.plan;
    const { name } = recovery.host;
    run.say(`Waiting until ${name} is consistent with the other Trust Authority Hosts.`);
    await longWork(pace, pace.serviceHealth, `${name}: consistent?`).vtaWaitHostConsistent(this.at());
    await this.leaveMaintenanceMode();
    const health = longWork(pace, pace.serviceHealth, `${name}: cluster healthy?`);
    await health.vtaWaitTrustAuthorityHealthy(this.at());
    run.say(`Waiting until a Trusted Host attests through ${name}.`);
    const deadlineMs = pace.attestation.warnMs;
    const { removedAt: notBefore } = recovery;
    if (notBefore === undefined) throw fail('VTA_OUTCOME_UNKNOWN', `When ${name} was removed was not recorded.`);
    const { seen, detail } = await longWork(pace, pace.attestation, `${name}: attests?`).vtaWaitAttestationThrough({
      ...this.at(),
      notBefore,
      deadlineMs,
    });
    settleRecovery(run, recovery.host);
    if (!seen) run.warn(`${name}: no attestation of a Trusted Host through it was seen yet: ${detail}`);
    return `consistent; ${detail}`;
  }

  private async leaveMaintenanceMode(): Promise<void> {
    const { pace } = this.run.plan;
    const { name, uuid, leaveMaintenanceMode } = this.recovery.host;
    if (this.run.state.baselines[uuid]?.inMaintenanceMode === true && leaveMaintenanceMode !== true) return;
    const work = longWork(pace, pace.maintenanceMode, `${name}: leave maintenance mode`);
    await work.vtaEnsureMaintenanceMode({ ...this.at(), inMaintenanceMode: false });
  }

  /** The host as it is now: added again, it has another id. */
  private at() {
    const { run, recovery } = this;
    return { ...run.ref, host: run.asAdded(recovery.host), pace: run.plan.pace };
  }
}

/** Right before a Trusted Host is removed it is seen not to need that: no failure of the part, which is not tried again. */
class StaysInPlace extends Error {
  override readonly name = 'StaysInPlace';

  constructor(readonly look: RecoveryLook) {
    super('the host stays in place');
  }
}

/** Not a failure of a part: people decide about the host again, with all that is offered then. */
function notRemoved({ name }: PlannedHost, refusal: string, look: RecoveryLook): Error {
  return fail(
    'VTA_HOST_NOT_REMOVED',
    `${name} was not removed: ${refusal}. Nothing was done: it is ${describe(look)}. Remove the cause, then decide "retry".`,
  );
}

const WHAT_NEXT =
  'It was not upgraded. Decide "retry" to upgrade it again, "skip" to leave it on its old version, or "abort".';

function recoveryFacts(recovery: Recovery, look: RecoveryLook): string[] {
  const { host, problem, previous, evidence, backup } = recovery;
  const trusted = host.role === 'trusted';
  return [
    `failed with: ${problem}`,
    `now: ${describe(look)}`,
    ...look.trouble.map((line) => `trouble: ${line}`),
    `before the run: ${previous.version} build ${previous.build}`,
    ...(evidence === undefined
      ? ['evidence: none could be collected']
      : [`evidence: ${evidence.path}`, ...evidence.missing.map((line) => `evidence lacks: ${line}`)]),
    ...(trusted
      ? trustedFacts(recovery, look)
      : [
          `steps: remove ${host.name} from the inventory; revert ESXi; prove it by the host itself; add it again; restore the vTA configuration from ${backup.path}; verify`,
          `other Trust Authority Hosts that serve: ${look.servingPeers}`,
        ]),
    ...look.losses.map((line) => `removal loses: ${line}`),
    // What lives on the Trust Authority Hosts is no matter of a Trusted Host.
    ...(trusted ? [] : backup.notRestorable.map(({ what, why }) => `cannot be restored: ${what}: ${why}`)),
  ];
}

function describe(look: RecoveryLook): string {
  if (look.connection === 'absent') return 'in no inventory of its vCenter';
  const build = look.build === undefined ? 'on an unknown build' : `on ${look.version ?? ''} build ${look.build}`;
  return `${look.connection}, ${build}, ${look.inMaintenanceMode ? '' : 'not '}in maintenance mode`;
}

/** Where a recovery stands that has not ended, for whoever ends the run in the middle of it; undefined when there is none. */
export function describeRecovery({ state }: Run, host: PlannedHost): string | undefined {
  const recovery = state.recoveries[host.uuid];
  if (recovery === undefined || recovery.done.includes('verification')) return undefined;
  if (recovery.done.length === 0) return undefined;
  const where = !recovery.done.includes('removal')
    ? 'it was not removed'
    : recovery.newId === undefined
      ? `it is OUT of ${recovery.cluster.name}, removed at ${recovery.removedAt ?? 'an unknown time'}, and must be reverted and added again`
      : `it is in ${recovery.cluster.name} again as ${recovery.newId}, but not verified`;
  return `Its recovery was interrupted after: ${recovery.done.join(', ')}; ${where}.`;
}
