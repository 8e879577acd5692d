import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { startTrustLab, type TrustLab } from '../trust-lab';

function tpm(lab: TrustLab, name: string): string {
  return `/vcenter/trusted-infrastructure/hosts/${lab.host(name).moid}/hardware/tpm`;
}

describe('the TPM of a host', () => {
  it('has one endorsement key, whose certificate its maker signed', async () => {
    await using lab = await startTrustLab();
    expect((await lab.workload.call('GET', tpm(lab, 'host-1'))).body).toEqual([
      { tpm: 'tpm0', major_version: 2, minor_version: 0, active: true },
    ]);
    const keys = `${tpm(lab, 'host-1')}/tpm0/endorsement-keys`;
    const [row] = (await lab.workload.call('GET', keys)).body as { key: string }[];
    const info = await lab.workload.get<{
      public_key: string;
      certificate: string;
      manufacturer_certificates: { cert_chain: string[] };
    }>(`${keys}/${row?.key}`);
    const certificate = new X509Certificate(info.certificate);
    const maker = new X509Certificate(info.manufacturer_certificates.cert_chain[0] ?? '');
    expect(certificate.verify(maker.publicKey)).toBe(true);
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(info.public_key);
    expect((await lab.workload.call('GET', `${keys}?types=RSA_2048`)).body).toEqual([]);
  });

  it('is filtered by version and activity, absent where the host has none, and refused where it is unknown', async () => {
    await using lab = await startTrustLab();
    expect((await lab.workload.call('GET', `${tpm(lab, 'host-1')}?major_versions=1`)).body).toEqual([]);
    expect((await lab.workload.call('GET', `${tpm(lab, 'host-1')}?active=false`)).body).toEqual([]);
    expect(await lab.workload.refused('GET', `${tpm(lab, 'host-1')}/tpm1`)).toBe('404 NOT_FOUND');
    expect(await lab.workload.refused('GET', `${tpm(lab, 'host-1')}/tpm0/endorsement-keys/none`)).toBe('404 NOT_FOUND');
    lab.host('host-2').tpm.present = false;
    expect((await lab.workload.call('GET', tpm(lab, 'host-2'))).body).toEqual([]);
    lab.host('host-2').up = false;
    expect(await lab.workload.refused('GET', tpm(lab, 'host-2'))).toBe('503 SERVICE_UNAVAILABLE');
  });

  it('lists its registers where the scenario says so; one of them follows the booted image', async () => {
    await using lab = await startTrustLab({ switches: { tpmRegisters: 'listed' } });
    const registers = async (name: string) => {
      const info = await lab.workload.get<{ banks: { pcrs: Record<string, string> }[] }>(`${tpm(lab, name)}/tpm0`);
      return info.banks[0]?.pcrs ?? {};
    };
    const before = await registers('host-1');
    expect(Object.keys(before)).toHaveLength(24);
    await lab.control('POST', '/world/edit', {
      edit: 'set-image',
      host: 'host-1.lab.example',
      baseImage: '8.0.3-0.0.24674464',
    });
    const after = await registers('host-1');
    expect(Object.keys(after).filter((register) => after[register] !== before[register])).toEqual(['19']);
  });
});
