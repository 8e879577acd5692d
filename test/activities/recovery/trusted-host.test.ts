import { describe, expect, it } from 'vitest';
import { attestationOf } from '../../../simulator/world/attestation';
import { quickSite } from '../../support/quick-site';
import { HOST_1, HOST_2, refusalOf, startRecoveryLab, type RecoveryLab } from './recovery-lab';

function vmsOf(lab: RecoveryLab, name: string) {
  return lab.simulator.world.state.vms.filter((vm) => vm.host === name && vm.vCenter !== null);
}

/** The cluster as the world has it, with what its vCenter wants of its hosts. */
function clusterOf({ simulator, trustedCluster }: RecoveryLab) {
  const cluster = simulator.world.vCenter('workload-vc').clusters.find(({ name }) => name === trustedCluster.name);
  if (cluster === undefined) throw new Error('no Trusted Cluster');
  return cluster;
}

const operationsOf = (lab: RecoveryLab): string[] =>
  lab.simulator.requests.all().flatMap(({ operation }) => (operation === null ? [] : [operation]));
const changes = (lab: RecoveryLab): number =>
  operationsOf(lab).filter((operation) => operation.endsWith('services_applied_config.update$task')).length;

describe.concurrent('a Trusted Host that is brought back', { timeout: 60_000 }, () => {
  it('leaves its cluster evacuated, and comes back with the configuration of its neighbours and attested', async () => {
    await using lab = await startRecoveryLab();
    const cluster = lab.trustedCluster;
    const machines = [...vmsOf(lab, HOST_1), ...vmsOf(lab, HOST_2)].length;
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(HOST_1), cluster });
    expect(lab.host(HOST_1)).toMatchObject({ vCenter: null, cluster: null, inMaintenanceMode: true });
    expect(vmsOf(lab, HOST_2)).toHaveLength(machines);
    expect(await lab.call('vtaReadRecoveryLook', { host: lab.planned(HOST_1), cluster })).toMatchObject({
      connection: 'absent',
      servingPeers: 1,
    });
    const { id } = await lab.call('vtaEnsureHostAdded', { host: lab.planned(HOST_1), cluster });
    const host = lab.planned(HOST_1, id);
    expect(lab.host(HOST_1).appliedTrust).toEqual({ attestation: [], kms: [] });
    const before = await lab.call('vtaReadRecoveryLook', { host, cluster });
    expect(before).toMatchObject({ connection: 'connected', onOldBuild: true, attested: false, consistent: false });
    expect(before.trouble.join()).toMatch(/not attested since its boot.*applied trust configuration is ERROR/);
    expect(await lab.call('vtaEnsureTrustApplied', { host, cluster })).toEqual({ applied: true });
    expect(lab.host(HOST_1).appliedTrust).toEqual(lab.host(HOST_2).appliedTrust);
    expect(await lab.call('vtaEnsureTrustApplied', { host, cluster })).toEqual({ applied: false });
    expect(changes(lab)).toBe(1);
    const { bootTime = '' } = await lab.call('vtaReadHost', { host });
    const attested = { host, notBefore: bootTime, deadlineMs: 10_000, failAtDeadline: true, reverted: true as const };
    expect(await lab.call('vtaWaitAttested', attested)).toMatchObject({ attested: true });
    expect(await lab.call('vtaReadRecoveryLook', { host, cluster })).toMatchObject({
      attested: true,
      consistent: true,
      trouble: [],
      virtualMachines: [],
    });
  });

  it('is not removed while a virtual machine is on it, powered off or not', async () => {
    await using lab = await startRecoveryLab();
    for (const vm of vmsOf(lab, HOST_1)) vm.powerState = 'POWERED_OFF';
    await lab.edit({ edit: 'set-connection', host: HOST_1, state: 'notResponding' });
    const cluster = lab.trustedCluster;
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(HOST_1), cluster }));
    expect(said).toMatch(
      /^VTA_HOST_NOT_REMOVED: .*would leave the inventory with it: host-1-vm-1 \(poweredOff\)\. It is notResponding\. Move them/,
    );
    expect(lab.host(HOST_1).vCenter).not.toBeNull();
    const look = await lab.call('vtaReadRecoveryLook', { host: lab.planned(HOST_1), cluster });
    expect(look.virtualMachines).toEqual(['host-1-vm-1']);
  });

  it('is not removed while no other host of its cluster attests, before anything is done', async () => {
    await using lab = await startRecoveryLab();
    lab.fault({ kind: 'not-attest', host: HOST_2 });
    await lab.edit({ edit: 'drop-attestation', host: HOST_2 });
    const cluster = lab.trustedCluster;
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(HOST_1), cluster }));
    expect(said).toMatch(
      /^VTA_HOST_NOT_REMOVED: .* no other host of Trusted Cluster is connected, in service and attest/,
    );
    expect(lab.host(HOST_1)).toMatchObject({ connectionState: 'connected', inMaintenanceMode: false });
  });

  it('is not removed by an account that could not add it again', async () => {
    const scenario = quickSite();
    for (const { vCenter } of scenario.trusted)
      vCenter.users = [
        {
          name: 'half@vsphere.local',
          password: 'half',
          groups: ['TrustedAdmins'],
          privileges: ['System.View', 'System.Read', 'Host.Inventory.RemoveHostFromCluster'],
        },
      ];
    await using lab = await startRecoveryLab({ ...scenario, password: 'half' }, ({ trusted }) => {
      for (const { vCenter } of trusted) Object.assign(vCenter, { username: 'half@vsphere.local' });
    });
    const cluster = lab.trustedCluster;
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(HOST_1), cluster }));
    expect(said).toMatch(/^VTA_PRIVILEGE_MISSING: .* was not removed.*Host\.Inventory\.AddHostToCluster/);
    expect(lab.host(HOST_1).vCenter).not.toBeNull();
  });

  it('is given nothing where the cluster wants nothing: that would strip its neighbours', async () => {
    await using lab = await startRecoveryLab();
    const cluster = lab.trustedCluster;
    clusterOf(lab).trustServices = { attestation: [], kms: [] };
    const kept = structuredClone(lab.host(HOST_2).appliedTrust);
    const said = await refusalOf(lab.call('vtaEnsureTrustApplied', { host: lab.planned(HOST_1), cluster }));
    expect(said).toMatch(
      /^VTA_TRUST_NOT_APPLIED: Trusted Cluster uses no attestation and no key provider services any more, so .* not applied/,
    );
    expect(changes(lab)).toBe(0);
    expect(lab.host(HOST_2).appliedTrust).toEqual(kept);
  });

  it('waits for a host of its cluster that cannot be asked, and names it', async () => {
    await using lab = await startRecoveryLab();
    const cluster = lab.trustedCluster;
    lab.host(HOST_1).appliedTrust = { attestation: [], kms: [] };
    await lab.edit({ edit: 'set-connection', host: HOST_2, state: 'notResponding' });
    const input = { host: lab.planned(HOST_1), cluster, pace: lab.shortPace };
    const said = await refusalOf(lab.call('vtaEnsureTrustApplied', input));
    expect(said).toMatch(/^VTA_TRUST_NOT_APPLIED: .*applied trust configuration is NONE; host-2\.lab\.example cannot/);
    // What could be given was given.
    expect(lab.host(HOST_1).appliedTrust.kms).toHaveLength(2);
  });

  it('is given its configuration although an answer was lost', async () => {
    await using lab = await startRecoveryLab();
    const cluster = lab.trustedCluster;
    lab.host(HOST_1).appliedTrust = { attestation: [], kms: [] };
    lab.fault({ kind: 'reply-lost', operation: 'trusted_clusters.services_applied_config.update$task' });
    await lab.call('vtaEnsureTrustApplied', { host: lab.planned(HOST_1), cluster });
    expect(lab.host(HOST_1).appliedTrust).toEqual(lab.host(HOST_2).appliedTrust);
    expect(attestationOf(lab.host(HOST_2))).toBe('attested');
  });
});
