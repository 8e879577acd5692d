import { hostWorkflowId } from '../model/ids';
import type { HostLook, NotBegun, UpgradeHostInput, UpgradeHostResult } from '../model/work';
import type { HostStepInput } from '../activities/activities';
import { requireRunAsParent, Stage, toTheEnd } from './child';
import { describeFailure, fail, isStepFailure } from './failures';
import { LastKnown, withLastKnown } from './last-known';
import { longWork, reads } from './proxies';
import { restartKmxa } from './site-hooks';

/** Failures after which vLCM has surely let go of the host, so that maintenance mode may be left again. */
const HOST_LET_GO = ['VTA_MAINTENANCE_MODE_FAILED', 'VTA_REMEDIATION_FAILED', 'VTA_HOST_SKIPPED_BY_VLCM'];

const LETTING_GO =
  'If it was not changed, it is taken out of maintenance mode first, which may take a while; what can be decided is shown after that.';

/**
 * Brings one host to its target, from health gate to soak (design §8). Each step reads first: started again after a
 * failure, or after its base image was imported, it goes on where the host is.
 */
export async function vtaUpgradeHost(input: UpgradeHostInput): Promise<UpgradeHostResult> {
  requireRunAsParent(input, ({ infrastructure, host }) => hostWorkflowId(infrastructure, host.name));
  const upgrade = new HostUpgrade(input);
  return await toTheEnd(upgrade.stage, () => upgrade.run());
}

class HostUpgrade {
  readonly stage: Stage;
  private readonly at: HostStepInput;
  private readonly notes: string[] = [];
  private readonly known: LastKnown;

  constructor(private readonly input: UpgradeHostInput) {
    const { infrastructure, infrastructureDigest, host, pace } = input;
    this.stage = new Stage(host.name, infrastructure, `host:${host.name}`);
    this.at = { infrastructure, infrastructureDigest, host, pace };
    this.known = new LastKnown(host.name, input.baseline);
  }

  async run(): Promise<UpgradeHostResult> {
    try {
      return await this.upgrade();
    } catch (error) {
      throw withLastKnown(error, () => this.known.describe());
    }
  }

  private async upgrade(): Promise<UpgradeHostResult> {
    const { host, pace, cluster } = this.input;
    let { baseline } = this.input;
    const { quickBoot } = this.input;
    this.stage.set('Reading it.');
    const first = await reads(pace, `${host.name}: at its target?`).vtaReadAtTarget({ ...this.at, cluster });
    this.known.saw(first);
    if (!first.atTarget) {
      // A boot between two attempts, by somebody else and on the old build, proves nothing of this one.
      if (first.build !== host.to.build)
        baseline = { ...baseline, ...bootOf(latest(first.bootTime, baseline.bootTime)) };
      if ((await this.bringToTarget(first)) === 'not begun') return this.notBegun();
    } else if (host.reboot === true && latest(first.bootTime, baseline.bootTime) === baseline.bootTime) {
      if ((await this.reboot(first)) === 'not begun') return this.notBegun();
    }
    const look = await this.stage.during('Waiting until it is back on the new build.', pace.reconnect.warnMs, () =>
      longWork(pace, pace.reconnect, `${host.name}: back on ${host.to.build}`).vtaWaitHostBack({
        ...this.at,
        baseline,
        ...(quickBoot === undefined ? {} : { quickBoot }),
      }),
    );
    this.known.saw(look);
    const proof =
      host.role === 'trusted'
        ? await this.trustedHost(look, !first.atTarget || host.reboot === true)
        : await this.untrustedHost();
    if (proof === 'not begun') return this.notBegun();
    if (proof === 'image unknown') return { outcome: 'image unknown', look, notes: this.notes };

    await this.stage.soak(this.input.soakMs);
    this.stage.set('Reading everything once more.');
    const { quickBootOff, ...last } = await longWork(pace, pace.serviceHealth, `${host.name}: done?`).vtaReadHostDone({
      ...this.at,
      cluster,
      baseline,
      ...(proof === undefined ? {} : { notBefore: proof.attestedAfter }),
    });
    this.stage.set(`Done: runs ${last.version} build ${last.build}.`);
    const boots = quickBootOff === undefined ? {} : { quickBootOff };
    return { outcome: 'done', look: last, notes: this.notes, ...boots };
  }

  /** @param first the host before anything of this attempt was begun */
  private async bringToTarget(first: HostLook): Promise<NotBegun> {
    const { host, pace, baseline, cluster, commit, quickBoot } = this.input;
    await this.safeToBegin();
    try {
      if ((await this.maintenanceMode(true, this.input.beginBy)) === 'not begun') return 'not begun';
      const remediate = () =>
        longWork(pace, pace.remediation, `${host.name}: remediate`).vtaEnsureRemediation({
          ...this.at,
          cluster,
          baseline,
          commit,
          startedAfter: first.vCenterTime,
          ...(quickBoot === undefined ? {} : { quickBoot }),
          ...this.beginByIfOut(first),
        });
      return await this.stage.during('Being remediated by vLCM.', pace.remediation.warnMs, () =>
        this.known.during('its remediation by vLCM', 'vLCM remediated it', remediate),
      );
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      const failure = describeFailure(error);
      const { code, message, details } = failure;
      if (!HOST_LET_GO.includes(code)) throw error;
      await this.stage.tellFailure(failure, LETTING_GO);
      throw fail(code, `${message} ${await this.letGo()}`.trim(), details);
    }
  }

  /** A full one: Quick Boot is off while the run lasts. */
  private async reboot(first: HostLook): Promise<NotBegun> {
    const { host, pace, baseline, cluster } = this.input;
    await this.safeToBegin();
    if ((await this.maintenanceMode(true, this.input.beginBy)) === 'not begun') return 'not begun';
    const reboot = () =>
      longWork(pace, pace.services, `${host.name}: reboot`).vtaEnsureRebootBegun({
        ...this.at,
        cluster,
        baseline,
        startedAfter: first.vCenterTime,
        ...this.beginByIfOut(first),
      });
    return await this.stage.during('Being rebooted fully.', pace.services.warnMs, () =>
      this.known.during('its reboot', 'its reboot began', reboot),
    );
  }

  /** Of a host that was in maintenance mode already, what follows that is the first change. */
  private beginByIfOut({ inMaintenanceMode }: HostLook): { beginBy?: number } {
    const { beginBy } = this.input;
    return inMaintenanceMode && beginBy !== undefined ? { beginBy } : {};
  }

  private notBegun(): UpgradeHostResult {
    this.stage.set('Not begun, and not changed: its maintenance window would have closed before its end.');
    return { outcome: 'not begun' };
  }

  private async safeToBegin(): Promise<void> {
    const { host, pace, baseline } = this.input;
    await this.stage.during('Waiting until it is safe to take it out of service.', pace.serviceHealth.warnMs, () =>
      longWork(pace, pace.serviceHealth, `${host.name}: safe to begin?`).vtaWaitSafeToBegin({ ...this.at, baseline }),
    );
  }

  /**
   * A host that the run put into maintenance mode and did not change is taken out again: no step leaves it cordoned.
   * Says what came of it; a failure here must not hide the one that led here.
   */
  private async letGo(): Promise<string> {
    const { baseline, host } = this.input;
    try {
      const look = await this.read();
      const untouched = look.build === baseline.build && look.bootTime === baseline.bootTime;
      if (!untouched || !look.inMaintenanceMode || baseline.inMaintenanceMode) return '';
      await this.maintenanceMode(false);
      return `${host.name} was not changed and has been taken out of maintenance mode again.`;
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      return `${host.name} could not be taken out of maintenance mode again: ${describeFailure(error).message}`;
    }
  }

  /** Returns from when on the host must be attested, or that its image is not known to the Trust Authority Cluster. */
  private async trustedHost(
    look: HostLook,
    remediated: boolean,
  ): Promise<{ attestedAfter: string } | 'image unknown' | 'not begun'> {
    const { baseline, imageTrusted, importedAfter, pace, quickBoot } = this.input;
    // A Quick Boot may not show in the boot time: what was attested before this attempt proves nothing of it either.
    const begun = quickBoot === 'keep' ? baseline.vCenterTime : undefined;
    const notBefore = latest(latest(look.bootTime, importedAfter), begun) ?? baseline.vCenterTime;
    if (!look.inMaintenanceMode) {
      const now = await this.attest(notBefore, 0);
      if (now.attested) return { attestedAfter: notBefore };
      if (remediated)
        this.notes.push('vLCM took it out of maintenance mode by itself; it was put back until it attested.');
      else await this.safeToBegin();
      const beginBy = remediated ? undefined : this.input.beginBy;
      if ((await this.maintenanceMode(true, beginBy)) === 'not begun') return 'not begun';
    }
    const wait = imageTrusted ? pace.attestation : pace.firstAttestation;
    let last = await this.attest(notBefore, imageTrusted ? wait.warnMs : wait.deadlineMs);
    if (!last.attested && !imageTrusted) return 'image unknown';
    if (!last.attested) {
      await this.stage.warn(`Not attested yet (${last.detail}); disconnecting and connecting it once.`);
      this.notes.push('It was disconnected and connected once, since it did not attest by itself.');
      await this.reconnect(last.detail);
      const hook = this.input.siteTaskQueue;
      last = await this.attest(notBefore, hook === undefined ? wait.deadlineMs : wait.warnMs, hook === undefined);
      if (!last.attested && hook !== undefined) {
        await this.stage.warn("Not attested after it was connected again; the site's hook restarts kmxa on it.");
        this.notes.push(await restartKmxa(hook, this.input));
        last = await this.attest(notBefore, wait.deadlineMs, true);
      }
    }
    await this.leaveMaintenanceMode();
    return { attestedAfter: notBefore };
  }

  /** A failure here is one of attestation: the host is never rolled back for it, however it stands now (R25). */
  private async reconnect(whyNotAttested: string): Promise<void> {
    const { pace, host } = this.input;
    try {
      const reconnect = () => longWork(pace, pace.reconnect, `${host.name}: reconnect`).vtaEnsureReconnected(this.at);
      await this.known.during('disconnecting and connecting it', 'it was connected again', reconnect);
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      const { message } = describeFailure(error);
      const all = `${host.name} does not attest (${whyNotAttested}), and connecting it again did not help: ${message}`;
      throw fail('VTA_NOT_ATTESTED', all);
    }
  }

  private async attest(notBefore: string, deadlineMs: number, last = false) {
    const { pace, host, imageTrusted } = this.input;
    this.stage.set('Waiting until it is attested; it stays in maintenance mode until then.');
    const wait = { warnMs: deadlineMs, deadlineMs };
    return await longWork(pace, wait, `${host.name}: attested?`).vtaWaitAttested({
      ...this.at,
      notBefore,
      deadlineMs,
      // An image that may be unknown is refused soon and for good; one that is known may be refused for a while.
      ...(imageTrusted ? {} : { refusedForMs: pace.firstAttestation.warnMs }),
      failAtDeadline: last,
    });
  }

  /** Nothing attests a reference host: that it is back on its new build is all there is to wait for. */
  private async untrustedHost(): Promise<undefined> {
    if (this.input.host.role === 'reference') await this.leaveMaintenanceMode();
    else await this.trustAuthorityHost();
  }

  private async trustAuthorityHost(): Promise<void> {
    const { pace, host } = this.input;
    await this.stage.during('Waiting for attestd and kmxd.', pace.services.warnMs, () => this.services());
    await this.leaveMaintenanceMode();
    await this.stage.during('Waiting until the Trust Authority Cluster is healthy.', pace.serviceHealth.warnMs, () =>
      longWork(pace, pace.serviceHealth, `${host.name}: cluster healthy?`).vtaWaitTrustAuthorityHealthy(this.at),
    );
  }

  /** Services that do not come up are restarted once, before anybody thinks of anything harsher (R2). */
  private async services(): Promise<void> {
    const { pace, host } = this.input;
    const wait = longWork(pace, pace.services, `${host.name}: services`);
    const stays = `${host.name} runs its new build and stays in maintenance mode.`;
    let down: string;
    try {
      await wait.vtaWaitTrustAuthorityServices({ ...this.at, deadlineMs: pace.services.warnMs });
      return;
    } catch (error) {
      if (!isStepFailure(error) || describeFailure(error).code !== 'VTA_SERVICE_DOWN') throw error;
      down = describeFailure(error).message;
    }
    await this.stage.warn(`${down} attestd and kmxd are restarted once.`);
    try {
      await longWork(pace, pace.services, `${host.name}: restart services`).vtaEnsureServicesRestarted(this.at);
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      throw fail('VTA_SERVICE_DOWN', `${down} They could not be restarted: ${describeFailure(error).message} ${stays}`);
    }
    this.notes.push('attestd and kmxd were restarted once, since they did not come up by themselves.');
    try {
      await wait.vtaWaitTrustAuthorityServices(this.at);
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      const { code, message, details } = describeFailure(error);
      throw fail(code, `${message} attestd and kmxd were restarted once, which did not help. ${stays}`, details);
    }
  }

  /** A host that was found in maintenance mode stays in it, unless the plan says that others follow: then two would be out (R10). */
  private async leaveMaintenanceMode(): Promise<void> {
    if (this.input.baseline.inMaintenanceMode && this.input.host.leaveMaintenanceMode !== true) {
      this.notes.push('It was in maintenance mode when its turn came and was left in it.');
      return;
    }
    await this.maintenanceMode(false);
  }

  /** @param beginBy the last moment to begin it; not given: at any time */
  private async maintenanceMode(inMaintenanceMode: boolean, beginBy?: number): Promise<NotBegun> {
    const { pace, host } = this.input;
    const what = inMaintenanceMode ? 'Entering maintenance mode.' : 'Leaving maintenance mode.';
    const change = () =>
      longWork(pace, pace.maintenanceMode, `${host.name}: ${what}`).vtaEnsureMaintenanceMode({
        ...this.at,
        inMaintenanceMode,
        ...(beginBy === undefined ? {} : { beginBy }),
      });
    const [about, done] = inMaintenanceMode
      ? ['entering maintenance mode', 'it entered maintenance mode']
      : ['leaving maintenance mode', 'it left maintenance mode'];
    return await this.stage.during(what, pace.maintenanceMode.warnMs, () => this.known.during(about, done, change));
  }

  private async read(): Promise<HostLook> {
    const look = await reads(this.input.pace, `${this.input.host.name}: read`).vtaReadHost(this.at);
    this.known.saw(look);
    return look;
  }
}

/** The later of two ISO times; either may be unset. */
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}

function bootOf(bootTime: string | undefined): { bootTime?: string } {
  return bootTime === undefined ? {} : { bootTime };
}
