import { describe, expect, it } from 'vitest';
import { startStageAndInstall } from '../../simulator/world/appliance-install';
import { PASSWORD_QUESTION, settle } from '../../simulator/world/appliance-update';
import type { FaultSpec } from '../../simulator/world/faults';
import type { VCenter } from '../../simulator/world/state';
import { vCenterComesBack } from '../../simulator/world/vcenter-availability';
import { eventually } from '../support/people';
import { quickSite } from '../support/quick-site';
import { approve, approveEverything, approveUntil, decide, openGate, startRehearsal } from '../support/rehearsal';
import type { Rehearsal } from '../support/rehearsal';

const TARGET = '8.0.3.00500';

function request({ infrastructure }: Rehearsal): Record<string, unknown> {
  return { infrastructure, target: { vCenter: TARGET }, phases: [1], reason: 'rehearsal of one vCenter' };
}

function vCenterOf({ simulator }: Rehearsal): VCenter {
  const found = simulator.world.state.vCenters.find(({ name }) => name.startsWith('ta-vc'));
  if (found === undefined) throw new Error('no such vCenter');
  return found;
}

function happened({ simulator }: Rehearsal, what: string): number {
  return simulator.world.events.all().filter((event) => event.what === what && event.vCenter === 'ta-vc').length;
}

function inject({ simulator }: Rehearsal, fault: FaultSpec): void {
  simulator.world.faults.add({ vCenter: 'ta-vc', ...fault });
}

describe.concurrent('the update of a vCenter', { timeout: 150_000 }, () => {
  it('that ended without its version is not begun again until a person says so', async () => {
    await using lab = await startRehearsal(quickSite());
    inject(lab, { kind: 'vcenter-no-return' });
    const run = await lab.start(request(lab));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    await eventually('the fault', () => happened(lab, 'vcenter-unreachable') > 0 || undefined);
    // Somebody puts back what was there before.
    await lab.simulator.world.clock.sleep(500);
    settle(vCenterOf(lab).appliance);
    await vCenterComesBack(lab.simulator.world, vCenterOf(lab));
    const parked = await approveUntil(lab, run, (gate) => gate.step !== undefined);
    expect(parked.facts.join(' ')).toMatch(
      /^VTA_VCENTER_UPDATE_FAILED: .*still runs 8\.0\.2\.00100\. The updater says UPDATES_PENDING.*not begun again by itself/,
    );
    expect(happened(lab, 'vcenter-update-started')).toBe(1);

    await decide(run, parked, 'retry');
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(happened(lab, 'vcenter-update-started')).toBe(2);
  });

  it('waits while Single Sign-On starts after the reboot and refuses a right password', async () => {
    await using lab = await startRehearsal(quickSite());
    const run = await lab.start(request(lab));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    await eventually('the installation', () => happened(lab, 'vcenter-update-started') > 0 || undefined);
    inject(lab, { kind: 'error', operation: 'com.vmware.cis.session.create', error: 'UNAUTHENTICATED', count: 3 });
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(lab.simulator.world.faults.all().map(({ fired }) => fired)).toEqual([3]);
  });

  it('refuses an account that is not the one whose password is asked for, and changes nothing', async () => {
    const scenario = { ...quickSite(), username: 'operator@vsphere.local' };
    scenario.trustAuthority.vCenter.backup = { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' };
    await using lab = await startRehearsal(scenario);
    const run = await lab.start(request(lab));
    const parked = await approveUntil(lab, run, (gate) => gate.step !== undefined);
    expect(parked.facts.join(' ')).toMatch(
      /^VTA_VCENTER_PRECHECK_FAILED: .*administrator@vsphere\.local, which is not .*operator@vsphere\.local.*then decide "retry"/,
    );
    expect(happened(lab, 'backup-started')).toBe(0);
    expect(vCenterOf(lab).appliance.staged).toBe(null);
  });

  it('takes no backup while its target version is being installed already', async () => {
    const scenario = quickSite();
    scenario.trustAuthority.vCenter.backup = { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' };
    scenario.durations = { ...scenario.durations, applianceInstall: 15_000 };
    await using lab = await startRehearsal(scenario);
    const run = await lab.start(request(lab));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    installByHand(lab, TARGET);
    await eventually('it begins', () => happened(lab, 'vcenter-update-started') > 0 || undefined);
    await approve(run, plan);
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(JSON.stringify(report.items)).toMatch(/not taken by this attempt: the installation was under way/);
    expect(happened(lab, 'backup-started')).toBe(0);
    expect(happened(lab, 'vcenter-update-started')).toBe(1);
  });

  it('finds its own backup again after a lost answer, and no other of the same account', async () => {
    const scenario = quickSite();
    const location = 'sftp://backup.lab.example/ta-vc';
    scenario.trustAuthority.vCenter.backup = { location, username: 'backup' };
    await using lab = await startRehearsal(scenario);
    const { backups } = vCenterOf(lab).appliance;
    const base = { state: 'FAILED' as const, locationType: 'SFTP', parts: ['common'], encrypted: false };
    const user = 'administrator@vsphere.local';
    const later = lab.simulator.world.clock.now() + 600_000;
    const others = { id: 'elsewhere', location: 'sftp://backup.lab.example/ta-vc-2', startTime: later };
    const ended = { progress: 0, endTime: later, messages: [], user };
    backups.push({ ...base, ...others, ...ended });
    backups.push({ ...base, id: 'long-ago', location, startTime: later - 86_400_000, ...ended });
    inject(lab, { kind: 'reply-lost', operation: 'com.vmware.appliance.recovery.backup.job.create' });
    const run = await lab.start(request(lab));
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(happened(lab, 'backup-started')).toBe(1);
    expect(JSON.stringify(report.items)).toMatch(/backup sftp:\/\/backup\.lab\.example\/ta-vc, job 2/);
  });

  it("shows a stranger's installation of another version and does not touch it", async () => {
    const scenario = quickSite();
    const other = { version: '8.0.2.00300', build: '23319199' };
    scenario.trustAuthority.vCenter.updates = [other, ...(scenario.trustAuthority.vCenter.updates ?? [])];
    scenario.durations = { ...scenario.durations, applianceInstall: 20_000 };
    await using lab = await startRehearsal(scenario);
    const run = await lab.start(request(lab));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    installByHand(lab, other.version);
    await eventually('it begins', () => happened(lab, 'vcenter-update-started') > 0 || undefined);
    await approve(run, plan);
    const parked = await approveUntil(lab, run, (gate) => gate.step !== undefined);
    expect(parked.facts.join(' ')).toMatch(/^VTA_STRANGER_AT_WORK: .*somebody else installs 8\.0\.2\.00300/);
  });

  it('does not wait for a host that was away before it', async () => {
    const scenario = quickSite();
    const away = { name: 'spare-1', image: 'old', connectionState: 'disconnected' as const };
    scenario.trusted[0]?.clusters.push({ name: 'Spare Cluster', hosts: { count: 1, prefix: 'spare', image: 'old' } });
    await using lab = await startRehearsal(scenario, ({ trusted }) => {
      trusted[0].clusters = ['Trusted Cluster'];
    });
    const host = lab.simulator.world.state.hosts.find(({ name }) => name.startsWith(away.name));
    if (host === undefined) throw new Error('no such host');
    host.connectionState = away.connectionState;
    const run = await lab.start({ ...request(lab), phases: [1, 3] });
    const { report } = await approveEverything(lab, run, 100_000);
    expect(report.outcome).toBe('completed');
  });
});

function installByHand(lab: Rehearsal, version: string): void {
  const vCenter = vCenterOf(lab);
  const password = vCenter.users.find(({ name }) => name.startsWith('administrator@'))?.password ?? '';
  startStageAndInstall(lab.simulator.world, vCenter, version, { [PASSWORD_QUESTION]: password });
}
