import { describe, expect, it } from 'vitest';
import { quickSite } from '../../support/quick-site';
import { refusalOf, startRecoveryLab, TA_1, TA_2, type RecoveryLab } from './recovery-lab';

function eventsOf(lab: RecoveryLab, name: string, kinds: readonly string[]): string[] {
  return lab.simulator.world.events.all().flatMap((e) => (e.host === name && kinds.includes(e.what) ? [e.what] : []));
}

function vmsOf(lab: RecoveryLab, name: string) {
  return lab.simulator.world.state.vms.filter((vm) => vm.host === name && vm.vCenter !== null);
}

const MOVES = ['host-removed', 'host-added'];

describe.concurrent('removing a Trust Authority Host', { timeout: 60_000 }, () => {
  it('evacuates one that is connected, disconnects and removes it; a second time there is nothing to do', async () => {
    await using lab = await startRecoveryLab();
    const host = lab.planned(TA_1);
    expect(vmsOf(lab, TA_1)).toHaveLength(1);
    const { removedAt } = await lab.call('vtaEnsureHostRemoved', { host });
    expect(Date.parse(removedAt)).not.toBeNaN();
    expect(lab.host(TA_1)).toMatchObject({ vCenter: null, cluster: null, inMaintenanceMode: true });
    expect(vmsOf(lab, TA_2)).toHaveLength(2);
    await lab.call('vtaEnsureHostRemoved', { host });
    expect(eventsOf(lab, TA_1, MOVES)).toEqual(['host-removed']);
    expect(eventsOf(lab, TA_2, MOVES)).toEqual([]);
  });

  it('disconnects and removes one that does not respond', async () => {
    await using lab = await startRecoveryLab();
    for (const vm of vmsOf(lab, TA_1)) vm.powerState = 'POWERED_OFF';
    await lab.edit({ edit: 'set-connection', host: TA_1, state: 'notResponding' });
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
    expect(lab.host(TA_1).vCenter).toBeNull();
  });

  it('never takes suspended virtual machines out of the inventory', async () => {
    await using lab = await startRecoveryLab();
    for (const vm of vmsOf(lab, TA_1)) vm.powerState = 'SUSPENDED';
    await lab.edit({ edit: 'set-connection', host: TA_1, state: 'notResponding' });
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) }));
    expect(said).toMatch(/not powered off: ta-host-1-vm-1 \(suspended\)/);
    expect(lab.host(TA_1).vCenter).not.toBeNull();
  });

  it('never takes running virtual machines out of the inventory, and says which', async () => {
    await using lab = await startRecoveryLab();
    await lab.edit({ edit: 'set-connection', host: TA_1, state: 'notResponding' });
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) }));
    expect(said).toMatch(
      /^VTA_HOST_NOT_REMOVED: .*these virtual machines are on it and not powered off: ta-host-1-vm-1 \(poweredOn\)\. It is notResponding/,
    );
    expect(lab.host(TA_1).vCenter).not.toBeNull();
  });

  it('refuses while no other Trust Authority Host serves, before anything is done (N8)', async () => {
    await using lab = await startRecoveryLab();
    await lab.edit({ edit: 'set-service', host: TA_2, service: 'kmxd', running: false });
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) }));
    expect(said).toMatch(/^VTA_NO_HEALTHY_PEER: ta-host-1\.lab\.example was not removed/);
    expect(lab.host(TA_1)).toMatchObject({ connectionState: 'connected', inMaintenanceMode: false });
  });

  it('leaves another machine alone that has its id', async () => {
    await using lab = await startRecoveryLab();
    const host = { ...lab.planned(TA_1), uuid: '00000000-0000-0000-0000-000000000000' };
    await lab.call('vtaEnsureHostRemoved', { host });
    expect(lab.host(TA_1).vCenter).not.toBeNull();
    expect(lab.host(TA_1).inMaintenanceMode).toBe(false);
  });

  it('refuses when the account could not add it again', async () => {
    const scenario = quickSite();
    scenario.trustAuthority.vCenter.users = [
      {
        name: 'half@vsphere.local',
        password: 'half',
        groups: ['TrustedAdmins'],
        privileges: ['System.View', 'System.Read'],
      },
    ];
    await using lab = await startRecoveryLab({ ...scenario, password: 'half' }, ({ trustAuthority }) => {
      trustAuthority.vCenter.username = 'half@vsphere.local';
    });
    const said = await refusalOf(lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) }));
    expect(said).toMatch(/^VTA_PRIVILEGE_MISSING: .*was not removed.*Host\.Inventory\.AddHostToCluster on the cluster/);
  });

  it.each(['EnterMaintenanceMode_Task', 'DisconnectHost_Task', 'Destroy_Task'])(
    'does it once when the answer to %s is lost',
    async (operation) => {
      await using lab = await startRecoveryLab();
      lab.fault({ kind: 'reply-lost', operation });
      await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
      expect(eventsOf(lab, TA_1, [...MOVES, 'maintenance-mode-entered'])).toEqual([
        'maintenance-mode-entered',
        'host-removed',
      ]);
      expect(lab.simulator.world.faults.all().map(({ fired }) => fired)).toEqual([1]);
    },
  );
});

describe.concurrent('adding a Trust Authority Host again', { timeout: 60_000 }, () => {
  it('brings it into its cluster under another id, in maintenance mode, licensed; a second time it is found', async () => {
    await using lab = await startRecoveryLab();
    const before = lab.host(TA_1).moid;
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
    lab.host(TA_1).inMaintenanceMode = false;
    lab.host(TA_1).trustLicence = false;
    const host = lab.planned(TA_1, before);
    const { id } = await lab.call('vtaEnsureHostAdded', { host });
    expect(id).not.toBe(before);
    expect(lab.host(TA_1)).toMatchObject({
      moid: id,
      cluster: lab.cluster.id,
      connectionState: 'connected',
      inMaintenanceMode: true,
      trustLicence: true,
    });
    expect(await lab.call('vtaEnsureHostAdded', { host })).toEqual({ id });
    expect(eventsOf(lab, TA_1, MOVES)).toEqual(MOVES);
  });

  it('leaves one in service that never left, while no other Trust Authority Host serves (N8)', async () => {
    await using lab = await startRecoveryLab();
    await lab.edit({ edit: 'set-service', host: TA_2, service: 'attestd', running: false });
    const said = await refusalOf(lab.call('vtaEnsureHostAdded', { host: lab.planned(TA_1) }));
    expect(said).toMatch(
      /^VTA_NO_HEALTHY_PEER: ta-host-1\.lab\.example is connected in .* was not put into maintenance mode/,
    );
    expect(lab.host(TA_1)).toMatchObject({ connectionState: 'connected', inMaintenanceMode: false });
  });

  it('adds it once when the answer to AddHost_Task is lost', async () => {
    await using lab = await startRecoveryLab();
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
    lab.fault({ kind: 'reply-lost', operation: 'AddHost_Task' });
    const { id } = await lab.call('vtaEnsureHostAdded', { host: lab.planned(TA_1) });
    expect(lab.host(TA_1).moid).toBe(id);
    expect(eventsOf(lab, TA_1, MOVES)).toEqual(MOVES);
    expect(lab.simulator.world.faults.all().map(({ fired }) => fired)).toEqual([1]);
  });

  it('adds no other machine that answers under its name', async () => {
    await using lab = await startRecoveryLab();
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
    lab.host(TA_1).hardwareUuid = '11111111-1111-1111-1111-111111111111';
    const host = { ...lab.planned(TA_1), uuid: '00000000-0000-0000-0000-000000000000' };
    const said = await refusalOf(lab.call('vtaEnsureHostAdded', { host }));
    expect(said).toMatch(/^VTA_HOST_REPLACED: .*was not added.*hardware UUID 11111111/);
    expect(lab.host(TA_1).vCenter).toBeNull();
  });

  it('sends no password to a host whose certificate nobody trusts, and accepts the one that a person confirmed', async () => {
    await using lab = await startRecoveryLab({}, ({ esxi }) => {
      if (esxi === undefined) throw new Error('no account');
      esxi.tls = { thumbprints: { [TA_1]: 'AB:'.repeat(31) + 'AB' } };
    });
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
    const host = lab.planned(TA_1);
    const said = await refusalOf(lab.call('vtaEnsureHostAdded', { host }));
    expect(said).toMatch(/^VTA_TLS_NOT_TRUSTED: .*was not added.*Nothing was sent to it/);
    expect(lab.simulator.requests.all().filter(({ endpoint }) => endpoint === TA_1)).toEqual([]);
    const itself = await lab.call('vtaReadHostItself', { host, deadlineMs: 2_000 });
    expect(itself).toMatchObject({ reachable: false, certificate: { trusted: false } });
    const confirmedCertificate = itself.certificate?.sha256 ?? '';
    await lab.call('vtaEnsureHostAdded', { host, confirmedCertificate });
    expect(lab.host(TA_1).cluster).toBe(lab.cluster.id);
  });

  it('says what is wrong with a password that the host does not know, and without an account that there is none', async () => {
    await using lab = await startRecoveryLab();
    await lab.call('vtaEnsureHostRemoved', { host: lab.planned(TA_1) });
    lab.host(TA_1).rootPassword = 'another';
    const said = await refusalOf(lab.call('vtaEnsureHostAdded', { host: lab.planned(TA_1) }));
    expect(said).toMatch(/^VTA_CREDENTIALS_REJECTED: /);
    await using without = await startRecoveryLab({}, (infrastructure) => delete infrastructure.esxi);
    const refused = await refusalOf(without.call('vtaEnsureHostAdded', { host: without.planned(TA_1) }));
    expect(refused).toMatch(/^VTA_HOST_NOT_ADDED: .*no account for ESXi hosts is configured/);
  });
});
