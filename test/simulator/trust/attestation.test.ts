import { describe, expect, it } from 'vitest';

import { attestationOf } from '../../../simulator/world/attestation';
import { boot } from '../../../simulator/world/host-boot';
import { disconnect, reconnect } from '../../../simulator/world/host-connection';
import { imageOf } from '../../../simulator/world/image';
import { canUseEncryptedVms, powerOn } from '../../../simulator/world/virtual-machines';
import { NEW, startTrustLab, until, type TrustLab } from '../trust-lab';

const IMPORT = '/attestation/os/esx/base-images?action=import-from-imgdb&vmw-task=true';

/** Reboots a host with the new image. */
async function upgrade(lab: TrustLab, name: string, kind: 'full' | 'quick' = 'full'): Promise<void> {
  await boot(lab.simulator.world, lab.host(name), { kind, image: imageOf(NEW), by: 'test' });
}

describe('attestation of Trusted Hosts', () => {
  it('every host has one entry for each attestation service, with true times', async () => {
    await using lab = await startTrustLab();
    const { attestation } = lab.host('host-1');
    expect(attestation.map((entry) => entry.status)).toEqual(['attested', 'attested', 'attested']);
    expect(attestation.map((entry) => entry.serviceId)).toEqual(
      lab.cluster.trustServices.attestation.map((service) => service.service),
    );
    const [entry] = attestation;
    expect(Date.now() - (entry?.attestedAt ?? 0)).toBeLessThan(60_000);
    expect(entry?.attestedUntil).toBeGreaterThan(Date.now());
  });

  it('a host with an unknown image does not attest until its image is imported (R25, R28)', async () => {
    await using lab = await startTrustLab();
    await upgrade(lab, 'host-1');
    await lab.attestation('host-1', 'notAttested');
    expect(lab.host('host-1').attestation[0]?.messages[0]?.default_message).toContain(NEW);
    await lab.authority.result('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    await lab.attestation('host-1', 'attested');
    const story = lab.simulator.world.events
      .all()
      .filter((event) => event.host === 'host-1.lab.example')
      .map((event) => event.what);
    expect(story).toEqual([
      'attested',
      'reboot-started',
      'connection-changed',
      'attestation-unknown',
      'build-changed',
      'connection-changed',
      'reboot-ended',
      'not-attested',
      'attested',
    ]);
  });

  it('after a Quick Boot a host attests with the image of its last full boot (R12)', async () => {
    await using lab = await startTrustLab();
    await upgrade(lab, 'host-1', 'quick');
    await lab.attestation('host-1', 'attested');
    expect(lab.host('host-1')).toMatchObject({
      runningImage: { baseImage: NEW },
      bootedImage: { esxVersion: '8.0.2' },
      lastBoot: 'quick',
    });
    await boot(lab.simulator.world, lab.host('host-1'), { kind: 'full', by: 'test' });
    await lab.attestation('host-1', 'notAttested');
  });

  it('removing an image in use breaks attestation; it is not refused (R13)', async () => {
    await using lab = await startTrustLab();
    const [image] = lab.host('ta-1').trust?.baseImages ?? [];
    const path = `/attestation/os/esx/base-images/${encodeURIComponent(image?.version ?? '')}?vmw-task=true`;
    await lab.authority.result('DELETE', lab.tac + path);
    await lab.attestation('host-1', 'notAttested');
    await lab.attestation('host-2', 'notAttested');
    expect(lab.events('base-image-removed')).toMatchObject([
      { detail: { stillBootedBy: ['host-1.lab.example', 'host-2.lab.example'] } },
    ]);
  });

  it('and is refused where the scenario says so', async () => {
    await using lab = await startTrustLab({ switches: { removeImageInUse: 'refused' } });
    const [image] = lab.host('ta-1').trust?.baseImages ?? [];
    const path = `/attestation/os/esx/base-images/${encodeURIComponent(image?.version ?? '')}?vmw-task=true`;
    expect((await lab.authority.task('DELETE', lab.tac + path)).error?.error_type).toBe('ERROR');
    expect(attestationOf(lab.host('host-1'))).toBe('attested');
  });

  it('the last attested time of an image is the time of a real attestation', async () => {
    await using lab = await startTrustLab();
    const [image] = lab.host('ta-1').trust?.baseImages ?? [];
    const path = `/attestation/os/esx/base-images/${encodeURIComponent(image?.version ?? '')}?vmw-task=true`;
    const info = await lab.authority.result<{ last_attested_time: string }>('GET', lab.tac + path);
    expect(Math.abs(Date.parse(info.last_attested_time) - Date.now())).toBeLessThan(60_000);
    await lab.authority.result('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    const unused = `/attestation/os/esx/base-images/${encodeURIComponent(`ESXi ${NEW}`)}?vmw-task=true`;
    expect(await lab.authority.result('GET', lab.tac + unused)).not.toHaveProperty('last_attested_time');
  });

  it('one absent attestation service leaves the others: a rebooted host attests with those', async () => {
    await using lab = await startTrustLab();
    lab.host('ta-1').connectionState = 'disconnected';
    await boot(lab.simulator.world, lab.host('host-1'), { kind: 'full', by: 'test' });
    await lab.attestation('host-1', 'attested');
    expect(lab.host('host-1').attestation.map((entry) => entry.status)).toEqual(['unknown', 'attested', 'attested']);
  });

  it('a stopped attestd counts as absent, and a disconnected host as unknown', async () => {
    await using lab = await startTrustLab();
    for (const name of ['ta-1', 'ta-2', 'ta-3']) {
      for (const service of lab.host(name).services) if (service.key === 'attestd') service.running = false;
    }
    await boot(lab.simulator.world, lab.host('host-1'), { kind: 'full', by: 'test' });
    await until(() => lab.host('host-1').attestation[0]?.messages[0]?.id.endsWith('unreachable') === true, 'asked');
    expect(attestationOf(lab.host('host-1'))).toBe('unknown');
    await lab.asTask((task) => disconnect(lab.simulator.world, lab.host('host-2'), task));
    expect(attestationOf(lab.host('host-2'))).toBe('unknown');
    await lab.asTask((task) => reconnect(lab.simulator.world, lab.host('host-2'), task));
    await until(() => lab.host('host-2').attestation[0]?.messages[0]?.id.endsWith('unreachable') === true, 'asked');
  });

  it('where the scenario says so, a host attests only outside maintenance mode', async () => {
    await using lab = await startTrustLab({ switches: { attestInMaintenanceMode: false } });
    lab.host('host-1').inMaintenanceMode = true;
    await boot(lab.simulator.world, lab.host('host-1'), { kind: 'full', by: 'test' });
    await lab.control('POST', '/world/edit', { edit: 'set-maintenance-mode', host: 'host-2.lab.example', on: false });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(attestationOf(lab.host('host-1'))).toBe('unknown');
    lab.host('host-1').inMaintenanceMode = false;
    await lab.attestation('host-1', 'attested');
  });

  it('where the scenario says so, only a reconnect brings a new attestation', async () => {
    await using lab = await startTrustLab({ switches: { attestOnlyAfterReconnect: true } });
    await upgrade(lab, 'host-1');
    await lab.attestation('host-1', 'notAttested');
    await lab.authority.result('POST', lab.tac + IMPORT, lab.imageFile(NEW));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(attestationOf(lab.host('host-1'))).toBe('notAttested');
    await lab.asTask((task) => disconnect(lab.simulator.world, lab.host('host-1'), task));
    await lab.asTask((task) => reconnect(lab.simulator.world, lab.host('host-1'), task));
    await lab.attestation('host-1', 'attested');
  });

  it('an encrypted VM cannot be powered on where the host is not attested (R26)', async () => {
    await using lab = await startTrustLab();
    await upgrade(lab, 'host-1');
    await lab.attestation('host-1', 'notAttested');
    expect(canUseEncryptedVms(lab.host('host-1'))).toBe(false);
    const [encrypted, plain] = lab.simulator.world.state.vms.filter((vm) => vm.host === 'host-1.lab.example');
    if (!encrypted || !plain) throw new Error('no VMs');
    expect(() => powerOn(lab.simulator.world, encrypted)).toThrow('not attested');
    powerOn(lab.simulator.world, plain);
    expect(plain.powerState).toBe('POWERED_ON');
  });

  it('what TPM and token issuer have to do with it', async () => {
    await using lab = await startTrustLab();
    for (const name of ['ta-1', 'ta-2', 'ta-3']) {
      const copy = lab.host(name).trust;
      if (copy) copy.caCertificates = [];
    }
    await lab.attestation('host-1', 'notAttested');
    expect(lab.host('host-1').attestation[0]?.messages[0]?.id).toContain('endorsement-certificate');
    await lab.authority.result('PATCH', `${lab.tac}/attestation/tpm2/settings?vmw-task=true`, {
      require_certificate_validation: false,
    });
    await lab.attestation('host-1', 'attested');
    await lab.authority.result('PATCH', `${lab.tac}/attestation/tpm2/settings?vmw-task=true`, {
      require_endorsement_keys: true,
    });
    await lab.attestation('host-1', 'notAttested');
    await lab.authority.result('POST', `${lab.tac}/attestation/tpm2/endorsement-keys?vmw-task=true`, {
      name: 'host-1',
      public_key: lab.host('host-1').tpm.endorsementKey,
    });
    await lab.attestation('host-1', 'attested');
    expect(attestationOf(lab.host('host-2'))).toBe('notAttested');
  });
});
