import { describe, expect, it } from 'vitest';

import { install } from '../../../simulator/world/host-boot';
import { imageOf } from '../../../simulator/world/image';
import { NEW, OLD, startLab } from './support/lab';

interface CheckResult {
  status: string;
  entity_results: {
    type: string;
    host?: string;
    cluster?: string;
    status: string;
    check_statuses: { check: { check: string }; status: string }[];
  }[];
}

describe('apply policy', () => {
  it('unsets what a PUT leaves out, and shows what holds', async () => {
    await using lab = await startLab();
    const policy = `/esx/settings/clusters/${lab.cluster.moid}/policies/apply`;
    expect(await lab.api.get(policy)).toEqual({});
    expect(await lab.api.get(`${policy}/effective`)).toMatchObject({
      enable_quick_boot: false,
      enforce_quick_patch: false,
      failure_action: { action: 'FAIL' },
    });
    const both = { enable_quick_boot: true, enforce_quick_patch: true };
    expect((await lab.api.call('PUT', policy, both)).status).toBe(204);
    expect(await lab.api.get(policy)).toEqual(both);
    expect((await lab.api.call('PUT', policy, { enable_quick_boot: true })).status).toBe(204);
    expect(await lab.api.get(policy)).toEqual({ enable_quick_boot: true });
    expect(await lab.api.get(`${policy}/effective`)).toMatchObject({
      enable_quick_boot: true,
      enforce_quick_patch: false,
    });
  });

  it('refuses what cannot be', async () => {
    await using lab = await startLab();
    const policy = `/esx/settings/clusters/${lab.cluster.moid}/policies/apply`;
    const memory = { pre_remediation_power_action: 'SUSPEND_VMS_TO_MEMORY' };
    expect(await lab.api.refused('PUT', policy, memory)).toBe('400 INVALID_ARGUMENT');
    expect((await lab.api.call('PUT', policy, { ...memory, enable_quick_boot: true })).status).toBe(204);
    const incomplete = { failure_action: { action: 'RETRY', retry_count: 3 } };
    expect(await lab.api.refused('PUT', policy, incomplete)).toBe('400 INVALID_ARGUMENT');
  });
});

describe('enablement', () => {
  it('tells clusters with an image from clusters with baselines', async () => {
    await using lab = await startLab({ cluster: { imageManaged: false } });
    const { api, software } = lab;
    const enablement = `/esx/settings/clusters/${lab.cluster.moid}/enablement/software`;
    expect(await api.get(enablement)).toEqual({ enabled: false });
    expect(await api.refused('GET', software)).toBe('404 NOT_FOUND');
    expect(await api.refused('POST', `${software}?action=scan&vmw-task=true`)).toBe('404 NOT_FOUND');
    expect(await api.refused('PUT', `${enablement}?vmw-task=true`)).toBe('500 ERROR');

    const draft = (await api.call('POST', `${software}/drafts`)).body as string;
    await api.call('PUT', `${software}/drafts/${draft}/software/base-image`, { version: NEW });
    await api.result('POST', `${software}/drafts/${draft}?action=commit&vmw-task=true`, {});
    await api.result('PUT', `${enablement}?vmw-task=true`);
    expect(await api.get(enablement)).toEqual({ enabled: true });
    expect(await api.refused('PUT', `${enablement}?vmw-task=true`)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
  });
});

describe('compliance', () => {
  it('is what the last scan saw, each host in one set', async () => {
    await using lab = await startLab({
      hosts: { except: { '1': { image: 'new' }, '2': { connectionState: 'disconnected' } } },
    });
    const [first, second, third] = lab.hosts;
    const scan = await lab.api.result('POST', `${lab.software}?action=scan&vmw-task=true`);
    expect(scan).toMatchObject({
      status: 'NON_COMPLIANT',
      compliant_hosts: [first?.moid],
      unavailable_hosts: [second?.moid],
      non_compliant_hosts: [third?.moid],
      incompatible_hosts: [],
    });
    // A host that changes outside vLCM does not change the last scan.
    if (first) install(lab.simulator.world, first, imageOf(OLD));
    expect(await lab.api.get(`${lab.software}/compliance`)).toEqual(scan);
  });

  it('calls a host that runs something newer incompatible', async () => {
    await using lab = await startLab({
      hosts: { except: { '1': { image: 'new' } } },
      cluster: { desiredImage: 'old' },
    });
    expect(await lab.api.result('POST', `${lab.software}?action=scan&vmw-task=true`)).toMatchObject({
      status: 'INCOMPATIBLE',
      incompatible_hosts: [lab.hosts[0]?.moid],
    });
  });

  it('tells hosts apart that run the same version with other components (R6)', async () => {
    await using lab = await startLab({ hosts: { image: 'new', except: { '3': { image: 'special' } } } });
    const scan = await lab.api.result<{ hosts: Record<string, unknown>; non_compliant_hosts: string[] }>(
      'POST',
      `${lab.software}?action=scan&vmw-task=true`,
    );
    const third = lab.hosts[2]?.moid ?? '';
    expect(scan.non_compliant_hosts).toEqual([third]);
    expect(scan.hosts[third]).toMatchObject({
      base_image: { status: 'COMPLIANT' },
      add_on: { status: 'NON_COMPLIANT', current: { name: 'oem' } },
      components: { driver: { status: 'NON_COMPLIANT' } },
    });
  });
});

describe('check and stage', () => {
  it('names what would keep a host from being remediated', async () => {
    await using lab = await startLab({ hosts: { except: { '2': { stuckVms: 1 } } } });
    const result = await lab.api.result<CheckResult>('POST', `${lab.software}?action=check&vmw-task=true`, {});
    expect(result.status).toBe('ERROR');
    const bad = result.entity_results.filter((entity) => entity.status !== 'OK');
    expect(bad.map((entity) => entity.host)).toEqual([lab.hosts[1]?.moid]);
    expect(bad[0]?.check_statuses.filter((check) => check.status !== 'OK').map((check) => check.check.check)).toEqual([
      'com.vmware.simulator.lcm.check.evacuation',
    ]);
    expect(await lab.api.get(`${lab.software}/reports/last-check-result`)).toEqual(result);
    expect(lab.story('maintenance-mode-entering', 'reboot-started')).toEqual([]);
  });

  it('stages without installing', async () => {
    await using lab = await startLab();
    const [host] = lab.hosts;
    const body = { hosts: [host?.moid] };
    expect(await lab.api.result('POST', `${lab.software}?action=stage&vmw-task=true`, body)).toMatchObject({
      successful_hosts: [host?.moid],
    });
    expect(host?.runningImage.baseImage).toBe(OLD);
    const compliance = await lab.api.get<{ stage_status: string; hosts: Record<string, { stage_status: string }> }>(
      `${lab.software}/compliance`,
    );
    expect(compliance.hosts[host?.moid ?? '']?.stage_status).toBe('STAGED');
    expect(compliance.stage_status).toBe('NOT_STAGED');
  });
});
