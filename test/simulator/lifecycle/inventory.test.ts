import { describe, expect, it } from 'vitest';

import { NEW, startLab } from './support/lab';

interface Row {
  host: string;
  name: string;
  connection_state: string;
  power_state?: string;
}

describe('inventory over REST', () => {
  it('narrows hosts by every filter', async () => {
    await using lab = await startLab({ hosts: { except: { '3': { connectionState: 'disconnected' } } } });
    const { api, cluster } = lab;
    const hosts = async (query: string) => (await api.get<Row[]>(`/vcenter/host?${query}`)).map((row) => row.name);
    const [first, second, third] = lab.hosts.map((host) => host.name);
    const [a, b] = lab.hosts.map((host) => host.moid);
    expect(await hosts('')).toEqual([first, second, third]);
    expect(await hosts(`hosts=${a}&hosts=${b}`)).toEqual([first, second]);
    expect(await hosts(`names=${second}`)).toEqual([second]);
    expect(await hosts(`clusters=${cluster.moid}`)).toHaveLength(3);
    expect(await hosts('clusters=domain-c999')).toEqual([]);
    expect(await hosts('datacenters=datacenter-3&standalone=false')).toHaveLength(3);
    expect(await hosts('standalone=true')).toEqual([]);
    expect(await hosts('connection_states=CONNECTED')).toEqual([first, second]);
    expect(await api.refused('GET', '/vcenter/host?connection_states=AWAY')).toBe('400 INVALID_ARGUMENT');
  });

  it('connects and disconnects, and tells when there is nothing to do', async () => {
    await using lab = await startLab();
    const { api } = lab;
    const [host] = lab.hosts;
    const path = `/vcenter/host/${host?.moid}`;
    expect(await api.refused('POST', `${path}?action=connect`)).toBe('400 ALREADY_IN_DESIRED_STATE');
    expect((await api.call('POST', `${path}?action=disconnect`)).status).toBe(204);
    const [row] = await api.get<Row[]>(`/vcenter/host?hosts=${host?.moid}`);
    expect(row).toEqual({ host: host?.moid, name: host?.name, connection_state: 'DISCONNECTED' });
    expect(await api.refused('POST', `${path}?action=disconnect`)).toBe('400 ALREADY_IN_DESIRED_STATE');
    expect((await api.call('POST', `${path}?action=connect`)).status).toBe(204);
    expect(host?.connectionState).toBe('connected');
    expect(await api.refused('DELETE', path)).toBe('400 RESOURCE_IN_USE');
    expect(await api.refused('POST', '/vcenter/host/host-999?action=connect')).toBe('404 NOT_FOUND');
  });

  it('lists clusters, datacenters and virtual machines', async () => {
    await using lab = await startLab();
    const { api, cluster } = lab;
    expect(await api.get('/vcenter/cluster?names=Trusted%20Cluster')).toEqual([
      { cluster: cluster.moid, name: 'Trusted Cluster', ha_enabled: true, drs_enabled: true },
    ]);
    expect(await api.get(`/vcenter/cluster/${cluster.moid}`)).toMatchObject({ name: 'Trusted Cluster' });
    expect(await api.refused('GET', '/vcenter/cluster/domain-c999')).toBe('404 NOT_FOUND');
    const [datacenter] = await api.get<{ datacenter: string; name: string }[]>('/vcenter/datacenter');
    expect(await api.get(`/vcenter/datacenter/${datacenter?.datacenter}`)).toMatchObject({ name: datacenter?.name });
    const on = await api.get<{ vm: string; name: string }[]>(`/vcenter/vm?hosts=${lab.hosts[0]?.moid}`);
    expect(on).toHaveLength(1);
    expect(await api.get(`/vcenter/vm/${on[0]?.vm}`)).toMatchObject({ name: on[0]?.name, power_state: 'POWERED_ON' });
  });

  it('tells what is installed on a host', async () => {
    await using lab = await startLab({ hosts: { image: 'special' } });
    const { api } = lab;
    const [host] = lab.hosts;
    expect(await api.get(`/esx/hosts/${host?.moid}/software/installed-components`)).toMatchObject({
      ESXi: { version: NEW },
      driver: { version: '2.0-1' },
    });
    expect(await api.get(`/esx/software?auth_type=EXISTING&host=${host?.moid}`)).toMatchObject({
      software_info: { base_image: { version: NEW }, add_on: { name: 'oem' } },
    });
    expect(await api.refused('GET', '/esx/hosts/host-999/software/installed-components')).toBe('404 NOT_FOUND');
  });
});
