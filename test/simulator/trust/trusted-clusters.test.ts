import { describe, expect, it } from 'vitest';

import { startTrustLab, type TrustLab } from '../trust-lab';

const TASK = '?vmw-task=true';
const SERVICES = '/vcenter/trusted-infrastructure/attestation/services';

interface Service {
  service: string;
  address: { hostname: string };
  trust_authority_cluster: string;
}

describe('Trusted Clusters', () => {
  it('applied configuration is compared host by host, and made equal by remediation', async () => {
    await using lab = await startTrustLab();
    expect(await applied(lab)).toEqual({ health: 'OK', details: [] });
    lab.host('host-2').appliedTrust.kms.pop();
    expect(await applied(lab)).toMatchObject({
      health: 'ERROR',
      details: [{ default_message: expect.stringContaining('host-2.lab.example') }],
    });
    await lab.workload.result('PATCH', `${lab.trusted}/services-applied-config${TASK}`);
    expect(await applied(lab)).toMatchObject({ health: 'OK' });
    lab.host('host-1').connectionState = 'disconnected';
    expect(await applied(lab)).toMatchObject({ health: 'NONE' });
  });

  it('remediating a cluster that is not trusted strips its hosts', async () => {
    await using lab = await startTrustLab();
    lab.cluster.trustServices = { attestation: [], kms: [] };
    expect(await applied(lab)).toMatchObject({ health: 'ERROR' });
    await lab.workload.result('PATCH', `${lab.trusted}/services-applied-config${TASK}`);
    expect(lab.host('host-1').appliedTrust).toEqual({ attestation: [], kms: [] });
    await lab.attestation('host-1', 'none');
    expect(await applied(lab)).toMatchObject({ health: 'OK' });
  });

  it('only one change of a cluster at a time', async () => {
    await using lab = await startTrustLab({ durations: { taskWork: 200 } });
    const path = `${lab.trusted}/services-applied-config${TASK}`;
    const first = await lab.workload.start('PATCH', path);
    expect(await lab.workload.refused('PATCH', path)).toBe('500 RESOURCE_BUSY');
    expect(await lab.workload.ended(first)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('hosts that cannot be reached are named, the others are done', async () => {
    await using lab = await startTrustLab();
    lab.host('host-1').appliedTrust.kms = [];
    lab.host('host-2').connectionState = 'notResponding';
    const ended = await lab.workload.task('PATCH', `${lab.trusted}/services-applied-config${TASK}`);
    expect(ended.error).toMatchObject({
      error_type: 'ERROR',
      messages: [{ default_message: 'Not reached: host-2.lab.example.' }],
    });
    expect(lab.host('host-1').appliedTrust.kms).toHaveLength(3);
  });

  it('a service is asked for by its address, and is no service when nobody has it', async () => {
    await using lab = await startTrustLab();
    const path = `${lab.trusted}/attestation/services-applied-config${TASK}`;
    expect(await lab.workload.result('GET', `${path}&hostname=ta-1.lab.example&port=443`)).toMatchObject({
      health: 'OK',
      groups: [expect.any(String)],
      trustedc_as: [{ cert_chain: [expect.stringContaining('BEGIN CERTIFICATE')] }],
    });
    expect(await lab.workload.refused('GET', `${path}&hostname=ta-9.lab.example`)).toBe('404 NOT_FOUND');
    expect(await lab.workload.refused('GET', path)).toBe('400 INVALID_ARGUMENT');
  });

  it('services are registered once, used by clusters, and not deleted while in use', async () => {
    await using lab = await startTrustLab();
    const services = (await lab.workload.call('POST', `${SERVICES}?action=query`)).body as Service[];
    const [first] = services;
    expect(services.map((service) => service.address.hostname)).toEqual(
      ['ta-1', 'ta-2', 'ta-3'].map((name) => `${name}.lab.example`),
    );
    const info = await lab.workload.get(`${SERVICES}/${first?.service}`);
    expect(Object.keys(info).sort()).toEqual(['address', 'group', 'trust_authority_cluster', 'trusted_CA']);
    expect(await lab.workload.refused('POST', SERVICES, info)).toBe('400 ALREADY_EXISTS');
    const other = await lab.workload.call('POST', SERVICES, { ...info, address: { hostname: 'ta-9', port: 443 } });
    expect(other).toEqual({ status: 201, body: expect.any(String) });
    expect((await lab.workload.call('DELETE', `${SERVICES}/${String(other.body)}`)).status).toBe(204);
    expect(await lab.workload.refused('DELETE', `${SERVICES}/${first?.service}`)).toBe('500 RESOURCE_BUSY');
    await lab.workload.result('DELETE', `${lab.trusted}/attestation/services/${first?.service}${TASK}`);
    expect((await lab.workload.call('DELETE', `${SERVICES}/${first?.service}`)).status).toBe(204);
    expect(lab.host('host-1').appliedTrust.attestation).toHaveLength(2);
  });

  it('a cluster gets one service, or all of a Trust Authority Cluster; without licence none', async () => {
    await using lab = await startTrustLab();
    const path = `${lab.trusted}/attestation/services`;
    const [first, ...others] = (await lab.workload.call('POST', `${path}?action=query`)).body as Service[];
    const one = { type: 'SERVICE', service: first?.service };
    expect(await lab.workload.refused('POST', path + TASK, one)).toBe('400 ALREADY_EXISTS');
    for (const { service } of [first, ...others].flatMap((each) => each ?? [])) {
      await lab.workload.result('DELETE', `${path}/${service}${TASK}`);
    }
    await lab.attestation('host-1', 'none');
    for (const host of [lab.host('host-1'), lab.host('host-2')]) host.trustLicence = false;
    expect(await lab.workload.refused('POST', path + TASK, one)).toBe('500 UNABLE_TO_ALLOCATE_RESOURCE');
    lab.host('host-2').trustLicence = true;
    expect(await lab.workload.result('POST', path + TASK, one)).toBe(first?.service);
    await lab.workload.result('POST', path + TASK, {
      type: 'CLUSTER',
      trust_authority_cluster: first?.trust_authority_cluster,
    });
    expect(lab.cluster.trustServices.attestation).toHaveLength(3);
    await lab.attestation('host-1', 'attested');
    const both = { ...one, trust_authority_cluster: 'domain-c8' };
    expect(await lab.workload.refused('POST', path + TASK, both)).toBe('400 INVALID_ARGUMENT');
  });

  it('a Trusted Cluster cannot become a Trust Authority Cluster (R35)', async () => {
    await using lab = await startTrustLab();
    const path = `/vcenter/trusted-infrastructure/trust-authority-clusters/${lab.cluster.moid}${TASK}`;
    expect(await lab.workload.refused('PATCH', path, { state: 'ENABLE' })).toBe('500 ERROR');
    expect(lab.cluster.trustAuthority).toBe('DISABLE');
  });
});

function applied(lab: TrustLab): Promise<unknown> {
  return lab.workload.result('GET', `${lab.trusted}/services-applied-config${TASK}`);
}
