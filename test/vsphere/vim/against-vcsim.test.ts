import { beforeAll, describe, expect, it } from 'vitest';
import { LoginRefused } from '../../../src/vsphere/errors';
import type { ManagedObjectReference } from '../../../src/vsphere/vim/managed-object';
import type { TaskInfo } from '../../../src/vsphere/vim/task-info';
import { SoapClient } from '../../../src/vsphere/vim/soap-client';
import { VimClient } from '../../../src/vsphere/vim/vim-client';
import { GO, requirePart } from '../../support/parts';
import { buildVcsim, startVcsim, vcsimIsBuilt, type Vcsim } from './support/vcsim';

/**
 * The client against vcsim v0.18.0 (govmomi): a server that this project did not write, over TLS, with the product's
 * own transport. What vcsim does otherwise than VMware documents, or lacks, and what that means here:
 * - it speaks API 6.5 at most, so the test lowers the oldest version; nothing later (Trust Authority, TPM) is in it;
 * - it names faults only by xsi:type (`<Fault xsi:type="…">`), and writes that prefix `XMLSchema-instance`;
 * - it tells an ended session inside `missingSet` with status 200, and an unknown property too (a vCenter: a fault);
 * - `maxObjects` is ignored and ContinueRetrievePropertiesEx unknown: paging cannot be checked here;
 * - `recentTask` of an entity stays empty; tasks have no `reason`, so not who began them;
 * - EnterMaintenanceMode checks nothing: it succeeds twice, and at once, and moves no virtual machine;
 * - Reboot, Disconnect, Reconnect, MoveInto are unknown methods; the service system that a host names does not exist;
 * - a host that was removed stays in the list `host` of its cluster;
 * - any user name and password will do, except an empty user name or password.
 */
const TESTS = 'the vim25 client against vcsim (govmomi)';

if (vcsimIsBuilt() || requirePart(GO, TESTS)) {
  describe('VimClient against vcsim', () => {
    let vcsim: Vcsim;
    let client: VimClient;
    /** Session cookie of the last request. */
    let cookie: string | undefined;
    // Building it takes half a minute where Go has to fetch its modules.
    beforeAll(async () => {
      await buildVcsim();
      vcsim = await startVcsim();
      client = clientWith('p<&>"w');
      return async () => {
        await client.close();
        await vcsim[Symbol.asyncDispose]();
      };
    }, 300_000);

    const clientWith = (password: string): VimClient =>
      new VimClient({
        transport: {
          ...vcsim.transport,
          send: (request, options) => {
            cookie = request.headers?.['cookie'];
            return vcsim.transport.send(request, options);
          },
        },
        credentials: () => Promise.resolve({ username: 'upgrade@lab', password }),
        oldestVersion: '6.5',
      });

    /** Ends the client's session at the server, behind the client's back. */
    async function endSession(): Promise<void> {
      const self = { type: 'SessionManager', id: 'SessionManager' };
      await new SoapClient(vcsim.transport).call({ method: 'Logout', self, version: '6.5', cookie, repeatable: false });
    }

    async function ended(task: ManagedObjectReference): Promise<TaskInfo> {
      for (;;) {
        const look = await client.tasks.read(task.id);
        if (look.gone) throw new Error(`no record of ${task.id}`);
        if (look.task.state === 'success' || look.task.state === 'error') return look.task;
      }
    }

    const oneCluster = async () => {
      const [cluster] = await client.clusters.all();
      if (cluster === undefined) throw new Error('vcsim has no cluster');
      return cluster;
    };
    const oneHost = async (): Promise<string> => (await oneCluster()).hosts[0] ?? 'no host';

    it('logs in and reads what the server is', async () => {
      expect(await client.server.about()).toMatchObject({ apiType: 'VirtualCenter', apiVersion: '6.5' });
      expect(await client.server.userName()).toBe('upgrade@lab');
      expect(Math.abs(Date.parse(await client.server.currentTime()) - Date.now())).toBeLessThan(60_000);
    });

    it('is refused with an empty password', async () => {
      await expect(clientWith('').server.about()).rejects.toBeInstanceOf(LoginRefused);
    });

    it('refuses to speak 6.5 unless told to', async () => {
      const strict = new VimClient({
        transport: vcsim.transport,
        credentials: () => Promise.resolve({ username: 'u', password: 'p' }),
      });
      await expect(strict.server.about()).rejects.toThrow(/lists no version from 7\.0 to 8\.0\.3\.0, only 6\.5/);
    });

    it('reads clusters and their hosts through container views', async () => {
      const cluster = await oneCluster();
      expect(cluster).toMatchObject({ name: 'DC0_C0', drsEnabled: true });
      const hosts = await client.hosts.ofCluster(cluster.id);
      expect(hosts.map((host) => host.id).toSorted()).toEqual([...cluster.hosts].toSorted());
      expect(hosts).toHaveLength(3);
      for (const host of hosts) {
        expect(host).toMatchObject({
          cluster: cluster.id,
          version: '6.5.0',
          build: '5969303',
          connectionState: 'connected',
          powerState: 'poweredOn',
          inMaintenanceMode: false,
          rebootRequired: false,
          trustAuthorityAttestations: undefined,
          unreadable: {},
        });
        expect(host.uuid).toMatch(/^[0-9a-f-]{36}$/);
        expect(Date.parse(host.bootTime ?? '')).not.toBeNaN();
      }
    });

    it('tells a stand-alone host from one of a cluster', async () => {
      const hosts = await client.hosts.all();
      expect(hosts.filter((host) => host.cluster === undefined).map((host) => host.name)).toEqual(['DC0_H0']);
      expect(hosts).toHaveLength(4);
    });

    it('reads the virtual machines of a host', async () => {
      const host = (await client.hosts.all()).find(({ virtualMachines }) => virtualMachines.length > 0);
      const vms = await client.virtualMachines.ofHost(host?.id ?? '');
      expect(vms.map(({ id }) => id).toSorted()).toEqual([...(host?.virtualMachines ?? [])].toSorted());
      for (const vm of vms)
        expect(vm).toMatchObject({ powerState: 'poweredOn', encryption: undefined, unreadable: {} });
    });

    it('enters and leaves maintenance mode, and follows the task', async () => {
      const host = await oneHost();
      const began = await client.server.currentTime();
      const entered = await ended(
        await client.hostOperations.enterMaintenanceMode(host, { timeoutSeconds: 0, evacuatePoweredOffVms: true }),
      );
      expect(entered).toMatchObject({
        state: 'success',
        descriptionId: 'HostSystem.enterMaintenanceMode',
        entity: { type: 'HostSystem', id: host },
        error: undefined,
      });
      expect(Date.parse(entered.queueTime)).toBeGreaterThanOrEqual(Date.parse(began));
      expect((await client.hosts.read(host)).inMaintenanceMode).toBe(true);
      expect(await ended(await client.hostOperations.exitMaintenanceMode(host, 0))).toMatchObject({ state: 'success' });
      expect((await client.hosts.read(host)).inMaintenanceMode).toBe(false);
    });

    it('adds a host, whose task names the new one, and removes it', async () => {
      const { id } = await oneCluster();
      const connect = { hostName: 'new-host.lab', userName: 'root', password: 'p<&>"w', force: true };
      const added = await ended(await client.clusterMembership.addHost(id, { connect, asConnected: true }));
      const host = added.result?.id ?? '';
      expect(await client.hosts.read(host)).toMatchObject({ id: host, name: 'new-host.lab', cluster: id });
      expect(await ended(await client.clusterMembership.removeHost(host))).toMatchObject({ state: 'success' });
      await expect(client.hosts.read(host)).rejects.toMatchObject({ errorType: 'ManagedObjectNotFound' });
    });

    it('gives the fault of a task as data', async () => {
      const { id } = await oneCluster();
      const connect = { hostName: '', force: true };
      const failed = await ended(await client.clusterMembership.addHost(id, { connect, asConnected: true }));
      expect(failed).toMatchObject({ state: 'error', error: { errorType: 'NoHost', status: undefined } });
    });

    it('gives the fault of a call by its name', async () => {
      const host = await oneHost();
      await expect(client.hostOperations.reboot(host, false)).rejects.toMatchObject({
        name: 'ApiFault',
        operation: 'RebootHost_Task',
        status: 500,
        errorType: 'MethodNotFound',
        data: { receiver: { type: 'HostSystem', id: host }, method: 'RebootHost_Task' },
      });
      await expect(client.hosts.read('host-99999')).rejects.toMatchObject({
        errorType: 'ManagedObjectNotFound',
        data: { obj: { type: 'HostSystem', id: 'host-99999' } },
      });
      await expect(client.hostServices.restart(host, 'attestd')).rejects.toMatchObject({
        errorType: 'ManagedObjectNotFound',
      });
    });

    it('says gone of a task that is not there, and has no recent tasks', async () => {
      expect(await client.tasks.read('task-99999')).toEqual({ gone: true });
      expect(await client.tasks.recentOf({ type: 'HostSystem', id: await oneHost() })).toEqual([]);
    });

    it('leaves out objects that are not there', async () => {
      const { id, hosts } = await oneCluster();
      const there = (await client.hosts.ofCluster(id)).map((host) => host.id).toSorted();
      const selection = { type: 'HostSystem', paths: ['name'] };
      const found = await client.properties.ofExisting([...hosts, 'host-99999'], selection);
      expect(found.map(({ object }) => object.id).toSorted()).toEqual(there);
    });

    it('reads an unknown property as unreadable', async () => {
      const selection = { type: 'HostSystem', paths: ['name', 'summary.trustAuthorityAttestationInfos'] };
      const host = await client.properties.ofObject(await oneHost(), selection);
      expect(host.unreadable()).toEqual({ 'summary.trustAuthorityAttestationInfos': 'InvalidProperty' });
    });

    it('reads the events of a host', async () => {
      const host = (await client.hosts.all()).find(({ virtualMachines }) => virtualMachines.length > 0);
      const events = await client.events.of({ type: 'HostSystem', id: host?.id ?? '' });
      expect(events.map(({ type }) => type)).toContain('VmPoweredOnEvent');
      expect(events.find(({ type }) => type === 'VmPoweredOnEvent')?.host).toBe(host?.name);
    });

    it('logs in again when the session has ended, which vcsim tells inside missingSet', async () => {
      const host = await oneHost();
      const first = cookie;
      await endSession();
      const read = await client.properties.ofObject(host, { type: 'HostSystem', paths: ['name'] });
      expect(read.unreadable()).toEqual({});
      const second = cookie;
      expect(second).not.toBe(first);
      await endSession();
      expect(await client.hosts.all()).toHaveLength(4);
      expect(cookie).not.toBe(second);
    });

    it('logs out', async () => {
      const other = clientWith('x');
      await other.server.about();
      await other.close();
      expect(await other.hosts.all()).toHaveLength(4);
      await other.close();
    });
  });
} else {
  it('was not run: Go is missing (see the line above)', () => undefined);
}
