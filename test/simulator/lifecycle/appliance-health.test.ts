import { describe, expect, it } from 'vitest';

import { startLab } from './support/lab';

describe('health and services of the appliance', () => {
  it('is green in every part, and as bad as its worst', async () => {
    await using lab = await startLab();
    const parts = ['system', 'applmgmt', 'load', 'mem', 'storage', 'swap', 'database-storage', 'software-packages'];
    for (const part of parts) expect(await lab.api.get(`/appliance/health/${part}`)).toBe('green');
    lab.vCenter.appliance.health['storage'] = 'yellow';
    expect(await lab.api.get('/appliance/health/storage')).toBe('yellow');
    expect(await lab.api.get('/appliance/health/system')).toBe('yellow');
  });

  it('shows a service that does not run in both lists, and restarts it', async () => {
    await using lab = await startLab();
    const { api } = lab;
    expect(await api.get('/vcenter/services/vpxd')).toMatchObject({ state: 'STARTED', health: 'HEALTHY' });
    expect((await api.call('POST', '/vcenter/services/vpxd?action=stop')).status).toBe(204);
    expect(await api.get('/vcenter/services')).toMatchObject({ vpxd: { state: 'STOPPED' } });
    expect(await api.get('/vcenter/services/vpxd')).not.toHaveProperty('health');
    expect(await api.get('/appliance/services')).toMatchObject({ vpxd: { state: 'STOPPED' } });
    expect(await api.get('/appliance/health/system')).toBe('orange');
    expect(await api.refused('POST', '/vcenter/services/vpxd?action=stop')).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    expect((await api.call('POST', '/appliance/services/vpxd?action=restart')).status).toBe(204);
    expect(await api.get('/appliance/health/system')).toBe('green');
    expect(await api.refused('GET', '/vcenter/services/none')).toBe('404 NOT_FOUND');
  });
});
