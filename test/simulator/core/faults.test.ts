import { describe, expect, it } from 'vitest';

import { attestationOf } from '../../../simulator/world/attestation';
import type { FaultSpec } from '../../../simulator/world/faults';
import { boot } from '../../../simulator/world/host-boot';
import { restartService } from '../../../simulator/world/host-services';
import { enterMaintenanceMode } from '../../../simulator/world/host-maintenance';
import { imageOf } from '../../../simulator/world/image';
import { NEW, startTrustLab, until, type TrustLab } from '../trust-lab';

const IMPORT = '/attestation/os/esx/base-images?action=import-from-imgdb&vmw-task=true';
const CLUSTERS = '/vcenter/trusted-infrastructure/trust-authority-clusters';

async function inject(lab: TrustLab, fault: FaultSpec): Promise<void> {
  const reply = await lab.control('POST', '/faults', fault);
  expect(reply.status).toBe(201);
}

function trusts(lab: TrustLab, baseImage: string): boolean {
  return lab.host('ta-1').trust?.baseImages.some((image) => image.image.baseImage === baseImage) === true;
}

describe('faults of a request', () => {
  it('an error strikes the named operation only, after so many, so often, and has no effect', async () => {
    await using lab = await startTrustLab();
    await inject(lab, {
      kind: 'error',
      operation: 'trust_authority_clusters.list',
      error: 'RESOURCE_BUSY',
      skip: 1,
      count: 2,
    });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await lab.authority.call('GET', CLUSTERS)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await lab.authority.call('GET', lab.tac)).status).toBe(200);
    expect(lab.simulator.requests.all().filter((request) => request.error === 'RESOURCE_BUSY')).toHaveLength(2);
  });

  it('an error of an import has no effect; a lost reply has it all the same', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'error', operation: '*.import_from_imgdb', vCenter: 'ta-vc' });
    expect(await lab.authority.refused('POST', lab.tac + IMPORT, lab.imageFile(NEW))).toBe('500 ERROR');
    expect(trusts(lab, NEW)).toBe(false);
    await inject(lab, { kind: 'reply-lost', operation: '*.import_from_imgdb' });
    await expect(lab.authority.call('POST', lab.tac + IMPORT, lab.imageFile(NEW))).rejects.toThrow();
    await until(() => trusts(lab, NEW), 'the effect');
  });

  it('half a body ends in the middle', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'half-body', operation: 'trust_authority_clusters.list' });
    await expect(lab.authority.call('GET', CLUSTERS)).rejects.toThrow();
    expect((await lab.authority.call('GET', CLUSTERS)).status).toBe(200);
  });

  it('a delay answers late, a hang does not answer', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'delay', operation: 'trust_authority_clusters.list', milliseconds: 300 });
    const before = Date.now();
    expect((await lab.authority.call('GET', CLUSTERS)).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(290);
    await inject(lab, { kind: 'hang', operation: 'trust_authority_clusters.list', milliseconds: 200 });
    await expect(lab.authority.call('GET', CLUSTERS)).rejects.toThrow();
  });

  it('an expired session wants a new login', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'session-expired', operation: 'trust_authority_clusters.list' });
    expect(await lab.authority.refused('GET', CLUSTERS)).toBe('401 UNAUTHENTICATED');
    expect(await lab.authority.refused('GET', CLUSTERS)).toBe('401 UNAUTHENTICATED');
    await lab.authority.open();
    expect((await lab.authority.call('GET', CLUSTERS)).status).toBe(200);
  });

  it('a fault may name the host that a request is about, by name', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'error', operation: '*', host: 'ta-2.lab.example', count: null });
    const path = '/vcenter/trusted-infrastructure/trust-authority-hosts';
    expect((await lab.authority.call('GET', `${path}/${lab.host('ta-1').moid}/kms/`)).status).toBe(200);
    expect(await lab.authority.refused('GET', `${path}/${lab.host('ta-2').moid}/kms/`)).toBe('500 ERROR');
  });
});

describe('faults of a task', () => {
  it('it fails, without effect', async () => {
    await using lab = await startTrustLab();
    await inject(lab, {
      kind: 'task-fails',
      operation: '*.import_from_imgdb',
      error: 'RESOURCE_BUSY',
      message: 'Busy.',
    });
    const ended = await lab.authority.task('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    expect(ended.error).toMatchObject({ error_type: 'RESOURCE_BUSY', messages: [{ default_message: 'Busy.' }] });
    expect(trusts(lab, NEW)).toBe(false);
  });

  it('its record vanishes, the effect stays', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'task-record-gone', operation: '*.import_from_imgdb' });
    const id = await lab.authority.start('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    await until(() => trusts(lab, NEW), 'the effect');
    expect(await lab.authority.refused('GET', `/cis/tasks/${encodeURIComponent(id)}`)).toBe('404 NOT_FOUND');
  });

  it('it hangs: running for ever', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'task-hangs', operation: '*.import_from_imgdb' });
    const id = await lab.authority.start('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await lab.authority.get(`/cis/tasks/${encodeURIComponent(id)}`)).toMatchObject({ status: 'RUNNING' });
    expect(trusts(lab, NEW)).toBe(false);
  });
});

describe('faults of the world', () => {
  it('a host does not come back from its boot, until somebody switches it on', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'no-return', host: 'host-1.lab.example' });
    const plan = { kind: 'full', image: imageOf(NEW), by: 'test' } as const;
    expect(await boot(lab.simulator.world, lab.host('host-1'), plan)).toBe('lost');
    expect(lab.host('host-1')).toMatchObject({ up: false, connectionState: 'notResponding' });
    await lab.control('POST', '/world/edit', { edit: 'power-cycle', host: 'host-1.lab.example' });
    expect(lab.host('host-1')).toMatchObject({ up: true, connectionState: 'connected' });
  });

  it('a host comes back on its old build', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'old-build', host: 'host-1.lab.example' });
    await boot(lab.simulator.world, lab.host('host-1'), { kind: 'full', image: imageOf(NEW), by: 'test' });
    expect(lab.host('host-1').runningImage.esxVersion).toBe('8.0.2');
    expect(lab.events('build-changed')).toEqual([]);
  });

  it('a service is down after the boot', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'service-down', host: 'ta-1.lab.example', service: 'kmxd' });
    await boot(lab.simulator.world, lab.host('ta-1'), { kind: 'full', by: 'test' });
    const running = lab
      .host('ta-1')
      .services.filter((service) => service.running)
      .map((service) => service.key);
    expect(running).toContain('attestd');
    expect(running).not.toContain('kmxd');
    const status = await lab.authority.result('GET', `${lab.tac}/kms/service-status?vmw-task=true`);
    expect(status).toMatchObject({ health: 'ERROR' });
  });

  it('a service that is broken does not stay up until the next boot', async () => {
    await using lab = await startTrustLab();
    const { world } = lab.simulator;
    const runs = () => lab.host('ta-1').services.find(({ key }) => key === 'attestd')?.running;
    await inject(lab, { kind: 'service-broken', host: 'ta-1.lab.example' });
    await boot(world, lab.host('ta-1'), { kind: 'full', by: 'test' });
    restartService(world, lab.host('ta-1'), 'attestd');
    expect(runs()).toBe(false);
    await boot(world, lab.host('ta-1'), { kind: 'full', by: 'test' });
    expect(runs()).toBe(true);
  });

  it('a host does not attest while the fault is there', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'not-attest', host: 'host-1.lab.example' });
    await lab.attestation('host-1', 'notAttested');
    expect(attestationOf(lab.host('host-2'))).toBe('attested');
    await lab.control('DELETE', '/faults');
    await lab.attestation('host-1', 'attested');
  });

  it('maintenance mode hangs until the fault is gone, or its time is over', async () => {
    await using lab = await startTrustLab();
    await inject(lab, { kind: 'mm-hangs', host: 'host-1.lab.example' });
    const options = { timeoutSeconds: 0, evacuatePoweredOffVms: true };
    const entering = lab.asTask((task) => enterMaintenanceMode(lab.simulator.world, lab.host('host-1'), options, task));
    await until(() => lab.events('fault-fired').length > 0, 'the fault');
    expect(lab.host('host-1')).toMatchObject({ inMaintenanceMode: false, busy: 'entering-maintenance-mode' });
    await lab.control('DELETE', '/faults');
    await entering;
    expect(lab.host('host-1')).toMatchObject({ inMaintenanceMode: true, busy: null });
  });

  it('a VM that cannot be moved holds its host up until the timeout', async () => {
    await using lab = await startTrustLab();
    await lab.control('POST', '/world/edit', { edit: 'set-vm-migratable', vm: 'host-1-vm-2', migratable: false });
    const options = { timeoutSeconds: 0.2, evacuatePoweredOffVms: true };
    await expect(
      lab.asTask((task) => enterMaintenanceMode(lab.simulator.world, lab.host('host-1'), options, task)),
    ).rejects.toMatchObject({ type: 'Timedout' });
    expect(lab.events('maintenance-mode-failed')).toHaveLength(1);
    expect(lab.host('host-1')).toMatchObject({ inMaintenanceMode: false, busy: null });
  });
});
