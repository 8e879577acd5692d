import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/simulator';
import { startStageAndInstall } from '../../../simulator/world/appliance-install';
import { LoginRefused } from '../../../src/vsphere/errors';
import type { VimClient } from '../../../src/vsphere/vim/vim-client';
import { ended, hostNamed, startSimulatedVCenters, until, type SimulatedVCenters } from './support/simulated-vcenters';

/*
 * The client against the simulator, over TLS. Neither shares code with the other, and both are held to servers and
 * clients of others (vcsim, pyvmomi): this says that they meet. Operations of hosts have a file of their own.
 */

let vCenters: SimulatedVCenters;
let simulator: Simulator;
let workload: VimClient;

beforeAll(async () => {
  vCenters = await startSimulatedVCenters();
  ({ simulator, workload } = vCenters);
  return () => vCenters[Symbol.asyncDispose]();
});

// A fault that was not used up must not strike in another test.
afterEach(() => simulator.world.faults.clear());

const enter = (id: string) => workload.hostOperations.enterMaintenanceMode(id, { timeoutSeconds: 0 });

async function outOfMaintenanceMode(id: string): Promise<void> {
  expect(await ended(workload, await workload.hostOperations.exitMaintenanceMode(id, 0))).toMatchObject({
    state: 'success',
  });
}

describe('reading', () => {
  it('says what the server is, in the version that both speak', async () => {
    expect(await workload.server.about()).toMatchObject({ apiType: 'VirtualCenter', apiVersion: '8.0.2.0' });
    expect(Math.abs(Date.parse(await workload.server.currentTime()) - Date.now())).toBeLessThan(10_000);
  });

  it('reads hosts as the world has them', async () => {
    const { hosts, vms } = simulator.world.state;
    const [cluster] = await workload.clusters.all();
    expect(cluster).toMatchObject({
      name: 'Trusted Cluster',
      drsEnabled: true,
      drsAutomationLevel: 'fullyAutomated',
    });
    const read = await workload.hosts.ofCluster(cluster?.id ?? '');
    expect(read.map(({ id }) => id).toSorted()).toEqual([...(cluster?.hosts ?? [])].toSorted());
    expect(read).toHaveLength(4);
    for (const host of read) {
      const real = hosts.find(({ name }) => name === host.name);
      expect(host).toMatchObject({
        id: real?.moid,
        uuid: real?.hardwareUuid,
        version: real?.runningImage.esxVersion,
        build: real?.runningImage.build,
        connectionState: 'connected',
        inMaintenanceMode: false,
        unreadable: {},
      });
      expect(Date.parse(host.bootTime ?? '')).toBe(real?.bootTime);
      expect(host.virtualMachines).toHaveLength(vms.filter((vm) => vm.host === host.name).length);
    }
  });

  it('reads the same page by page', async () => {
    const paged = vCenters.another({ pageSize: 1 });
    expect(await paged.hosts.all()).toEqual(await workload.hosts.all());
    expect(
      simulator.requests.all().filter(({ operation }) => operation === 'ContinueRetrievePropertiesEx'),
    ).toHaveLength(3);
    await paged.close();
  });

  it('reads attestation of Trusted Hosts, also where it fails, and none of Trust Authority Hosts', async () => {
    const trusted = await workload.hosts.all();
    const statuses = Object.fromEntries(
      trusted.map(({ name, trustAuthorityAttestations }) => [
        name.split('.')[0],
        new Set(trustAuthorityAttestations?.map(({ status }) => status)),
      ]),
    );
    expect(statuses).toEqual({
      'host-1': new Set(['attested']),
      'host-2': new Set(['attested']),
      'host-3': new Set(['notAttested']),
      'host-4': new Set(['attested']),
    });
    for (const { trustAuthorityAttestations, bootTime } of trusted) {
      for (const { status, attestedAt, attestedUntil, messages } of trustAuthorityAttestations ?? []) {
        if (status !== 'attested') expect(messages.join()).not.toBe('');
        else expect(Date.parse(attestedUntil ?? '')).toBeGreaterThan(Date.parse(attestedAt ?? ''));
        expect(Date.parse(bootTime ?? '')).not.toBeNaN();
      }
    }
    for (const host of await vCenters.trustAuthority.hosts.all())
      expect(host.trustAuthorityAttestations).toBeUndefined();
  });

  it('tells encrypted virtual machines from plain ones', async () => {
    const vms = await workload.virtualMachines.ofHost((await hostNamed('host-1.', workload)).id);
    const encrypted = vms.filter(({ encryption }) => encryption !== undefined);
    expect([vms.length, encrypted.length]).toEqual([2, 1]);
    const real = simulator.world.state.vms.find(
      ({ moid, vCenter }) => moid === encrypted[0]?.id && vCenter === 'workload-vc',
    );
    expect(real?.encrypted).toBe(true);
  });

  it('reads events and logs as evidence', async () => {
    const host = await hostNamed('host-4.', workload);
    await ended(workload, await enter(host.id));
    await outOfMaintenanceMode(host.id);
    const events = await workload.events.of({ type: 'HostSystem', id: host.id });
    expect(events.map(({ type }) => type)).toContain('EnteredMaintenanceModeEvent');
    const [log] = await workload.logs.list(host.id);
    const lines = await workload.logs.read({ hostId: host.id, key: log?.key ?? '' }, { start: 1, lines: 5 });
    expect(lines.lineEnd).toBe(lines.lineStart + lines.lines.length - 1);
    await expect(workload.logs.read({ key: 'no-such-log' }, { start: 1, lines: 5 })).rejects.toMatchObject({
      errorType: 'InvalidArgument',
    });
  });
});

describe('services', () => {
  it('are those of a Trust Authority Host, without kmxa, and can be restarted', async () => {
    const { id } = await hostNamed('ta-host-1.', vCenters.trustAuthority);
    const services = await vCenters.trustAuthority.hostServices.list(id);
    expect(
      services.filter(({ key }) => /^(attestd|kmx.)$/.test(key)).map(({ key, running }) => [key, running]),
    ).toEqual([
      ['attestd', true],
      ['kmxd', true],
    ]);
    const running = async (key: string) =>
      (await vCenters.trustAuthority.hostServices.list(id)).find((service) => service.key === key)?.running;
    await vCenters.trustAuthority.hostServices.stop(id, 'attestd');
    expect(await running('attestd')).toBe(false);
    await vCenters.trustAuthority.hostServices.start(id, 'attestd');
    expect(await running('attestd')).toBe(true);
    await vCenters.trustAuthority.hostServices.restart(id, 'attestd');
    expect(await running('attestd')).toBe(true);
    await expect(vCenters.trustAuthority.hostServices.restart(id, 'kmxa')).rejects.toMatchObject({
      errorType: 'NotFound',
    });
  });
});

describe('sessions', () => {
  it('are refused with a wrong password', async () => {
    await expect(vCenters.another({ password: 'wrong' }).server.about()).rejects.toBeInstanceOf(LoginRefused);
  });

  it.each(['RetrievePropertiesEx', 'CreateContainerView', 'EnterMaintenanceMode_Task'])(
    'are renewed when they end before %s',
    async (operation) => {
      const { id } = await hostNamed('host-1.', workload);
      const fault = simulator.world.faults.add({ kind: 'session-expired', operation });
      expect(await ended(workload, await enter(id))).toMatchObject({ state: 'success' });
      expect(await workload.hosts.all()).toHaveLength(4);
      await outOfMaintenanceMode(id);
      expect(fault.fired).toBe(1);
    },
  );

  it('survive half a body, which is an unknown outcome', async () => {
    simulator.world.faults.add({ kind: 'half-body', operation: 'CurrentTime' });
    await expect(workload.server.currentTime()).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      reason: 'body-cut-short',
    });
    expect(Date.parse(await workload.server.currentTime())).not.toBeNaN();
  });

  it('are begun anew, in the new version, after an update of the vCenter', async () => {
    const { vCenters } = simulator.world.state;
    const vCenter = vCenters[1];
    if (vCenter === undefined) throw new Error('no workload vCenter');
    expect((await workload.server.about()).apiVersion).toBe('8.0.2.0');
    startStageAndInstall(simulator.world, vCenter, '8.0.3.00500', { 'vmdir.password': simulator.ready.password });
    const away = await until(async () => {
      const error: unknown = await workload.server.currentTime().then(
        () => undefined,
        (caught: unknown) => caught,
      );
      return error;
    });
    expect(['NotSent', 'OutcomeUnknown', 'ApiFault']).toContain((away as Error).name);
    await until(async () => {
      const time = await workload.server.currentTime({ deadlineMs: 2_000 }).catch(() => undefined);
      return time;
    });
    expect((await workload.server.about()).apiVersion).toBe('8.0.3.0');
    expect(await until(async () => workload.hosts.all().catch(() => undefined))).toHaveLength(4);
  });
});

it('asked nothing that the simulator does not know', () => {
  const unknown = simulator.requests
    .all()
    .filter(({ operation, path }) => operation === null && path !== '/sdk/vimServiceVersions.xml');
  expect(unknown).toEqual([]);
});
