import { describe, expect, it } from 'vitest';

import { CertificateAuthority, newKeyPair, publicPem } from '../../../simulator/world/certificates';
import { startTrustLab } from '../trust-lab';

const TASK = '?vmw-task=true';
const authority = new CertificateAuthority({ commonName: 'maker', now: Date.now() });
const leaf = authority.issue({ commonName: 'tpm', now: Date.now() });

/** Kinds of objects of which a Trust Authority Cluster keeps a list: where, what to create, and how it is found again. */
const kinds = [
  {
    kind: 'a CA certificate',
    path: '/attestation/tpm2/ca-certificates',
    spec: { name: 'maker 1', cert_chain: { cert_chain: [authority.certificate.pem, leaf.pem] } },
    broken: { name: 'maker 2', cert_chain: { cert_chain: [leaf.pem, authority.certificate.pem] } },
    id: (row: Record<string, unknown>) => row['name'] === 'maker 1' && 'maker 1',
    info: { health: 'OK', details: [], cert_chain: { cert_chain: [authority.certificate.pem, leaf.pem] } },
  },
  {
    kind: 'an endorsement key',
    path: '/attestation/tpm2/endorsement-keys',
    spec: { name: 'key/1', public_key: publicPem(newKeyPair()) },
    broken: { name: 'key/2', certificate: leaf.pem },
    id: (row: Record<string, unknown>) => row['name'] === 'key/1' && 'key/1',
    info: { health: 'OK', details: [], public_key: expect.stringContaining('BEGIN PUBLIC KEY') },
  },
  {
    kind: 'a consumer principal',
    path: '/consumer-principals',
    spec: {
      certificates: [{ cert_chain: [leaf.pem] }],
      issuer_alias: 'other',
      issuer: 'https://other-vc.lab.example/sts',
      principal: { id: { name: 'vpxd', domain: 'vsphere.local' }, type: 'STS_USER' },
    },
    broken: null,
    id: (row: Record<string, unknown>) => row['issuer_alias'] === 'other' && row['id'],
    info: { health: 'OK', issuer: 'https://other-vc.lab.example/sts', certificates: [{ cert_chain: [leaf.pem] }] },
  },
  {
    kind: 'a key provider',
    path: '/kms/providers',
    spec: {
      provider: 'second kms',
      master_key_id: 'k',
      key_server: {
        type: 'KMIP',
        description: 'd',
        connection_timeout: 7,
        proxy_server: { hostname: 'proxy' },
        kmip_server: { servers: [{ name: 'a', address: { hostname: 'kms-1.lab.example', port: 5696 } }] },
      },
    },
    broken: {
      provider: 'third',
      master_key_id: 'k',
      key_server: { type: 'KMIP', kmip_server: { servers: [] } },
    },
    id: (row: Record<string, unknown>) => row['provider'] === 'second kms' && 'second kms',
    info: {
      master_key_id: 'k',
      key_server: {
        type: 'KMIP',
        description: 'd',
        connection_timeout: 7,
        proxy_server: { hostname: 'proxy' },
        kmip_server: { servers: [{ name: 'a', address: { hostname: 'kms-1.lab.example', port: 5696 } }] },
      },
      status: { health: 'ERROR', servers: [{ name: 'a', server_trust_client: false }] },
    },
  },
];

describe('objects of a Trust Authority Cluster', () => {
  it.each(kinds)(
    '$kind is created, found, refused a second time, and removed',
    async ({ path, spec, broken, id, info }) => {
      await using lab = await startTrustLab();
      const list = async (): Promise<unknown[]> => {
        const rows = await lab.authority.result<Record<string, unknown>[]>(
          path === '/consumer-principals' ? 'POST' : 'GET',
          `${lab.tac}${path}${path === '/consumer-principals' ? '?action=query&vmw-task=true' : TASK}`,
        );
        return rows.map(id).filter((found) => found !== false);
      };
      expect(await list()).toEqual([]);
      await lab.authority.result('POST', lab.tac + path + TASK, spec);
      expect(await lab.authority.refused('POST', lab.tac + path + TASK, spec)).toBe('400 ALREADY_EXISTS');
      if (broken)
        expect(await lab.authority.refused('POST', lab.tac + path + TASK, broken)).toBe('400 INVALID_ARGUMENT');
      const [name] = await list();
      const one = `${lab.tac}${path}/${encodeURIComponent(String(name))}${TASK}`;
      expect(await lab.authority.result('GET', one)).toMatchObject(info);
      await lab.authority.result('DELETE', one);
      expect(await list()).toEqual([]);
      expect(await lab.authority.refused('GET', one)).toBe('404 NOT_FOUND');
      expect(await lab.authority.refused('DELETE', one)).toBe('404 NOT_FOUND');
      const changes = lab.events('trust-config-changed').map((event) => event.detail['action']);
      expect(changes).toEqual(['created', 'removed']);
    },
  );

  it('consumer principals are found by issuer and by principal', async () => {
    await using lab = await startTrustLab();
    const query = `${lab.tac}/consumer-principals?action=query&vmw-task=true`;
    const [known] = await lab.authority.result<{ issuer: string; principal: object }[]>('POST', query);
    const principal = await lab.workload.get('/vcenter/trusted-infrastructure/principal');
    expect(known).toMatchObject({ issuer: principal['issuer'], principal: principal['principal'] });
    const found = (filter: object) => lab.authority.result('POST', query, filter);
    expect(await found({ issuer: [known?.issuer] })).toHaveLength(1);
    expect(await found({ issuer: ['https://other'] })).toEqual([]);
    expect(await found({ principals: [known?.principal] })).toHaveLength(1);
    expect(await found({ principals: [{ id: { name: 'x', domain: 'y' }, type: 'STS_GROUP' }] })).toEqual([]);
  });

  it('a service that is down is told by name', async () => {
    await using lab = await startTrustLab();
    const status = () => lab.authority.result('GET', `${lab.tac}/attestation/service-status${TASK}`);
    expect(await status()).toEqual({ health: 'OK', details: [] });
    lab.host('ta-1').connectionState = 'disconnected';
    expect(await status()).toMatchObject({ health: 'WARNING', details: [{ args: ['ta-1.lab.example'] }] });
    for (const service of lab.host('ta-2').services) if (service.key === 'attestd') service.running = false;
    expect(await status()).toMatchObject({
      health: 'ERROR',
      details: [{}, { default_message: 'attestd does not run on ta-2.lab.example.' }],
    });
  });

  it('nothing of it can be asked of a cluster that is not enabled, or does not exist', async () => {
    await using lab = await startTrustLab();
    const base = '/vcenter/trusted-infrastructure/trust-authority-clusters';
    for (const cluster of [lab.cluster.moid, 'domain-c999']) {
      const path = `${base}/${cluster}/attestation/os/esx/base-images${TASK}`;
      expect(await lab.workload.refused('GET', path)).toBe('404 NOT_FOUND');
    }
    expect(await lab.workload.get(`${base}/${lab.cluster.moid}`)).toEqual({
      cluster: lab.cluster.moid,
      state: 'DISABLE',
    });
  });
});
