import { describe, expect, it } from 'vitest';

import { commitSpec } from '../../../simulator/world/lifecycle-drafts';
import { MIDDLE, NEW, OLD, startLab } from './support/lab';

const APPLY = '?action=apply&vmw-task=true';

interface ApplyResult {
  commit: string;
  status: { status: string };
  successful_hosts: string[];
  failed_hosts: string[];
  skipped_hosts: string[];
}

describe('applying the desired image to a cluster', () => {
  it('remediates the named host only, and reports it', async () => {
    await using lab = await startLab();
    const [first, second] = lab.hosts;
    const body = { hosts: [first?.moid], accept_eula: true };
    const result = await lab.api.result<ApplyResult>('POST', lab.software + APPLY, body);
    expect(result).toMatchObject({
      status: { status: 'OK' },
      successful_hosts: [first?.moid],
      failed_hosts: [],
      skipped_hosts: [],
    });
    expect(await lab.api.get(`${lab.software}/reports/last-apply-result`)).toEqual(result);
    expect(first?.runningImage.baseImage).toBe(NEW);
    expect(second?.runningImage.baseImage).toBe(OLD);
    expect(lab.story('remediation-started')).toEqual(['host-1 remediation-started']);
    expect(await lab.api.get(`${lab.software}/compliance`)).toMatchObject({
      status: 'NON_COMPLIANT',
      compliant_hosts: [first?.moid],
    });
  });

  it.each([[{}], [{ hosts: [] }]])('takes %j for ALL hosts, one after the other', async (hosts) => {
    await using lab = await startLab();
    const result = await lab.api.result<ApplyResult>('POST', lab.software + APPLY, { ...hosts, accept_eula: true });
    expect(result.successful_hosts).toEqual(lab.hosts.map((host) => host.moid));
    const out: string[] = [];
    let most = 0;
    for (const line of lab.story('maintenance-mode-entering', 'maintenance-mode-left')) {
      const [host = '', what] = line.split(' ');
      if (what === 'maintenance-mode-entering') out.push(host);
      else out.splice(out.indexOf(host), 1);
      most = Math.max(most, out.length);
    }
    expect(most).toBe(1);
    expect(await lab.api.refused('POST', lab.software + APPLY, { accept_eula: true })).toBe(
      '400 ALREADY_IN_DESIRED_STATE',
    );
    expect(await lab.api.refused('POST', `${lab.software}?action=check&vmw-task=true`, {})).toBe(
      '400 NOT_ALLOWED_IN_CURRENT_STATE',
    );
  });

  it('wants the EULA, hosts and commits of its own, and a cluster with an image', async () => {
    await using lab = await startLab();
    const { api, software, cluster } = lab;
    expect(await api.refused('POST', software + APPLY, {})).toBe('500 ERROR');
    expect(await api.refused('POST', software + APPLY, { accept_eula: true, hosts: ['host-999'] })).toBe(
      '400 INVALID_ARGUMENT',
    );
    expect(await api.refused('POST', software + APPLY, { accept_eula: true, commit: 'none' })).toBe(
      '400 INVALID_ARGUMENT',
    );
    expect(await api.refused('POST', `/esx/settings/clusters/domain-c999/software${APPLY}`, {})).toBe('404 NOT_FOUND');
    cluster.lifecycle.enabled = false;
    expect(await api.refused('POST', software + APPLY, { accept_eula: true })).toBe('400 INVALID_ARGUMENT');
    expect(lab.story('remediation-started')).toEqual([]);
  });

  it('has the cluster for itself', async () => {
    await using lab = await startLab({ durations: { imageInstall: 600 } });
    const { api, software, hosts } = lab;
    const running = await api.start('POST', software + APPLY, { hosts: [hosts[0]?.moid], accept_eula: true });
    const second = { hosts: [hosts[1]?.moid], accept_eula: true };
    expect(await api.refused('POST', software + APPLY, second)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    expect(await api.refused('POST', `${software}?action=check&vmw-task=true`, {})).toBe(
      '400 NOT_ALLOWED_IN_CURRENT_STATE',
    );
    expect(await api.refused('POST', `${software}?action=stage&vmw-task=true`, {})).toBe(
      '400 NOT_ALLOWED_IN_CURRENT_STATE',
    );
    await api.ended(running);
    await api.result('POST', software + APPLY, second);
  });

  it('applies the newest image, whatever older commit was named', async () => {
    await using lab = await startLab({ cluster: { desiredImage: 'middle' } });
    const { simulator, vCenter, cluster, api, software, hosts } = lab;
    const named = cluster.lifecycle.commits[0]?.id;
    const by = { user: 'bob@vsphere.local', message: '' };
    const later = commitSpec(simulator.world, vCenter, cluster, { baseImage: NEW, components: {} }, by);
    const body = { commit: named, hosts: [hosts[0]?.moid], accept_eula: true };
    const result = await api.result<ApplyResult>('POST', software + APPLY, body);
    expect(result.commit).toBe(later.id);
    expect(hosts[0]?.runningImage.baseImage).toBe(NEW);
    expect(MIDDLE).not.toBe(NEW);
  });

  it('stops at the first host that fails, and the task may say so or not', async () => {
    const faults = [{ kind: 'remediation-fails' as const, host: 'host-1.lab.example' }];
    for (const applyTaskFailsWithHost of [false, true]) {
      await using lab = await startLab({ faults, switches: { applyTaskFailsWithHost } });
      const ended = await lab.api.task('POST', lab.software + APPLY, { accept_eula: true });
      expect(ended.status).toBe(applyTaskFailsWithHost ? 'FAILED' : 'SUCCEEDED');
      const [first, second, third] = lab.hosts.map((host) => host.moid);
      expect(await lab.api.get(`${lab.software}/reports/last-apply-result`)).toMatchObject({
        status: { status: 'ERROR' },
        failed_hosts: [first],
        skipped_hosts: [second, third],
      });
    }
  });

  it('remediates in parallel only what is in maintenance mode already', async () => {
    await using lab = await startLab({
      cluster: { policy: { parallel_remediation_action: { enabled: true } } },
      hosts: { vms: 0, except: { '1': { maintenanceMode: true }, '2': { maintenanceMode: true } } },
    });
    const result = await lab.api.result<ApplyResult>('POST', lab.software + APPLY, { accept_eula: true });
    const [first, second, third] = lab.hosts.map((host) => host.moid);
    expect(new Set(result.successful_hosts)).toEqual(new Set([first, second]));
    expect(result.skipped_hosts).toEqual([third]);
    expect(lab.story('reboot-started', 'reboot-ended').slice(0, 2)).toEqual([
      'host-1 reboot-started',
      'host-2 reboot-started',
    ]);
  });

  it('reports its errors inside the task where the scenario says so, and still locks the cluster', async () => {
    await using lab = await startLab({ switches: { errorsAt: 'task' }, durations: { imageInstall: 400 } });
    const body = { hosts: ['host-999'], accept_eula: true };
    expect(await lab.api.task('POST', lab.software + APPLY, body)).toMatchObject({
      status: 'FAILED',
      error: { error_type: 'INVALID_ARGUMENT' },
    });
    const running = await lab.api.start('POST', lab.software + APPLY, { accept_eula: true });
    expect(await lab.api.task('POST', lab.software + APPLY, { accept_eula: true })).toMatchObject({
      error: { error_type: 'NOT_ALLOWED_IN_CURRENT_STATE' },
    });
    await lab.api.ended(running);
  });
});
