import { describe, expect, it } from 'vitest';
import { CLUSTER_HOSTS, OBJECT_GONE, TASK } from './support/recorded';
import { envelope, fault, object, page, references, success, xml } from './support/soap-bytes';
import { clientOf, startVimServer, type MethodAnswer } from './support/vim-server';

const info = (members: string, id = 'task-7') =>
  object('Task', id, {
    info:
      `<val xsi:type="TaskInfo"><key>${id}</key><task type="Task">${id}</task><descriptionId>Folder.addHost` +
      `</descriptionId>${members}<queueTime>2026-11-24T23:25:45Z</queueTime><eventChainId>0</eventChainId></val>`,
  });
const state = (name: string) => `<state>${name}</state><cancelled>false</cancelled><cancelable>true</cancelable>`;

async function look(answer: MethodAnswer) {
  await using server = await startVimServer({ RetrievePropertiesEx: answer });
  using client = clientOf(server);
  return await client.tasks.read('task-7');
}

const lookAt = (members: string) => look(() => success('RetrievePropertiesEx', page([info(members)])));

describe('VimTasks.read', () => {
  it('reads a task as vcsim records it', async () => {
    expect(await look(() => xml(200, envelope(TASK)))).toEqual({
      gone: false,
      task: {
        id: 'task-62',
        descriptionId: 'HostSystem.enterMaintenanceMode',
        state: 'success',
        progress: undefined,
        entity: { type: 'HostSystem', id: 'host-30' },
        entityName: 'host-30',
        cancelled: false,
        cancelable: false,
        error: undefined,
        result: undefined,
        queueTime: '2026-11-24T23:25:45.917315973Z',
        startTime: '2026-11-24T23:25:45.917324635Z',
        completeTime: '2026-11-24T23:25:45.917324635Z',
        reason: undefined,
        userName: undefined,
      },
    });
  });

  it('reads progress, and who began it', async () => {
    const reason =
      '<progress>42</progress><reason xsi:type="TaskReasonUser"><userName>LAB\\upgrade</userName></reason>';
    expect(await lookAt(state('running') + reason)).toMatchObject({
      task: { state: 'running', progress: 42, reason: 'TaskReasonUser', userName: 'LAB\\upgrade' },
    });
  });

  it('gives the failure as data, by the name of the fault', async () => {
    const error =
      '<error><fault xsi:type="NoHost"><name>h9</name></fault><localizedMessage>Cannot contact h9.</localizedMessage></error>';
    expect(await lookAt(state('error') + error)).toMatchObject({
      task: {
        state: 'error',
        error: { status: undefined, errorType: 'NoHost', messages: ['Cannot contact h9.'], data: { name: 'h9' } },
      },
    });
  });

  it.each([
    ['a fault without a type is what the schema declares', '<error><fault/></error>', 'MethodFault'],
    ['an error without a fault has no type', '<error><localizedMessage>x</localizedMessage></error>', undefined],
  ])('%s', async (_what, error, errorType) => {
    expect(await lookAt(state('error') + error)).toMatchObject({ task: { error: { errorType } } });
  });

  it('gives the new host of an added host, which has two attributes named type', async () => {
    const result = '<result type="HostSystem" xsi:type="ManagedObjectReference">host-109</result>';
    expect(await lookAt(state('success') + result)).toMatchObject({
      task: { result: { type: 'HostSystem', id: 'host-109' } },
    });
  });

  it.each([
    ['a text', '<result xsi:type="xsd:string">x</result>'],
    ['a data object', '<result xsi:type="ClusterHostRecommendation"><host type="HostSystem">h</host></result>'],
  ])('does not mistake %s for an object', async (_what, result) => {
    expect(await lookAt(state('success') + result)).toMatchObject({ task: { result: undefined } });
  });

  it('says gone when the record has expired, and does not call it a failure', async () => {
    expect(await look(() => xml(500, envelope(OBJECT_GONE)))).toEqual({ gone: true });
  });

  it('passes other faults on', async () => {
    const denied = fault('', '<NoPermissionFault xsi:type="NoPermission"/>');
    await expect(look(() => denied)).rejects.toMatchObject({ errorType: 'NoPermission' });
  });
});

describe('VimTasks.recentOf', () => {
  const ENTITY = { type: 'HostSystem', id: 'host-30' };

  it('reads the tasks of an object, without those whose record vanishes meanwhile', async () => {
    const recent = object('HostSystem', 'host-30', { recentTask: references('Task', ['task-1', 'task-2']) });
    const gone = xml(500, envelope(OBJECT_GONE.replace('HostSystem', 'Task').replace('host-99999', 'task-1')));
    await using server = await startVimServer({
      RetrievePropertiesEx: ({ body }) => {
        if (body.includes('<pathSet>recentTask</pathSet>')) return success('RetrievePropertiesEx', page([recent]));
        if (body.includes('task-1<')) return gone;
        return success('RetrievePropertiesEx', page([info(state('running'), 'task-2')]));
      },
    });
    using client = clientOf(server);
    const tasks = await client.tasks.recentOf(ENTITY);
    expect(tasks.map(({ id, state: now }) => [id, now])).toEqual([['task-2', 'running']]);
  });

  it('reads nothing more when there is none', async () => {
    const recent = object('HostSystem', 'host-30', { recentTask: references('Task', []) });
    await using server = await startVimServer({
      RetrievePropertiesEx: () => success('RetrievePropertiesEx', page([recent])),
    });
    using client = clientOf(server);
    expect(await client.tasks.recentOf(ENTITY)).toEqual([]);
    expect(server.calls.filter((call) => call.method === 'RetrievePropertiesEx')).toHaveLength(1);
  });

  it('fails for an object that is not there', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => xml(500, envelope(OBJECT_GONE)) });
    using client = clientOf(server);
    await expect(client.tasks.recentOf(ENTITY)).rejects.toMatchObject({ errorType: 'ManagedObjectNotFound' });
  });
});

it('cancels a task by its id', async () => {
  await using server = await startVimServer({ CancelTask: () => success('CancelTask', '') });
  using client = clientOf(server);
  await client.tasks.cancel('task-7');
  expect(server.calls.at(-1)?.body).toBe(
    '<CancelTask xmlns="urn:vim25"><_this type="Task">task-7</_this></CancelTask>',
  );
});

it('reads an answer of vcsim as a client of any other prefix would', async () => {
  await using server = await startVimServer({ RetrievePropertiesEx: () => xml(200, envelope(CLUSTER_HOSTS)) });
  using client = clientOf(server);
  expect(await client.clusters.read('clustercomputeresource-24')).toEqual({
    id: 'clustercomputeresource-24',
    name: 'DC0_C0',
    hosts: ['host-30', 'host-37'],
    drsEnabled: undefined,
    drsAutomationLevel: undefined,
  });
});
