import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrustCopy } from '../../../simulator/world/trust-state';
import { refusalOf, startRecoveryLab, TA_1, TA_2, type RecoveryLab } from './recovery-lab';

/** What is on a host, without what attestations wrote into it and without line ends of keys. */
function contentOf(trust: TrustCopy | null): unknown {
  const text = JSON.stringify(trust, (name, value: unknown) => {
    if (name === 'lastAttested') return undefined;
    return typeof value === 'string' ? value.replace(/\s+/g, '') : value;
  });
  return JSON.parse(text) as unknown;
}

function expectLikeNeighbour(lab: RecoveryLab): void {
  expect(contentOf(lab.host(TA_1).trust)).toEqual(contentOf(lab.host(TA_2).trust));
  expect(lab.host(TA_1).services).toEqual(lab.host(TA_2).services);
}

function archiveOf(lab: RecoveryLab): string {
  return join(dirname(lab.simulator.ready.infrastructureFile), 'archive');
}

const SWITCHES = (['applied-with-error', 'converge'] as const).flatMap((createOnPartial) =>
  (['submit', 'task'] as const).map((errorsAt) => ({ createOnPartial, errorsAt })),
);
const VALUES = ['applied-with-error', 'already-exists', 'converge'] as const;

describe.concurrent('restoring the configuration of a host that was added again', { timeout: 60_000 }, () => {
  it.each(SWITCHES)(
    'gives a wiped one what its neighbour has ($createOnPartial, errors at $errorsAt)',
    async (switches) => {
      await using lab = await startRecoveryLab({ switches });
      const backup = await lab.backup();
      const before = contentOf(lab.host(TA_2).trust);
      const host = await lab.readd(TA_1);
      expect(contentOf(lab.host(TA_1).trust)).not.toEqual(before);
      const { written, notes } = await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
      expect(notes).toEqual([]);
      expectLikeNeighbour(lab);
      // Nothing that the neighbour had was taken away or replaced.
      expect(contentOf(lab.host(TA_2).trust)).toEqual(before);
      expect(written).toContain('key provider corp-kms: password');
      await lab.call('vtaWaitHostConsistent', { host });
      const again = await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
      expect(again).toEqual({ written: [], notes: [] });
      const removals = lab.simulator.world.events
        .all()
        .filter(({ what, detail }) => what === 'trust-config-changed' && detail['action'] === 'removed');
      expect(removals).toEqual([]);
    },
  );

  it.each(VALUES)('writes nothing to one that came back as it left (%s)', async (createOnPartial) => {
    await using lab = await startRecoveryLab({ switches: { createOnPartial, reAddedHostKeepsTrust: true } });
    const backup = await lab.backup();
    const host = await lab.readd(TA_1);
    expect(await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup })).toEqual({ written: [], notes: [] });
    expectLikeNeighbour(lab);
  });

  it('says what no API brings to the host, and goes on when a person has brought it there', async () => {
    await using lab = await startRecoveryLab({ switches: { createOnPartial: 'already-exists' } });
    const backup = await lab.backup();
    const before = contentOf(lab.host(TA_2).trust);
    const host = await lab.readd(TA_1);
    const said = await refusalOf(lab.call('vtaEnsureVtaConfigurationRestored', { host, backup }));
    expect(said).toMatch(/^VTA_TRUST_AUTHORITY_NOT_CONSISTENT: /);
    expect(said).toMatch(/exist already: .*base image ESXi 8\.0\.2.*no API brings there/);
    expect(said).toMatch(/key provider corp-kms is ERROR/);
    expect(said).toMatch(
      /ta-host-1\.lab\.example, in maintenance mode|ta-host-1\.lab\.example is in its cluster, in maintenance mode/,
    );
    expect(said).toMatch(/decide "retry"/);
    expect(contentOf(lab.host(TA_2).trust)).toEqual(before);
    lab.host(TA_1).trust = structuredClone(lab.host(TA_2).trust);
    await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
    await lab.call('vtaWaitHostConsistent', { host });
    expectLikeNeighbour(lab);
  });

  it('survives that every answer to a write is lost once', async () => {
    await using lab = await startRecoveryLab();
    const backup = await lab.backup();
    const host = await lab.readd(TA_1);
    for (const operation of ['kms.providers.create', 'credential.set', 'client_certificate.update'])
      lab.fault({ kind: 'reply-lost', operation });
    lab.fault({ kind: 'reply-lost', operation: 'base_images.import_from_imgdb' });
    lab.fault({ kind: 'task-record-gone', operation: 'ca_certificates.create' });
    await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
    expectLikeNeighbour(lab);
    const fired = lab.simulator.world.faults.all().filter((fault) => fault.fired > 0);
    expect(fired.map(({ operation }) => operation)).toHaveLength(5);
  });

  it('names a base image whose file is nowhere, and the way to it', async () => {
    await using lab = await startRecoveryLab();
    const backup = await lab.backup();
    const images = join(archiveOf(lab), 'base-images');
    const kept = readdirSync(images).map((name) => ({ name, content: readFileSync(join(images, name)) }));
    for (const { name } of kept) rmSync(join(images, name));
    const host = await lab.readd(TA_1);
    const said = await refusalOf(lab.call('vtaEnsureVtaConfigurationRestored', { host, backup }));
    expect(said).toMatch(/base image ESXi 8\.0\.2-0\.0\.22380479: the archive has no file of it\. Put its boot_imgdb/);
    for (const { name, content } of kept) writeFileSync(join(images, name), content);
    await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
    expectLikeNeighbour(lab);
  });

  it('names a password that is configured nowhere, and never shows one', async () => {
    await using lab = await startRecoveryLab({}, (infrastructure) => {
      delete infrastructure.keyProviders['corp-kms']?.password;
    });
    const backup = await lab.backup();
    const host = await lab.readd(TA_1);
    const said = await refusalOf(lab.call('vtaEnsureVtaConfigurationRestored', { host, backup }));
    expect(said).toMatch(/KMIP password of key provider corp-kms: the configuration names none/);
    expect(said).toMatch(
      /key server kms-1 of corp-kms is ERROR \(client trusts server: yes, server trusts client: no\)/,
    );
    expect(said).not.toContain(lab.host(TA_2).trust?.keyProviders[0]?.password ?? 'no password');
  });

  it('sends nothing of a key provider that was changed after the backup', async () => {
    await using lab = await startRecoveryLab();
    const backup = await lab.backup();
    const host = await lab.readd(TA_1);
    const [provider] = lab.host(TA_2).trust?.keyProviders ?? [];
    if (provider === undefined) throw new Error('no key provider');
    provider.masterKeyId = 'rotated';
    const said = await refusalOf(lab.call('vtaEnsureVtaConfigurationRestored', { host, backup }));
    expect(said).toMatch(
      /corp-kms is not as in the backup \(its servers, account or master key\), so nothing of it was sent/,
    );
    expect(provider.masterKeyId).toBe('rotated');
    expect(lab.host(TA_1).trust?.keyProviders).toEqual([]);
  });

  it('stops at the first key server that is not OK, before the secrets of the next provider', async () => {
    const lab = await startRecoveryLab({
      trustAuthority: {
        vCenter: { name: 'ta-vc', version: '8.0.3.00500', build: '24674346', updates: [] },
        cluster: { name: 'vTA Cluster', hosts: { count: 2, prefix: 'ta-host', image: 'old' } },
        trustedImages: ['old'],
        keyProviders: [
          { name: 'a-kms', servers: ['kms-1.lab.example'], username: 'a' },
          { name: 'b-kms', servers: ['kms-2.lab.example'], username: 'b' },
        ],
      },
    });
    await using _ = lab;
    const backup = await lab.backup();
    const host = await lab.readd(TA_1);
    await lab.edit({ edit: 'set-key-server', hostname: 'kms-1.lab.example', reachable: false });
    const said = await refusalOf(lab.call('vtaEnsureVtaConfigurationRestored', { host, backup }));
    expect(said).toMatch(/cannot reach key server kms-1\.lab\.example/);
    const sent = lab.simulator.requests.all().filter(({ operation }) => operation?.includes('credential.set'));
    expect(new Set(sent.map(({ path }) => /providers\/([^/]+)/.exec(path)?.[1]))).toEqual(new Set(['a-kms']));
    await lab.edit({ edit: 'set-key-server', hostname: 'kms-1.lab.example', reachable: true });
    await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
    expectLikeNeighbour(lab);
  });

  it('believes no backup that is gone or was changed', async () => {
    await using lab = await startRecoveryLab();
    const backup = await lab.backup();
    const host = lab.planned(TA_1);
    const file = join(archiveOf(lab), backup.path);
    writeFileSync(file, readFileSync(file, 'utf8').replace('corp-kms', 'evil-kms'));
    const restore = () => refusalOf(lab.call('vtaEnsureVtaConfigurationRestored', { host, backup }));
    expect(await restore()).toMatch(/^VTA_DIGEST_STALE: .*was changed since/);
    rmSync(file);
    expect(await restore()).toMatch(/^VTA_ARCHIVE_UNUSABLE: .*is gone/);
  });
});
