import { describe, expect, it } from 'vitest';
import type { VimClient } from '../../../src/vsphere/vim/vim-client';
import { PYVMOMI } from './support/pyvmomi-requests';
import { fault, object, page, success } from './support/soap-bytes';
import { clientOf, startVimServer, type MethodAnswer } from './support/vim-server';

const TASK = { type: 'Task', id: 'task-103' };
const CONNECT = { hostName: 'h1', userName: 'root', password: 'pw', force: true };
const NEW_HOST = {
  hostName: 'newhost.lab',
  port: 443,
  sslThumbprint: 'AA:BB',
  userName: 'root',
  password: 'pw',
  force: true,
};

const OPERATIONS: Record<string, [method: string, call: (client: VimClient) => Promise<unknown>]> = {
  enterMaintenanceMode: [
    'EnterMaintenanceMode_Task',
    ({ hostOperations }) =>
      hostOperations.enterMaintenanceMode('host-21', { timeoutSeconds: 0, evacuatePoweredOffVms: true }),
  ],
  exitMaintenanceMode: [
    'ExitMaintenanceMode_Task',
    ({ hostOperations }) => hostOperations.exitMaintenanceMode('host-21', 0),
  ],
  reboot: ['RebootHost_Task', ({ hostOperations }) => hostOperations.reboot('host-21', false)],
  disconnect: ['DisconnectHost_Task', ({ hostOperations }) => hostOperations.disconnect('host-21')],
  reconnect: ['ReconnectHost_Task', ({ hostOperations }) => hostOperations.reconnect('host-21')],
  reconnectWith: [
    'ReconnectHost_Task',
    ({ hostOperations }) => hostOperations.reconnect('host-21', { connect: CONNECT, syncState: true }),
  ],
  addHost: [
    'AddHost_Task',
    ({ clusterMembership }) => clusterMembership.addHost('domain-c2', { connect: NEW_HOST, asConnected: true }),
  ],
  moveInto: ['MoveInto_Task', ({ clusterMembership }) => clusterMembership.moveInto('domain-c2', ['host-21'])],
  removeHost: ['Destroy_Task', ({ clusterMembership }) => clusterMembership.removeHost('host-22')],
};

describe.each(Object.entries(OPERATIONS))('%s', (name, [method, call]) => {
  it('sends what pyvmomi sends, once, and gives the task', async () => {
    await using server = await startVimServer({
      [method]: () => success(method, '<returnval type="Task">task-103</returnval>'),
    });
    using client = clientOf(server);
    expect(await call(client)).toEqual(TASK);
    const sent = server.calls.filter((received) => received.method === method);
    expect(sent.map(({ body }) => body)).toEqual([PYVMOMI[name]]);
    // On a connection of its own: a kept one that the server has just closed would leave open whether it arrived.
    const others = server.requests.filter((request) => request !== sent[0]?.request);
    expect(others.map(({ connection }) => connection)).not.toContain(sent[0]?.request.connection);
  });

  it('is not sent again when its answer is lost, and no secret is in the error', async () => {
    const lost: MethodAnswer = (_call, _nth, socket) => {
      socket.destroy();
      return undefined;
    };
    await using server = await startVimServer({ [method]: lost });
    using client = clientOf(server);
    const error = await call(client).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'OutcomeUnknown', operation: method });
    expect(String(error)).not.toContain('pw');
    expect(server.calls.filter((sent) => sent.method === method)).toHaveLength(1);
  });
});

it('a precondition that fails with the call is a fault by its name', async () => {
  const refused = fault('Not now', '<InvalidStateFault xmlns="urn:vim25" xsi:type="InvalidState"/>');
  await using server = await startVimServer({ RebootHost_Task: () => refused });
  using client = clientOf(server);
  await expect(client.hostOperations.reboot('host-21', false)).rejects.toMatchObject({ errorType: 'InvalidState' });
});

it('leaves evacuatePoweredOffVms out when it is not said', async () => {
  await using server = await startVimServer({
    EnterMaintenanceMode_Task: () =>
      success('EnterMaintenanceMode_Task', '<returnval type="Task">task-103</returnval>'),
  });
  using client = clientOf(server);
  await client.hostOperations.enterMaintenanceMode('host-21', { timeoutSeconds: 600 });
  expect(server.calls.at(-1)?.body).toContain('</_this><timeout>600</timeout></EnterMaintenanceMode_Task>');
});

const SYSTEM = object('HostSystem', 'host-21', {
  'configManager.serviceSystem':
    '<val type="HostServiceSystem" xsi:type="ManagedObjectReference">serviceSystem-21</val>',
});
const SERVICES = object('HostServiceSystem', 'serviceSystem-21', {
  serviceInfo:
    '<val xsi:type="HostServiceInfo"><service><key>attestd</key><label>attestd</label><required>false</required>' +
    '<uninstallable>false</uninstallable><running>true</running><policy>on</policy></service><service><key>kmxd</key>' +
    '<label>kmxd</label><required>false</required><uninstallable>false</uninstallable><running>false</running>' +
    '<ruleset>a</ruleset><ruleset>b</ruleset><policy>off</policy></service></val>',
});
const readProperties: MethodAnswer = ({ body }) =>
  success('RetrievePropertiesEx', page([body.includes('<obj type="HostSystem">') ? SYSTEM : SERVICES]));

describe('HostServices', () => {
  it.each([
    ['startService', 'StartService', 'start'],
    ['stopService', 'StopService', 'stop'],
    ['restartService', 'RestartService', 'restart'],
  ] as const)('%s sends what pyvmomi sends to the host’s service system', async (name, method, verb) => {
    await using server = await startVimServer({
      RetrievePropertiesEx: readProperties,
      [method]: () => success(method, ''),
    });
    using client = clientOf(server);
    await client.hostServices[verb]('host-21', 'attestd');
    expect(server.calls.at(-1)?.body).toBe(PYVMOMI[name]);
  });

  it('lists services, running or not', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: readProperties });
    using client = clientOf(server);
    expect(await client.hostServices.list('host-21')).toEqual([
      { key: 'attestd', label: 'attestd', running: true, policy: 'on', required: false },
      { key: 'kmxd', label: 'kmxd', running: false, policy: 'off', required: false },
    ]);
  });

  it('gives NotFound for a service that the host does not have', async () => {
    const notFound = fault('The object or item could not be found.', '<NotFoundFault xsi:type="NotFound"/>');
    await using server = await startVimServer({ RetrievePropertiesEx: readProperties, RestartService: () => notFound });
    using client = clientOf(server);
    await expect(client.hostServices.restart('host-21', 'kmxa')).rejects.toMatchObject({ errorType: 'NotFound' });
  });
});
