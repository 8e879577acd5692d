import { describe, expect, it } from 'vitest';

import type { FaultSpec } from '../../../simulator/world/faults';
import { MIDDLE, NEW, OLD, startLab, type Lab } from './support/lab';

interface HostStatus {
  status: string;
  notifications: { errors?: { message: { default_message: string } }[]; warnings?: unknown[] };
}

/** Applies the image to host-1 and gives what its result says of it. */
async function remediateFirst(lab: Lab): Promise<HostStatus> {
  const [host] = lab.hosts;
  const body = { hosts: [host?.moid], accept_eula: true };
  const result = await lab.api.result<{ host_status: Record<string, HostStatus> }>(
    'POST',
    `${lab.software}?action=apply&vmw-task=true`,
    body,
  );
  const status = result.host_status[host?.moid ?? ''];
  if (!status) throw new Error('the result does not name the host');
  return status;
}

const firstOf = (lab: Lab) => {
  const [host] = lab.hosts;
  if (!host) throw new Error('no host');
  return host;
};

describe('remediation of one host', () => {
  it('enters maintenance mode, reboots into the image and leaves it', async () => {
    await using lab = await startLab();
    const host = firstOf(lab);
    const bootedBefore = host.bootTime;
    expect((await remediateFirst(lab)).status).toBe('OK');
    expect(
      lab.story(
        'maintenance-mode-entering',
        'vm-moved',
        'maintenance-mode-entered',
        'reboot-started',
        'build-changed',
        'reboot-ended',
        'maintenance-mode-left',
        'remediation-ended',
      ),
    ).toEqual([
      'host-1 maintenance-mode-entering',
      'host-1 vm-moved',
      'host-1 maintenance-mode-entered',
      'host-1 reboot-started',
      'host-1 build-changed',
      'host-1 reboot-ended',
      'host-1 maintenance-mode-left',
      'host-1 remediation-ended',
    ]);
    expect(host.bootTime).toBeGreaterThan(bootedBefore);
    expect(host.bootedImage.baseImage).toBe(NEW);
    expect(host.alternateBank?.baseImage).toBe(OLD);
    expect(host.services.filter((service) => service.policy === 'on').every((service) => service.running)).toBe(true);
  });

  it('does not answer while it boots', async () => {
    await using lab = await startLab({ durations: { reboot: 300 } });
    const host = firstOf(lab);
    const done = remediateFirst(lab);
    const seen = new Set<string>();
    while (!seen.has('NOT_RESPONDING')) {
      const rows = await lab.api.get<{ connection_state: string; power_state?: string }[]>(
        `/vcenter/host?hosts=${host.moid}`,
      );
      const row = rows[0];
      seen.add(row?.connection_state ?? '');
      // the contract's union: the power state of a host is known only while it is connected
      expect(row?.power_state !== undefined).toBe(row?.connection_state === 'CONNECTED');
    }
    await done;
    expect(host.connectionState).toBe('connected');
  });

  it.each([
    [true, true],
    [false, false],
  ])('leaves a host that was in maintenance mode in it: %s', async (remediationKeepsMaintenanceMode, stays) => {
    await using lab = await startLab({
      hosts: { vms: 0, except: { '1': { maintenanceMode: true } } },
      switches: { remediationKeepsMaintenanceMode },
    });
    expect((await remediateFirst(lab)).status).toBe('OK');
    expect(firstOf(lab).inMaintenanceMode).toBe(stays);
    expect(lab.story('maintenance-mode-entering')).toEqual([]);
  });

  it('fails when VMs cannot leave, and lets them run', async () => {
    await using lab = await startLab({ hosts: { except: { '1': { stuckVms: 1 } } } });
    const status = await remediateFirst(lab);
    expect(status.status).toBe('ERROR');
    expect(status.notifications.errors?.[0]?.message.default_message).toContain('VMs remain');
    const host = firstOf(lab);
    expect(host).toMatchObject({ inMaintenanceMode: false, busy: null });
    expect(host.runningImage.baseImage).toBe(OLD);
    const stuck = lab.simulator.world.state.vms.filter((vm) => vm.host === host.name && !vm.migratable);
    expect(stuck.map((vm) => vm.powerState)).toEqual(['POWERED_ON']);
  });

  it('fails when DRS is off and VMs run', async () => {
    await using lab = await startLab({ cluster: { drs: false } });
    expect((await remediateFirst(lab)).status).toBe('ERROR');
    expect(lab.story('vm-moved', 'reboot-started')).toEqual([]);
  });

  it('gives up on a host that never gets into maintenance mode', async () => {
    await using lab = await startLab({ faults: [{ kind: 'mm-hangs', host: 'host-1.lab.example', count: null }] });
    expect((await remediateFirst(lab)).status).toBe('ERROR');
    expect(firstOf(lab)).toMatchObject({ inMaintenanceMode: false, busy: null });
  });

  it('tries maintenance mode again as often as the policy says', async () => {
    const failure_action = { action: 'RETRY', retry_delay: 10, retry_count: 2 };
    await using lab = await startLab({
      cluster: { policy: { failure_action } },
      hosts: { except: { '1': { stuckVms: 1 } } },
      durations: { remediationEvacuation: 60 },
    });
    expect((await remediateFirst(lab)).status).toBe('ERROR');
    expect(lab.story('maintenance-mode-failed')).toHaveLength(3);
  });

  it('powers VMs off and on again where the policy says so', async () => {
    await using lab = await startLab({
      cluster: { policy: { pre_remediation_power_action: 'POWER_OFF_VMS' } },
      hosts: { except: { '1': { vms: 2, stuckVms: 1 } } },
    });
    expect((await remediateFirst(lab)).status).toBe('OK');
    const mine = lab.simulator.world.state.vms.filter((vm) => vm.host === firstOf(lab).name);
    expect(mine.map((vm) => vm.powerState)).toEqual(['POWERED_ON', 'POWERED_ON']);
    expect(lab.story('vm-power')).toHaveLength(4);
  });

  it('uses Quick Boot where the policy enables it: what was measured stays', async () => {
    await using lab = await startLab({ cluster: { policy: { enable_quick_boot: true } } });
    const host = firstOf(lab);
    host.quickBootSupported = true;
    expect((await remediateFirst(lab)).status).toBe('OK');
    expect(host).toMatchObject({ lastBoot: 'quick' });
    expect(host.runningImage.baseImage).toBe(NEW);
    expect(host.bootedImage.baseImage).toBe(OLD);
  });

  it('uses Quick Patch where it is enforced and the image allows it: no reboot, no maintenance mode', async () => {
    await using lab = await startLab({
      cluster: { policy: { enforce_quick_patch: true } },
      hosts: { image: 'middle', except: { '2': { image: 'old' } } },
    });
    const host = firstOf(lab);
    const { bootTime } = host;
    const compliance = await lab.api.result<{ hosts: Record<string, { impact: string }> }>(
      'POST',
      `${lab.software}?action=scan&vmw-task=true`,
    );
    expect(lab.hosts.map(({ moid }) => compliance.hosts[moid]?.impact)).toEqual([
      'PARTIAL_MAINTENANCE_MODE_REQUIRED',
      'REBOOT_REQUIRED',
      'PARTIAL_MAINTENANCE_MODE_REQUIRED',
    ]);
    expect((await remediateFirst(lab)).status).toBe('OK');
    expect(host.runningImage.baseImage).toBe(NEW);
    expect(host.bootTime).toBe(bootTime);
    expect(host.bootedImage.baseImage).toBe(MIDDLE);
    expect(lab.story('reboot-started', 'maintenance-mode-entering')).toEqual([]);
  });

  it.each<[FaultSpec['kind'], string, { image: string; up: boolean; inMaintenanceMode: boolean }]>([
    ['remediation-skipped', 'SKIPPED', { image: OLD, up: true, inMaintenanceMode: false }],
    ['remediation-fails', 'ERROR', { image: OLD, up: true, inMaintenanceMode: true }],
    ['old-build', 'ERROR', { image: OLD, up: true, inMaintenanceMode: true }],
    ['no-return', 'TIMED_OUT', { image: OLD, up: false, inMaintenanceMode: true }],
  ])('under %s the task succeeds and the result says %s', async (kind, status, expected) => {
    await using lab = await startLab({ faults: [{ kind, host: 'host-1.lab.example' }] });
    expect((await remediateFirst(lab)).status).toBe(status);
    const { runningImage, up, inMaintenanceMode, busy } = firstOf(lab);
    expect({ image: runningImage.baseImage, up, inMaintenanceMode }).toEqual(expected);
    expect(busy).toBeNull();
  });

  it('goes on while its vCenter is away', async () => {
    await using lab = await startLab({ switches: { tasksSurviveReboot: true }, durations: { reboot: 400 } });
    const { simulator, vCenter, api, software, hosts } = lab;
    vCenter.appliance.pending.push({
      version: '8.0.3.00600',
      build: '24853646',
      name: 'next',
      releaseDate: 0,
      sizeMb: 1,
      updateType: 'FIX',
      rebootRequired: true,
    });
    const body = { user_data: { 'vmdir.password': simulator.ready.password } };
    const task = await api.start('POST', `${software}?action=apply&vmw-task=true`, {
      hosts: [hosts[0]?.moid],
      accept_eula: true,
    });
    await api.call('POST', '/appliance/update/pending/8.0.3.00600?action=stage-and-install', body);
    const { events } = simulator.world;
    const happened = (what: string) => events.all().some((event) => event.what === what);
    await expect.poll(() => happened('vcenter-back'), { timeout: 5_000, interval: 20 }).toBe(true);
    await api.open();
    expect(await api.ended(task)).toMatchObject({ status: 'SUCCEEDED' });
    expect(firstOf(lab).runningImage.baseImage).toBe(NEW);
    const order = events.all().map((event) => event.what);
    expect(order.indexOf('remediation-started')).toBeLessThan(order.indexOf('vcenter-unreachable'));
    expect(order.indexOf('remediation-ended')).toBeGreaterThan(order.indexOf('vcenter-unreachable'));
  });
});
