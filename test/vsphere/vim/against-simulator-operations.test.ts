import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/simulator';
import type { VimClient } from '../../../src/vsphere/vim/vim-client';
import { ended, hostNamed, startSimulatedVCenters, until, type SimulatedVCenters } from './support/simulated-vcenters';

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

describe('operations', () => {
  it('reboots a host only in maintenance mode, and proves the boot', async () => {
    const { id, bootTime } = await hostNamed('host-1.', workload);
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
    const { id } = await hostNamed('host-2.', workload);
    await ended(workload, await workload.hostOperations.disconnect(id));
    expect((await workload.hosts.read(id)).connectionState).toBe('disconnected');
    await ended(workload, await workload.hostOperations.reconnect(id));
    await until(async () => ((await workload.hosts.read(id)).connectionState === 'connected' ? true : undefined));
  });

  it('finds its own running operation again after a lost answer', async () => {
    const { id } = await hostNamed('host-2.', workload);
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
    const { id } = await hostNamed('host-2.', workload);
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
    const { id } = await hostNamed('host-2.', workload);
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
    const host = await hostNamed('host-2.', workload);
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
