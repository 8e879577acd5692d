import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOST_1, refusalOf, startRecoveryLab, TA_1, TA_2, type RecoveryLab } from './recovery-lab';

const BASELINE = { version: '8.0.2', build: '22380479', inMaintenanceMode: false, vCenterTime: '' };
const NEW_IMAGE = '8.0.3-0.0.24674464';

function archived(lab: RecoveryLab, path: string): string {
  return readFileSync(join(dirname(lab.simulator.ready.infrastructureFile), 'archive', path), 'utf8');
}

describe.concurrent('looking at a failed Trust Authority Host', { timeout: 60_000 }, () => {
  it('finds nothing wrong with one that is in order', async () => {
    await using lab = await startRecoveryLab();
    const look = await lab.call('vtaReadRecoveryLook', { host: lab.planned(TA_1), baseline: BASELINE });
    expect(look).toMatchObject({
      connection: 'connected',
      onOldBuild: true,
      consistent: true,
      trouble: [],
      servingPeers: 1,
      inMaintenanceMode: false,
    });
    expect(look.losses.join()).toMatch(/running virtual machines are still on it.*ta-host-1-vm-1/);
  });

  it('says what is wrong: services, consistency, connection, and that it is gone', async () => {
    await using lab = await startRecoveryLab();
    const look = () => lab.call('vtaReadRecoveryLook', { host: lab.planned(TA_1), baseline: BASELINE });
    await lab.edit({ edit: 'set-image', host: TA_1, baseImage: NEW_IMAGE });
    await lab.edit({ edit: 'set-service', host: TA_1, service: 'attestd', running: false });
    await lab.edit({ edit: 'drop-trust-configuration', host: TA_1 });
    const first = await look();
    expect(first).toMatchObject({ onOldBuild: false, consistent: false });
    expect(first.trouble[0]).toBe('attestd does not run');
    expect(first.trouble.join()).toMatch(/key provider corp-kms is ERROR/);
    await lab.edit({ edit: 'set-connection', host: TA_1, state: 'notResponding' });
    expect(await look()).toMatchObject({
      connection: 'notResponding',
      onOldBuild: false,
      trouble: ['it is notResponding'],
    });
    lab.host(TA_1).vCenter = null;
    lab.host(TA_1).cluster = null;
    expect(await look()).toMatchObject({ connection: 'absent', consistent: false, servingPeers: 1, losses: [] });
    await lab.edit({ edit: 'set-service', host: TA_2, service: 'kmxd', running: false });
    expect((await look()).servingPeers).toBe(0);
  });

  it('asks the host itself, and never fails for one that does not answer or refuses the account', async () => {
    await using lab = await startRecoveryLab();
    const host = lab.planned(TA_1);
    const read = () => lab.call('vtaReadHostItself', { host, deadlineMs: 1_000 });
    const baseline = await lab.call('vtaReadHostBaseline', {
      host,
      cluster: { ...lab.cluster, image: { baseImage: '8.0.2-0.0.22380479' }, commitImage: false },
      commit: '1',
    });
    const itself = await read();
    expect(itself).toMatchObject({
      reachable: true,
      unknown: [],
      uuid: host.uuid,
      version: '8.0.2',
      build: '22380479',
      inMaintenanceMode: false,
      certificate: { trusted: true },
    });
    expect(itself.runningServices).toEqual(expect.arrayContaining(['attestd', 'kmxd']));
    expect(itself.imageSha256).toMatch(/^[0-9a-f]{64}$/);
    // Recorded before the upgrade by the same measure: what a revert is compared with.
    expect(baseline.imageSha256).toBe(itself.imageSha256);
    lab.fault({ kind: 'error', operation: 'GET boot_imgdb.tgz', count: null });
    expect(await read()).toMatchObject({ reachable: true, unknown: [expect.stringMatching(/^its image: /)] });
    lab.host(TA_1).rootPassword = 'another';
    expect(await read()).toMatchObject({
      reachable: false,
      unknown: [expect.stringMatching(/refuses the configured account/)],
    });
    const logins = lab.simulator.requests.all().filter((one) => one.endpoint === TA_1 && one.operation === 'Login');
    expect(logins.filter(({ error }) => error !== null)).toHaveLength(1);
    await lab.edit({ edit: 'set-connection', host: TA_1, state: 'notResponding' });
    expect(await read()).toMatchObject({
      reachable: false,
      unknown: [expect.stringMatching(/ta-host-1|127\.0\.0\.1/)],
    });
    await using without = await startRecoveryLab({}, (infrastructure) => delete infrastructure.esxi);
    const unasked = await without.call('vtaReadHostItself', { host: without.planned(TA_1), deadlineMs: 60_000 });
    expect(unasked).toMatchObject({ reachable: false, unknown: [expect.stringMatching(/no account/)] });
  });

  it('collects logs, tasks and events into a file of the archive, and names what is missing', async () => {
    await using lab = await startRecoveryLab();
    await lab.edit({ edit: 'set-service', host: TA_1, service: 'attestd', running: false });
    const collect = (attempt: number) =>
      lab.call('vtaCollectEvidence', { host: lab.planned(TA_1), runId: 'run', attempt, problem: 'attestd is down' });
    const evidence = await collect(1);
    const content = archived(lab, evidence.path);
    expect(`sha256:${createHash('sha256').update(content).digest('hex')}`).toBe(evidence.sha256);
    expect(evidence.collected).toEqual(
      expect.arrayContaining([`log attestd of ${TA_1}`, `log kmxd of ${TA_2}`, 'log vpxd', 'events of the host']),
    );
    expect(evidence.missing).toEqual([`log kmxa of ${TA_1}: not listed by the server`]);
    expect(content).toContain('attestd is down');
    await lab.edit({ edit: 'set-connection', host: TA_1, state: 'notResponding' });
    const away = await collect(2);
    expect(away.missing.join()).toMatch(/log attestd of ta-host-1\.lab\.example: /);
    expect(away.collected).toContain(`log attestd of ${TA_2}`);
    lab.fault({ kind: 'error', operation: 'RetrievePropertiesEx', error: 'SystemError', count: null });
    expect((await collect(3)).missing.join()).toMatch(/host and its vCenter: /);
  });
});

describe.concurrent('the proof that a host does its work again', { timeout: 60_000 }, () => {
  it('is an attestation through this very host since it was added', async () => {
    await using lab = await startRecoveryLab();
    const backup = await lab.backup();
    const notBefore = new Date(lab.simulator.world.clock.now()).toISOString();
    const host = await lab.readd(TA_1);
    const through = (deadlineMs: number) => lab.call('vtaWaitAttestationThrough', { host, notBefore, deadlineMs });
    const before = await through(300);
    expect(before.seen).toBe(false);
    expect(before.detail).toMatch(/host-1\.lab\.example/);
    await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
    await lab.call('vtaEnsureServicesRestarted', { host });
    await lab.call('vtaWaitHostConsistent', { host });
    expect(await through(10_000)).toMatchObject({
      seen: true,
      detail: expect.stringMatching(/attested through it at/),
    });
    const entry = lab.host(HOST_1).attestation;
    expect(entry).toHaveLength(2);
  });

  it('is not there while a service is down or a key server does not accept it', async () => {
    await using lab = await startRecoveryLab();
    const host = lab.planned(TA_1);
    await lab.call('vtaWaitHostConsistent', { host });
    await lab.edit({ edit: 'set-key-server', hostname: 'kms-1.lab.example', reachable: false });
    const said = await refusalOf(lab.call('vtaWaitHostConsistent', { host, pace: lab.shortPace }));
    expect(said).toMatch(/^VTA_TRUST_AUTHORITY_NOT_CONSISTENT: .*key server kms-1 of corp-kms is ERROR/);
  });
});
