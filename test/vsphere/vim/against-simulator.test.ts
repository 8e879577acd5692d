import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../simulator/simulator';
import { startStageAndInstall } from '../../../simulator/world/appliance-install';
import { LoginRefused } from '../../../src/vsphere/errors';
import { createTransport, type Transport } from '../../../src/vsphere/transport';
import type { ManagedObjectReference } from '../../../src/vsphere/vim/managed-object';
import type { TaskInfo } from '../../../src/vsphere/vim/task-info';
import { VimClient } from '../../../src/vsphere/vim/vim-client';

/**
 * The client against the simulator, over TLS. Neither shares code with the other, and both are held to servers and
 * clients of others (vcsim, pyvmomi): this says that they meet.
 */
let simulator: Simulator;
let transports: Transport[];
let trustAuthority: VimClient;
let workload: VimClient;

function clientTo(url: string, password = simulator.ready.password, pageSize?: number): VimClient {
  const transport = createTransport({
    url,
    trust: { kind: 'ca', pem: readFileSync(simulator.ready.caFile, 'utf8') },
  });
  transports.push(transport);
  return new VimClient({
    transport,
    credentials: () => Promise.resolve({ username: simulator.ready.username, password }),
    ...(pageSize === undefined ? {} : { pageSize }),
  });
}

const workloadUrl = (): string => simulator.ready.trusted[0]?.vCenter ?? '';

beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'conformance' });
  transports = [];
  trustAuthority = clientTo(simulator.ready.trustAuthority.vCenter);
  workload = clientTo(workloadUrl());
  return async () => {
    await Promise.all([trustAuthority.close(), workload.close()]);
    for (const transport of transports) transport.close();
    await simulator.close();
  };
});

// A fault that was not used up must not strike in another test.
afterEach(() => simulator.world.faults.clear());

async function ended(client: VimClient, task: ManagedObjectReference): Promise<TaskInfo> {
  for (;;) {
    const look = await client.tasks.read(task.id);
    if (look.gone) throw new Error(`no record of ${task.id}`);
    if (look.task.state === 'success' || look.task.state === 'error') return look.task;
    await sleep(20);
  }
}

/** Waits for what the world does by itself; the test's own deadline ends it. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(20);
  }
}

async function hostNamed(prefix: string, client = workload) {
  const host = (await client.hosts.all()).find(({ name }) => name.startsWith(prefix));
  if (host === undefined) throw new Error(`no host ${prefix}`);
  return host;
}

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
    const paged = clientTo(workloadUrl(), simulator.ready.password, 1);
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
    for (const host of await trustAuthority.hosts.all()) expect(host.trustAuthorityAttestations).toBeUndefined();
  });

  it('tells encrypted virtual machines from plain ones', async () => {
    const vms = await workload.virtualMachines.ofHost((await hostNamed('host-1')).id);
    const encrypted = vms.filter(({ encryption }) => encryption !== undefined);
    expect([vms.length, encrypted.length]).toEqual([2, 1]);
    const real = simulator.world.state.vms.find(
      ({ moid, vCenter }) => moid === encrypted[0]?.id && vCenter === 'workload-vc',
    );
    expect(real?.encrypted).toBe(true);
  });

  it('reads events and logs as evidence', async () => {
    const host = await hostNamed('host-4');
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
    const { id } = await hostNamed('ta-host-1', trustAuthority);
    const services = await trustAuthority.hostServices.list(id);
    expect(
      services.filter(({ key }) => /^(attestd|kmx.)$/.test(key)).map(({ key, running }) => [key, running]),
    ).toEqual([
      ['attestd', true],
      ['kmxd', true],
    ]);
    const running = async (key: string) =>
      (await trustAuthority.hostServices.list(id)).find((service) => service.key === key)?.running;
    await trustAuthority.hostServices.stop(id, 'attestd');
    expect(await running('attestd')).toBe(false);
    await trustAuthority.hostServices.start(id, 'attestd');
    expect(await running('attestd')).toBe(true);
    await trustAuthority.hostServices.restart(id, 'attestd');
    expect(await running('attestd')).toBe(true);
    await expect(trustAuthority.hostServices.restart(id, 'kmxa')).rejects.toMatchObject({ errorType: 'NotFound' });
  });
});

describe('operations', () => {
  it('reboots a host only in maintenance mode, and proves the boot', async () => {
    const { id, bootTime } = await hostNamed('host-1');
    const refused = await workload.hostOperations
      .reboot(id, false)
      .then((task) => ended(workload, task))
      .then(({ error }) => error)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ errorType: 'InvalidState' });

    expect(await ended(workload, await enter(id))).toMatchObject({ state: 'success' });
    expect(await ended(workload, await workload.hostOperations.reboot(id, false))).toMatchObject({ state: 'success' });
    const back = await until(async () => {
      const host = await workload.hosts.read(id);
      return host.connectionState === 'connected' && host.bootTime !== bootTime ? host : undefined;
    });
    expect(Date.parse(back.bootTime ?? '')).toBeGreaterThan(Date.parse(bootTime ?? ''));
    expect(back.inMaintenanceMode).toBe(true);
    await outOfMaintenanceMode(id);
  });

  it('disconnects and reconnects', async () => {
    const { id } = await hostNamed('host-2');
    await ended(workload, await workload.hostOperations.disconnect(id));
    expect((await workload.hosts.read(id)).connectionState).toBe('disconnected');
    await ended(workload, await workload.hostOperations.reconnect(id));
    await until(async () => ((await workload.hosts.read(id)).connectionState === 'connected' ? true : undefined));
  });

  it('finds its own running operation again after a lost answer', async () => {
    const { id } = await hostNamed('host-2');
    simulator.world.faults.add({ kind: 'reply-lost', operation: 'EnterMaintenanceMode_Task' });
    const began = await workload.server.currentTime();
    await expect(enter(id)).rejects.toMatchObject({ name: 'OutcomeUnknown', operation: 'EnterMaintenanceMode_Task' });
    const user = await workload.server.userName();
    const ours = (await workload.tasks.recentOf({ type: 'HostSystem', id })).filter(
      (task) =>
        task.descriptionId === 'HostSystem.enterMaintenanceMode' &&
        task.userName === user &&
        Date.parse(task.queueTime) >= Date.parse(began),
    );
    expect(ours).toHaveLength(1);
    expect(await ended(workload, { type: 'Task', id: ours[0]?.id ?? '' })).toMatchObject({ state: 'success' });
    await outOfMaintenanceMode(id);
  });

  it('gives the fault of a task as data, and says gone of a lost record', async () => {
    const { id } = await hostNamed('host-2');
    simulator.world.faults.add({ kind: 'task-fails', operation: 'EnterMaintenanceMode_Task', error: 'Timedout' });
    expect(await ended(workload, await enter(id))).toMatchObject({
      state: 'error',
      error: { errorType: 'Timedout', status: undefined },
    });
    simulator.world.faults.add({ kind: 'task-record-gone', operation: 'EnterMaintenanceMode_Task' });
    const task = await enter(id);
    await until(async () => ((await workload.tasks.read(task.id)).gone ? true : undefined));
    await until(async () => ((await workload.hosts.read(id)).inMaintenanceMode ? true : undefined));
    await outOfMaintenanceMode(id);
  });

  it('cancels a task that hangs', async () => {
    const { id } = await hostNamed('host-2');
    simulator.world.faults.add({ kind: 'mm-hangs', host: id });
    const task = await enter(id);
    await until(async () => {
      const look = await workload.tasks.read(task.id);
      return !look.gone && look.task.cancelable ? true : undefined;
    });
    await workload.tasks.cancel(task.id);
    expect(await ended(workload, task)).toMatchObject({ state: 'error', error: { errorType: 'RequestCanceled' } });
  });

  it('removes a host and adds it again under another id', async () => {
    const host = await hostNamed('host-2');
    await ended(workload, await enter(host.id));
    expect(await ended(workload, await workload.clusterMembership.removeHost(host.id))).toMatchObject({
      state: 'success',
    });
    await expect(workload.hosts.read(host.id)).rejects.toMatchObject({ errorType: 'ManagedObjectNotFound' });
    const real = simulator.world.host(host.name);
    const { esxi } = simulator.ready;
    const connect = {
      hostName: host.name,
      sslThumbprint: real.sslThumbprint,
      userName: esxi.username,
      password: esxi.password,
      force: true,
    };
    const added = await ended(
      workload,
      await workload.clusterMembership.addHost(host.cluster ?? '', { connect, asConnected: true }),
    );
    expect(added).toMatchObject({ state: 'success', result: { type: 'HostSystem' } });
    const again = await workload.hosts.read(added.result?.id ?? '');
    expect(again.id).not.toBe(host.id);
    expect(again).toMatchObject({ name: host.name, uuid: host.uuid, cluster: host.cluster });
    const unknown = { ...connect, hostName: 'nobody.lab.example' };
    const failed = await workload.clusterMembership
      .addHost(host.cluster ?? '', { connect: unknown, asConnected: true })
      .then((task) => ended(workload, task))
      .then(({ error }) => error)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ errorType: 'NoHost' });
  });
});

describe('sessions', () => {
  it('are refused with a wrong password', async () => {
    await expect(clientTo(workloadUrl(), 'wrong').server.about()).rejects.toBeInstanceOf(LoginRefused);
  });

  it.each(['RetrievePropertiesEx', 'CreateContainerView', 'EnterMaintenanceMode_Task'])(
    'are renewed when they end before %s',
    async (operation) => {
      const { id } = await hostNamed('host-1');
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
