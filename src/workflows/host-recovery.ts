import { patched } from '@temporalio/workflow';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import type { Recovery, RecoveryLook } from '../model/recovery';
import { describeFailure, isStepFailure } from './failures';
import { recordHostRemoved, recordMaintenanceMode, settleHostRemoved, settleRecovery } from './ledger-entry';
import { looks } from './proxies';
import {
  cameBack,
  describeLook,
  notRemoved,
  recoveryEnd,
  recoveryFacts,
  recoveryQuestion,
  rejected,
} from './recovery-words';
import {
  compareServices,
  enable,
  restartServices,
  restoreConfiguration,
  waitConsistent,
  watchAtWork,
} from './recover-trust-authority-host';
import { rememberByHand } from './set-again';
import {
  applyTrust,
  forgetAttestation,
  lacksAttestation,
  needsNoRemoval,
  notAllowed,
  verifyTrusted,
  whyNotTrusted,
} from './recover-trusted-host';
import { confirmed, revertHost } from './revert-host';
import type { Run } from './run';

/** How its vCenter and its peers see the host. */
export async function lookAt(run: Run, host: PlannedHost, cluster: PlannedCluster): Promise<RecoveryLook> {
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

/** One recovery of one host, part by part. What is done is kept in the carried state, so that an interrupted one goes on. */
export class HostRecovery {
  constructor(
    private readonly run: Run,
    private readonly recovery: Recovery,
  ) {}

  /** Goes on with a recovery of an earlier run, of which only the ledger is left. */
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
      // Adding a host gives it another id.
      if (back && look.id === host.id) recovery.neverRemoved = true;
      run.audit('recovery goes on', host.name, `now: ${describeLook(look)}`);
    } else if (this.trusted) {
      const refusal = notAllowed(run);
      if (refusal !== undefined) throw notRemoved(host, refusal, look);
    }
    return await this.bringBack();
  }

  private get trusted(): boolean {
    return this.recovery.host.role === 'trusted';
  }

  /** It was found in maintenance mode and is to stay in it. */
  private get staysInMaintenanceMode(): boolean {
    const { uuid, leaveMaintenanceMode, foundInMaintenanceMode } = this.recovery.host;
    const found = this.run.state.baselines[uuid]?.inMaintenanceMode ?? foundInMaintenanceMode;
    return found && leaveMaintenanceMode !== true;
  }

  private get service(): string {
    return this.staysInMaintenanceMode ? 'in maintenance mode, in which it was found' : 'in service';
  }

  async bringBack(): Promise<string> {
    const { recovery } = this;
    await this.part('evidence', () => this.collectEvidence());
    const back = (await this.cameBackByItself()) ?? (await this.removedOrBack());
    // Asked before what was known of it is forgotten.
    const { service } = this;
    if (back !== undefined) {
      this.forgetBaseline();
      return cameBack(recovery, back.inMaintenanceMode ? service : 'in service');
    }
    const byHand = rememberByHand(this.run, recovery);
    await this.part('revert', () => revertHost(this.run, recovery));
    await this.part('addition', () => this.add());
    if (this.trusted) await this.proveTrusted();
    else {
      await this.part('configuration', () => restoreConfiguration(this.run, recovery));
      await this.part('restart of the services', () => restartServices(this.run, recovery));
      await this.part('services known to the vCenters', () => compareServices(this.run, recovery));
      await this.part('verification', () => this.verify());
    }
    this.forgetBaseline();
    return `${recoveryEnd(recovery, service)}${byHand}`;
  }

  private async proveTrusted(): Promise<void> {
    await this.part('configuration', () => applyTrust(this.run, this.recovery));
    await this.part('verification', async () => {
      const detail = await verifyTrusted(this.run, this.recovery);
      forgetAttestation(this.run, this.recovery.host);
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
      recovery.evidence = await run.longWork(pace.services, `${name}: evidence`).vtaCollectEvidence({
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

  /**
   * A host that is back on its old build with a consistent configuration needs no removal. Otherwise people are asked.
   * @returns how it was when it was seen to be back; undefined: it is to be removed
   */
  private async cameBackByItself(): Promise<RecoveryLook | undefined> {
    const { run, recovery } = this;
    if (recovery.done.includes('removal')) return undefined;
    const { host, cluster, attempt } = recovery;
    run.say(`Looking at ${host.name}.`);
    const step = `recover:${host.name}:look`;
    const look = await run.attempt(step, () => lookAt(run, host, cluster));
    delete run.state.failed[step];
    if (this.isBack(look)) return await this.takeBack(look);
    // It was approved, and is as this recovery has left it: its removal goes on, and looks for itself what stands against it.
    if (recovery.removalBegun === true) return undefined;
    const refusal = this.trusted ? whyNotTrusted(host, cluster, look) : undefined;
    if (refusal !== undefined) {
      this.closeQuestions();
      throw notRemoved(host, refusal, look);
    }
    recovery.losses = look.losses;
    const answer = await run.gate({
      id: `recovery:${host.name}:${attempt}`,
      question: recoveryQuestion(recovery, look),
      facts: recoveryFacts(recovery, look),
      digest: `${run.state.planDigest ?? ''}#recovery:${host.name}:${attempt}#evidence:${recovery.evidence?.sha256 ?? 'none'}#${look.connection}`,
    });
    if (answer.outcome !== 'approved') throw rejected(host, answer.by, look);
    recovery.approvedAs = look.connection;
    return undefined;
  }

  /** Whether nothing that its removal could cure is left. */
  private isBack(look: RecoveryLook): boolean {
    if (this.trusted) return needsNoRemoval(look);
    return look.onOldBuild && look.consistent && look.trouble.length === 0;
  }

  private async takeBack(look: RecoveryLook): Promise<RecoveryLook> {
    const { run, recovery } = this;
    this.closeQuestions();
    if (this.trusted) await this.proveTrusted();
    else {
      if (patched(LOOKS_FIRST)) await run.betweenParts();
      if (look.inMaintenanceMode)
        await run.attempt(`recover:${recovery.host.name}:look`, () => this.leaveMaintenanceMode());
      settleRecovery(run, recovery.host);
    }
    return look;
  }

  /** What a run that has continued as new since had asked about a removal that is not needed, or refused by now. */
  private closeQuestions(): void {
    const { gates } = this.run.state;
    const { name } = this.recovery.host;
    for (const id of Object.keys(gates))
      if (id.startsWith(`decide:recover:${name}:removal:`) || id.startsWith(`recovery:${name}:`)) delete gates[id];
  }

  /** @returns how it was when it turned out, right before that, that it need not be removed; undefined: it was removed */
  private async removedOrBack(): Promise<RecoveryLook | undefined> {
    const { run, recovery } = this;
    try {
      await this.part('removal', () => this.remove());
      return undefined;
    } catch (error) {
      if (!(error instanceof StaysInPlace)) throw error;
      const { look, why } = error;
      if (why === undefined) return await this.takeBack(look);
      // What was approved is no longer what would be done.
      delete recovery.removalBegun;
      delete recovery.approvedAs;
      settleHostRemoved(run, recovery.host);
      throw notRemoved(recovery.host, why, look);
    }
  }

  /** Each attempt looks first: days may lie between the question and its answer, or between two attempts. */
  private async remove(): Promise<string> {
    const { run, recovery } = this;
    const { host, cluster, previous } = recovery;
    const { pace } = run.plan;
    const always = patched(LOOKS_FIRST);
    if (this.trusted || always) {
      const look = await lookAt(run, host, cluster);
      if (this.isBack(look)) throw new StaysInPlace(look);
      const why = this.whyInPlace(look, always);
      if (why !== undefined) throw new StaysInPlace(look, why);
      // The removal of one that is connected puts it into maintenance mode.
      if (always && look.connection === 'connected' && !look.inMaintenanceMode)
        await recordMaintenanceMode(run, host, previous);
    }
    run.say(`Removing ${host.name} from ${cluster.name}.`);
    await recordHostRemoved(run, recovery);
    recovery.removalBegun = true;
    const work = run.longWork(pace.maintenanceMode, `${host.name}: remove from ${cluster.name}`);
    const { removedAt } = await work.vtaEnsureHostRemoved({ ...this.at(), cluster });
    recovery.removedAt = removedAt;
    // What was proved of it while it was in its place is not so any more.
    recovery.done = recovery.done.filter((part) => part === 'evidence');
    return `it is in no inventory of ${host.vCenter}`;
  }

  /** Why a host whose removal was approved stays in its place after all; undefined when nothing stands against it. */
  private whyInPlace(look: RecoveryLook, always: boolean): string | undefined {
    const { host, cluster, approvedAs, removalBegun } = this.recovery;
    if (this.trusted && lacksAttestation(host, look)) return whyNotTrusted(host, cluster, look);
    if (!always || approvedAs === undefined || look.connection === 'absent') return undefined;
    if (look.connection === 'connected' && look.consistent) return `it is in order now`;
    // A removal that was begun may have disconnected it.
    if (look.connection === approvedAs || (removalBegun === true && look.connection === 'disconnected'))
      return undefined;
    return `it is ${look.connection} now, and was ${approvedAs === 'absent' ? 'in no inventory' : approvedAs} when its removal was approved`;
  }

  private async add(): Promise<string> {
    const { run, recovery } = this;
    const { host, cluster } = recovery;
    const { pace } = run.plan;
    run.say(`Adding ${host.name} to ${cluster.name} again.`);
    const work = run.longWork(pace.reconnect, `${host.name}: add to ${cluster.name}`);
    const { id } = await work.vtaEnsureHostAdded({ ...this.at(), cluster, ...confirmed(recovery) });
    recovery.newId = id;
    if (!this.trusted) await enable(run, recovery);
    return `as ${id}, in maintenance mode`;
  }

  private async verify(): Promise<string> {
    const { run, recovery } = this;
    await waitConsistent(run, recovery);
    await this.leaveMaintenanceMode();
    const detail = await watchAtWork(run, recovery);
    settleRecovery(run, recovery.host);
    return detail;
  }

  private async leaveMaintenanceMode(): Promise<void> {
    const { pace } = this.run.plan;
    if (this.staysInMaintenanceMode) return;
    const work = this.run.longWork(pace.maintenanceMode, `${this.recovery.host.name}: leave maintenance mode`);
    await work.vtaEnsureMaintenanceMode({ ...this.at(), inMaintenanceMode: false });
  }

  /** The host as it is now: added again, it has another id. */
  private at() {
    const { run, recovery } = this;
    return { ...run.ref, host: run.asAdded(recovery.host), pace: run.plan.pace };
  }
}

/**
 * Right before its removal a host is seen to stay in its place: no failure of the part, which is not tried again.
 * @param why not given: it is back, and needs no removal
 */
class StaysInPlace extends Error {
  override readonly name = 'StaysInPlace';

  constructor(
    readonly look: RecoveryLook,
    readonly why?: string,
  ) {
    super('the host stays in place');
  }
}

/** Histories that are older do not look at a Trust Authority Host right before its removal. */
const LOOKS_FIRST = 'vta-look-before-each-removal';
