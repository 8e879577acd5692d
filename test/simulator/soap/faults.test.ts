import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { faultOf, returnValue, sleep, startLab, type Client, type Lab } from './vim-wire';

let lab: Lab;
let client: Client;
let moid: string;
beforeAll(async () => {
  lab = await startLab();
  client = lab.workload;
  moid = lab.simulator.world.host('host-1.lab.example').moid;
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.simulator.world.faults.clear());

const time = () => client.call('CurrentTime', 'ServiceInstance', 'ServiceInstance');
const disconnect = () => client.call('DisconnectHost_Task', 'HostSystem', moid);
const fault = (spec: Parameters<Lab['simulator']['world']['faults']['add']>[0]) => lab.simulator.world.faults.add(spec);

describe('a fault of the scenario', () => {
  it('error: answers with the fault that it names, without an effect, and is over after its count', async () => {
    fault({ kind: 'error', operation: 'DisconnectHost_Task', error: 'HostNotReachable', message: 'Out of reach.' });
    const reply = await disconnect();
    expect(faultOf(reply)).toBe('HostNotReachable');
    expect(reply.text).toContain('<faultstring>Out of reach.</faultstring>');
    expect(lab.simulator.world.host('host-1.lab.example').connectionState).toBe('connected');
    const { state } = await client.task('DisconnectHost_Task', 'HostSystem', moid);
    await client.task('ReconnectHost_Task', 'HostSystem', moid);
    expect(state).toBe('success');
  });

  it.each([
    ['SystemError', undefined],
    ['TaskInProgress', '<task type="Task">task-0</task>'],
    ['ManagedObjectNotFound', '<obj type="ServiceInstance">ServiceInstance</obj>'],
    ['NotAuthenticated', undefined],
  ])('error: has the members that %s must have', async (error, members) => {
    fault({ kind: 'error', operation: 'CurrentTime', error });
    const reply = await time();
    expect(faultOf(reply)).toBe(error);
    if (members !== undefined) expect(reply.text).toContain(members);
  });

  it('error: strikes the call that names its host, wherever it names it', async () => {
    fault({ kind: 'error', operation: 'RetrievePropertiesEx', host: 'host-2.lab.example' });
    const other = lab.simulator.world.host('host-2.lab.example');
    expect(await client.read('HostSystem', moid, 'name')).toBe('host-1.lab.example');
    await expect(client.read('HostSystem', other.moid, 'name')).rejects.toThrow('SystemError');
  });

  it('delay: the answer is late', async () => {
    fault({ kind: 'delay', operation: 'CurrentTime', milliseconds: 200 });
    const before = Date.now();
    expect((await time()).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(195);
  });

  it('hang: there is no answer, and no effect', async () => {
    fault({ kind: 'hang', operation: 'DisconnectHost_Task', milliseconds: 150 });
    await expect(disconnect()).rejects.toThrow(/socket hang up|ECONNRESET/);
    await sleep(100);
    expect(lab.simulator.world.host('host-1.lab.example').connectionState).toBe('connected');
  });

  it('reply-lost: the effect is there, the answer is not', async () => {
    fault({ kind: 'reply-lost', operation: 'DisconnectHost_Task' });
    await expect(disconnect()).rejects.toThrow(/socket hang up|ECONNRESET/);
    const host = lab.simulator.world.host('host-1.lab.example');
    await expect.poll(() => host.connectionState).toBe('disconnected');
    await client.task('ReconnectHost_Task', 'HostSystem', moid);
  });

  it('half-body: the answer breaks off', async () => {
    fault({ kind: 'half-body', operation: 'CurrentTime' });
    await expect(time()).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
  });

  it('task-fails: the call succeeds, the task does not', async () => {
    fault({ kind: 'task-fails', operation: 'DisconnectHost_Task', error: 'HostCommunication', message: 'Lost.' });
    const { state, info } = await client.task('DisconnectHost_Task', 'HostSystem', moid);
    expect(state).toBe('error');
    expect(info).toContain(
      '<error><fault xsi:type="HostCommunication"/><localizedMessage>Lost.</localizedMessage></error>',
    );
    expect(lab.simulator.world.host('host-1.lab.example').connectionState).toBe('connected');
  });

  it('task-record-gone: the effect is there, the task cannot be found', async () => {
    fault({ kind: 'task-record-gone', operation: 'DisconnectHost_Task' });
    const task = returnValue((await disconnect()).text);
    const host = lab.simulator.world.host('host-1.lab.example');
    await expect.poll(() => host.connectionState).toBe('disconnected');
    await expect(client.read('Task', task, 'info')).rejects.toThrow('ManagedObjectNotFoundFault');
    await client.task('ReconnectHost_Task', 'HostSystem', moid);
  });
});
