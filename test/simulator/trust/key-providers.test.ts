import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { CertificateAuthority, selfSigned } from '../../../simulator/world/certificates';
import { startTrustLab, type TrustLab } from '../trust-lab';

interface ProviderInfo {
  master_key_id: string;
  status: { health: string; servers: { name: string; client_trust_server: boolean; server_trust_client: boolean }[] };
}

const TASK = '?vmw-task=true';

describe('key providers', () => {
  it('a provider whose servers and client trust each other is OK; no answer holds a secret', async () => {
    await using lab = await startTrustLab();
    const info = await provider(lab, 'corp-kms');
    expect(info.status).toMatchObject({
      health: 'OK',
      servers: [
        { name: 'kms-1', client_trust_server: true, server_trust_client: true },
        { name: 'kms-2', client_trust_server: true, server_trust_client: true },
      ],
    });
    const text = JSON.stringify(info);
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(lab.host('ta-1').trust?.keyProviders[0]?.password);
  });

  it('the client key in the infrastructure file is the private half of the client certificate (R33)', async () => {
    await using lab = await startTrustLab();
    const { certificate } = await lab.authority.result<{ certificate: string }>(
      'GET',
      `${lab.tac}/kms/providers/corp-kms/client-certificate${TASK}`,
    );
    const file = /clientKey: file:(.*)/.exec(readFileSync(lab.simulator.ready.infrastructureFile, 'utf8'))?.[1];
    const key = createPrivateKey(readFileSync(file ?? '', 'utf8'));
    expect(new X509Certificate(certificate).checkPrivateKey(key)).toBe(true);
  });

  it('a wrong password, a strange client certificate and a dead server each show at the servers', async () => {
    await using lab = await startTrustLab();
    await lab.authority.result('PUT', `${lab.tac}/kms/providers/corp-kms/credential${TASK}`, 'wrong');
    expect((await provider(lab, 'corp-kms')).status).toMatchObject({
      health: 'ERROR',
      servers: [{ server_trust_client: false, client_trust_server: true }, { server_trust_client: false }],
    });
    await lab.authority.result(
      'PUT',
      `${lab.tac}/kms/providers/corp-kms/credential${TASK}`,
      readSecret(lab, 'corp-kms-password'),
    );
    expect((await provider(lab, 'corp-kms')).status.health).toBe('OK');

    await lab.control('POST', '/world/edit', {
      edit: 'set-key-server',
      hostname: 'kms-2.lab.example',
      reachable: false,
    });
    expect((await provider(lab, 'corp-kms')).status).toMatchObject({ health: 'WARNING', servers: [{}, {}] });
    const peers = await lab.authority.result<{ server_name: string; trusted: boolean; error_messages: unknown[] }[]>(
      'GET',
      `${lab.tac}/kms/providers/corp-kms/peer-certs/current${TASK}&trusted=false`,
    );
    expect(peers).toMatchObject([{ server_name: 'kms-2', error_messages: [{}] }]);

    await lab.authority.result('POST', `${lab.tac}/kms/providers/corp-kms/client-certificate${TASK}`);
    expect((await provider(lab, 'corp-kms')).status.health).toBe('ERROR');
  });

  it('a new provider is configured step by step until its server takes it', async () => {
    await using lab = await startTrustLab();
    const path = `${lab.tac}/kms/providers`;
    await lab.authority.result('POST', path + TASK, {
      provider: 'second',
      master_key_id: 'key-1',
      key_server: {
        type: 'KMIP',
        kmip_server: {
          servers: [{ name: 'a', address: { hostname: 'kms-1.lab.example', port: 5696 } }],
          username: 'kmip',
        },
      },
    });
    await lab.authority.result('PATCH', `${path}/second/client-certificate${TASK}`, {
      certificate: lab.host('ta-1').trust?.keyProviders[0]?.clientCertificate,
      private_key: readSecret(lab, 'corp-kms-client.key'),
    });
    await lab.authority.result('PUT', `${path}/second/credential${TASK}`, readSecret(lab, 'corp-kms-password'));
    const [server] = await lab.authority.result<{ certificate: string }[]>(
      'GET',
      `${path}/second/peer-certs/current${TASK}`,
    );
    await lab.authority.result('PATCH', `${path}/second/peer-certs/trusted${TASK}`, {
      certificates: [server?.certificate],
    });
    expect((await provider(lab, 'second')).status.health).toBe('OK');
    await lab.authority.result('PATCH', `${path}/second${TASK}`, { master_key_id: 'key-2' });
    expect(await provider(lab, 'second')).toMatchObject({
      master_key_id: 'key-2',
      key_server: { kmip_server: { username: 'kmip' } },
    });
  });

  it('a signed request is taken without a key, and only with the key it was made for', async () => {
    await using lab = await startTrustLab();
    const path = `${lab.tac}/kms/providers/corp-kms/client-certificate`;
    expect(await lab.authority.refused('PATCH', path + TASK, { certificate: 'no certificate' })).toBe(
      '400 INVALID_ARGUMENT',
    );
    const stranger = selfSigned({ commonName: 'stranger', now: Date.now() });
    expect(await lab.authority.refused('PATCH', path + TASK, { certificate: stranger.pem })).toBe(
      '400 INVALID_ARGUMENT',
    );
    expect((await lab.authority.task('GET', `${path}/csr${TASK}`)).error?.error_type).toBe('NOT_FOUND');
    const { csr } = await lab.authority.result<{ csr: string }>('POST', `${path}/csr${TASK}`);
    expect(csr).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/);
    const pending = createPrivateKey(lab.host('ta-1').trust?.keyProviders[0]?.pendingKey ?? '');
    const signed = new CertificateAuthority({ commonName: 'site', now: Date.now() }).issueFor(
      { commonName: 'KMIP client', now: Date.now() },
      createPublicKey(pending),
    );
    await lab.authority.result('PATCH', path + TASK, { certificate: signed });
    expect(lab.host('ta-3').trust?.keyProviders[0]).toMatchObject({
      clientCertificate: signed,
      clientKeyGenerated: true,
    });
  });
});

function provider(lab: TrustLab, name: string): Promise<ProviderInfo> {
  return lab.authority.result<ProviderInfo>('GET', `${lab.tac}/kms/providers/${name}${TASK}`);
}

function readSecret(lab: TrustLab, name: string): string {
  return readFileSync(`${lab.simulator.ready.caFile.replace('ca.pem', '')}secrets/${name}`, 'utf8');
}
