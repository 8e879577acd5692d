import { describe, expect, it } from 'vitest';
import { ApiFault } from '../../../src/vsphere/errors';
import type { Selection } from '../../../src/vsphere/vim/property-collector';
import { PYVMOMI } from './support/pyvmomi-requests';
import { OBJECT_GONE, UNKNOWN_PROPERTY } from './support/recorded';
import { envelope, fault, missing, object, page, success, xml } from './support/soap-bytes';
import { clientOf, startVimServer, versionDocument, type VimServer } from './support/vim-server';

const NAMES: Selection = { type: 'HostSystem', paths: ['name'] };
const host = (id: string) => object('HostSystem', id, { name: `name of ${id}` });
const answer = (objects: string[], token?: string) => success('RetrievePropertiesEx', page(objects, token));
const bodies = (server: VimServer, method: string) =>
  server.calls.filter((call) => call.method === method).map((call) => call.body);

describe('reading what is in a container', () => {
  it('makes a view as pyvmomi does, reads through it, and destroys it', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => answer([host('host-1')]) });
    using client = clientOf(server);
    const [found] = await client.properties.inContainer(undefined, NAMES);
    expect(found?.required('name').asText()).toBe('name of host-1');
    expect(bodies(server, 'CreateContainerView')).toEqual([PYVMOMI['createContainerView']]);
    expect(bodies(server, 'RetrievePropertiesEx')).toEqual([
      '<RetrievePropertiesEx xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this><specSet>' +
        '<propSet><type>HostSystem</type><pathSet>name</pathSet></propSet><objectSet><obj type="ContainerView">' +
        'session[52]view-1</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>view</name>' +
        '<type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet>' +
        '<options><maxObjects>100</maxObjects></options></RetrievePropertiesEx>',
    ]);
    expect(bodies(server, 'DestroyView')).toEqual([
      '<DestroyView xmlns="urn:vim25"><_this type="ContainerView">session[52]view-1</_this></DestroyView>',
    ]);
  });

  it('reads on until there is no token', async () => {
    await using server = await startVimServer({
      RetrievePropertiesEx: () => answer([host('host-1'), host('host-2')], 'next&amp;1'),
      ContinueRetrievePropertiesEx: (_call, nth) =>
        nth === 1
          ? success('ContinueRetrievePropertiesEx', page([host('host-3')], 'next&amp;2'))
          : success('ContinueRetrievePropertiesEx', page([host('host-4')])),
    });
    using client = clientOf(server, { pageSize: 2 });
    const found = await client.properties.inContainer(undefined, NAMES);
    expect(found.map(({ object: { id } }) => id)).toEqual(['host-1', 'host-2', 'host-3', 'host-4']);
    expect(bodies(server, 'RetrievePropertiesEx')[0]).toContain('<maxObjects>2</maxObjects>');
    expect(bodies(server, 'ContinueRetrievePropertiesEx')).toEqual(
      ['next&amp;1', 'next&amp;2'].map(
        (token) =>
          '<ContinueRetrievePropertiesEx xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this>' +
          `<token>${token}</token></ContinueRetrievePropertiesEx>`,
      ),
    );
  });

  it('is not led on for ever by pages without objects', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => answer([], 'again') });
    using client = clientOf(server);
    await expect(client.properties.inContainer(undefined, NAMES)).rejects.toThrow(/promises more and holds nothing/);
  });

  it('is not led on for ever by tokens that never end: the deadline is for the whole read', async () => {
    await using server = await startVimServer({
      RetrievePropertiesEx: () => answer([host('host-1')], 'again'),
      ContinueRetrievePropertiesEx: () => success('ContinueRetrievePropertiesEx', page([host('host-1')], 'again')),
    });
    using client = clientOf(server);
    await expect(client.properties.inContainer(undefined, NAMES, { deadlineMs: 400 })).rejects.toMatchObject({
      reason: 'deadline',
    });
  });

  it('gives nothing when nothing matched, which has no returnval at all', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => success('RetrievePropertiesEx', '') });
    using client = clientOf(server);
    expect(await client.properties.inContainer(undefined, NAMES)).toEqual([]);
  });

  it('destroys the view also when the read fails, and reports the failure of the read', async () => {
    const invalid = fault('', '<InvalidPropertyFault xsi:type="InvalidProperty"><name>x</name></InvalidPropertyFault>');
    await using server = await startVimServer({
      RetrievePropertiesEx: () => invalid,
      DestroyView: () => fault('', '<Fault xsi:type="ManagedObjectNotFound"/>'),
    });
    using client = clientOf(server);
    await expect(client.properties.inContainer(undefined, NAMES)).rejects.toMatchObject({
      errorType: 'InvalidProperty',
      data: { name: 'x' },
    });
    expect(bodies(server, 'DestroyView')).toHaveLength(1);
  });
});

describe('reading named objects', () => {
  it('asks for each by its reference', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => answer([host('host-1'), host('host-2')]) });
    using client = clientOf(server);
    expect(await client.properties.ofExisting(['host-1', 'host-2'], NAMES)).toHaveLength(2);
    expect(bodies(server, 'RetrievePropertiesEx')[0]).toContain(
      '</propSet><objectSet><obj type="HostSystem">host-1</obj></objectSet><objectSet><obj type="HostSystem">host-2</obj>',
    );
  });

  it('sends nothing for an empty list, which some servers take for everything', async () => {
    await using server = await startVimServer({});
    using client = clientOf(server);
    expect(await client.properties.ofExisting([], NAMES)).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('leaves out those that vanish meanwhile', async () => {
    const gone = (id: string) => xml(500, envelope(OBJECT_GONE.replace('host-99999', id)));
    await using server = await startVimServer({
      RetrievePropertiesEx: ({ body }) =>
        body.includes('host-2<')
          ? gone('host-2')
          : body.includes('host-3<')
            ? gone('host-3')
            : answer([host('host-1')]),
    });
    using client = clientOf(server);
    const found = await client.properties.ofExisting(['host-1', 'host-2', 'host-3'], NAMES);
    expect(found.map(({ object: { id } }) => id)).toEqual(['host-1']);
    expect(bodies(server, 'RetrievePropertiesEx')).toHaveLength(3);
  });

  it.each([
    ['another object is gone', 'host-7', 'HostSystem'],
    ['an object of another type is gone', 'host-1', 'Task'],
  ])('fails when %s: nothing of ours can be left out', async (_what, id, type) => {
    const detail = `<Fault xsi:type="ManagedObjectNotFound"><obj type="${type}">${id}</obj></Fault>`;
    await using server = await startVimServer({ RetrievePropertiesEx: () => fault('', detail) });
    using client = clientOf(server);
    await expect(client.properties.ofExisting(['host-1'], NAMES)).rejects.toMatchObject({
      errorType: 'ManagedObjectNotFound',
    });
    expect(bodies(server, 'RetrievePropertiesEx')).toHaveLength(1);
  });

  it('does not ask an old server for what it does not know', async () => {
    const selection: Selection = { type: 'HostSystem', paths: ['name', { path: 'newer', since: '7.0.1.0' }] };
    const asked = async (version: string) => {
      await using server = await startVimServer(
        { RetrievePropertiesEx: () => answer([host('host-1')]) },
        { versions: () => versionDocument(version) },
      );
      using client = clientOf(server);
      await client.properties.ofObject('host-1', selection);
      return bodies(server, 'RetrievePropertiesEx')[0]?.includes('<pathSet>newer</pathSet>');
    };
    expect([await asked('7.0'), await asked('7.0.1.0'), await asked('8.0.0.1')]).toEqual([false, true, true]);
  });
});

describe('a property', () => {
  const read = async (objects: string) => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => answer([objects]) });
    using client = clientOf(server);
    return await client.properties.ofObject('host-1', NAMES);
  };

  it('that is unset is not one that could not be read', async () => {
    const unset = await read(object('HostSystem', 'host-1', {}));
    expect([unset.optional('name'), unset.unreadable()]).toEqual([undefined, {}]);
    expect(() => unset.required('name')).toThrow('host-1.name is not set');

    const unread = await read(object('HostSystem', 'host-1', {}, missing('name', 'NoPermission')));
    expect([unread.optional('name'), unread.unreadable()]).toEqual([undefined, { name: 'NoPermission' }]);
    expect(() => unread.required('name')).toThrow(ApiFault);
  });

  it('that the server does not know is told as vcsim tells it', async () => {
    await using server = await startVimServer({ RetrievePropertiesEx: () => xml(200, envelope(UNKNOWN_PROPERTY)) });
    using client = clientOf(server);
    const found = await client.properties.ofObject('host-30', { type: 'HostSystem', paths: ['bogusProp'] });
    expect(found.unreadable()).toEqual({ bogusProp: 'InvalidProperty' });
  });
});
