import { describe, expect, it } from 'vitest';

import { addHost, removeHost } from '../../../simulator/world/host-connection';
import { NEW, startTrustLab, type TrustLab } from '../trust-lab';

interface Row {
  version: string;
  health: string;
}

interface Health {
  health: string;
  details: { default_message: string }[];
}

const IMPORT = '/attestation/os/esx/base-images?action=import-from-imgdb&vmw-task=true';
const LIST = '/attestation/os/esx/base-images?vmw-task=true';

describe('the vTA configuration lives on the hosts (R32)', () => {
  it('a created object is written to every host of the cluster', async () => {
    await using lab = await startTrustLab();
    const version = await lab.authority.result<string>('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    for (const name of ['ta-1', 'ta-2', 'ta-3']) {
      expect(lab.host(name).trust?.baseImages.map((image) => image.version)).toContain(version);
    }
    expect(await imagesOf(lab)).toContainEqual(expect.objectContaining({ version, health: 'OK' }));
    expect(lab.events('base-image-imported')).toMatchObject([{ detail: { version, allConnected: true } }]);
  });

  it('a host that is away misses the change, and health says so when it is back', async () => {
    await using lab = await startTrustLab();
    lab.host('ta-2').connectionState = 'disconnected';
    const version = await lab.authority.result<string>('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    expect(await imagesOf(lab)).toContainEqual(expect.objectContaining({ version, health: 'WARNING' }));
    lab.host('ta-2').connectionState = 'connected';
    const info = await lab.authority.result<Health>('GET', `${lab.tac}${imagePath(version)}`);
    expect(info.health).toBe('ERROR');
    expect(info.details.map((one) => one.default_message).join()).toContain('ta-2.lab.example does not have');
  });

  it('a host that leaves keeps its copy, and has none when it joins again', async () => {
    await using lab = await startTrustLab();
    const host = lab.host('ta-3');
    const before = host.moid;
    host.inMaintenanceMode = true;
    await lab.asTask((task) => removeHost(lab.simulator.world, host, task));
    expect(host).toMatchObject({ vCenter: null, trust: { baseImages: [{}] } });
    expect((await imagesOf(lab)).map((row) => row.health)).toEqual(['OK']);

    const [cluster] = lab.authorityVCenter.clusters;
    if (!cluster) throw new Error('no cluster');
    await lab.asTask((task) => addHost(lab.simulator.world, lab.authorityVCenter, cluster, host, true, task));
    expect(host.trust).toBeNull();
    expect(host.moid).not.toBe(before);
    expect((await imagesOf(lab)).map((row) => row.health)).toEqual(['ERROR']);
    expect(await attestationService(lab)).toMatchObject({ health: 'ERROR' });
  });

  it('a Trusted Host that leaves keeps what was applied to it, and has none when it joins again', async () => {
    await using lab = await startTrustLab();
    const host = lab.host('host-1');
    const wanted = structuredClone(lab.host('host-2').appliedTrust);
    const path = `${lab.trusted}/services-applied-config?vmw-task=true`;
    host.inMaintenanceMode = true;
    await lab.asTask((task) => removeHost(lab.simulator.world, host, task));
    expect(host).toMatchObject({ vCenter: null, appliedTrust: wanted, attestation: [] });
    expect(await lab.workload.result('GET', path)).toMatchObject({ health: 'OK' });

    await lab.asTask((task) => addHost(lab.simulator.world, lab.workloadVCenter, lab.cluster, host, true, task));
    expect(host.appliedTrust).toEqual({ attestation: [], kms: [] });
    await lab.attestation('host-1', 'notAttested');
    expect(await lab.workload.result('GET', path)).toMatchObject({ health: 'ERROR' });
    await lab.workload.result('PATCH', path);
    expect(host.appliedTrust).toEqual(wanted);
    await lab.attestation('host-1', 'attested');
  });

  it('ENABLE starts the services of a host that joined and gives it an empty configuration', async () => {
    await using lab = await startTrustLab();
    const host = lab.host('ta-3');
    host.trust = null;
    for (const service of host.services) service.running = false;
    await lab.authority.result('PATCH', `${lab.tac}?vmw-task=true`, { state: 'ENABLE' });
    expect(host.trust).toMatchObject({ baseImages: [], keyProviders: [] });
    expect(host.services.filter((service) => ['attestd', 'kmxd'].includes(service.key))).toMatchObject([
      { running: true, policy: 'on' },
      { running: true, policy: 'on' },
    ]);
    expect(await attestationService(lab)).toMatchObject({ health: 'OK' });
  });

  it.each([
    { createOnPartial: 'applied-with-error', answer: 'ALREADY_EXISTS', health: 'OK' },
    { createOnPartial: 'already-exists', answer: 'ALREADY_EXISTS', health: 'ERROR' },
    { createOnPartial: 'converge', answer: 'SUCCEEDED', health: 'OK' },
  ] as const)('creating what one host lacks, $createOnPartial: $answer and then $health', async (row) => {
    await using lab = await startTrustLab({ switches: { createOnPartial: row.createOnPartial, errorsAt: 'task' } });
    const copy = lab.host('ta-2').trust;
    if (!copy) throw new Error('no copy');
    const [lost] = copy.baseImages.splice(0, 1);
    const ended = await lab.authority.task('POST', lab.tac + IMPORT, lab.imageFile(lost?.image.baseImage ?? ''));
    expect(ended.error?.error_type ?? ended.status).toBe(row.answer);
    expect((await imagesOf(lab)).map((image) => image.health)).toEqual([row.health]);
  });

  it('an object that all hosts have is ALREADY_EXISTS whatever the switch', async () => {
    await using lab = await startTrustLab({ switches: { createOnPartial: 'converge' } });
    const [{ version } = { version: '' }] = await imagesOf(lab);
    const file = lab.imageFile(version.replace('ESXi ', ''));
    expect(await lab.authority.refused('POST', lab.tac + IMPORT, file)).toBe('400 ALREADY_EXISTS');
  });

  it('hosts that hold different objects of one name are inconsistent', async () => {
    await using lab = await startTrustLab();
    const provider = lab.host('ta-1').trust?.keyProviders[0];
    if (!provider) throw new Error('no key provider');
    provider.masterKeyId = 'another';
    const rows = await lab.authority.result<{ provider: string; health: string }[]>(
      'GET',
      `${lab.tac}/kms/providers?vmw-task=true`,
    );
    expect(rows).toEqual([{ provider: 'corp-kms', health: 'ERROR' }]);
  });

  it('without a host that can be reached every operation is an ERROR', async () => {
    await using lab = await startTrustLab();
    for (const name of ['ta-1', 'ta-2', 'ta-3']) lab.host(name).connectionState = 'notResponding';
    expect((await lab.authority.task('GET', lab.tac + LIST)).error?.error_type).toBe('ERROR');
  });
});

function imagesOf(lab: TrustLab): Promise<Row[]> {
  return lab.authority.result<Row[]>('GET', lab.tac + LIST);
}

function attestationService(lab: TrustLab): Promise<Health> {
  return lab.authority.result<Health>('GET', `${lab.tac}/attestation/service-status?vmw-task=true`);
}

function imagePath(version: string): string {
  return `/attestation/os/esx/base-images/${encodeURIComponent(version)}?vmw-task=true`;
}
