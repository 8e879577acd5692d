import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { faultOf, lab as scenario, method, startLab, type Client, type Lab, type Reply } from './vim-wire';

let lab: Lab;
let client: Client;
let host: { moid: string; name: string; bootTime: number; hardwareUuid: string };
beforeAll(async () => {
  lab = await startLab();
  client = lab.workload;
  host = lab.simulator.world.host('host-1.lab.example');
});
afterAll(() => lab[Symbol.asyncDispose]());

function retrieve(spec: string, options = '<options/>'): Promise<Reply> {
  return client.call('RetrievePropertiesEx', 'PropertyCollector', 'propertyCollector', spec + options);
}

async function view(
  types: readonly string[],
  container = '<container type="Folder">group-d1</container>',
): Promise<string> {
  const list = types.map((type) => `<type>${type}</type>`).join('');
  const reply = await client.call(
    'CreateContainerView',
    'ViewManager',
    'ViewManager',
    `${container}${list}<recursive>true</recursive>`,
  );
  return /<returnval type="ContainerView">([^<]+)</.exec(reply.text)?.[1] ?? reply.text;
}

function viewSpec(id: string, type: string, paths: readonly string[]): string {
  return `<specSet><propSet><type>${type}</type>${paths.map((path) => `<pathSet>${path}</pathSet>`).join('')}</propSet>
    <objectSet><obj type="ContainerView">${id}</obj><skip>true</skip>
    <selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet>
    </objectSet></specSet>`;
}

function hostSpec(...paths: string[]): string {
  const list = paths.map((path) => `<pathSet>${path}</pathSet>`).join('');
  return `<specSet><propSet><type>HostSystem</type>${list}</propSet><objectSet><obj type="HostSystem">${host.moid}</obj></objectSet></specSet>`;
}

describe('RetrievePropertiesEx', () => {
  it('reads the hosts of a container view', async () => {
    const reply = await retrieve(viewSpec(await view(['HostSystem']), 'HostSystem', ['name', 'parent']));
    expect(reply.text.match(/<obj type="HostSystem">/g)).toHaveLength(4);
    expect(reply.text).toContain(
      `<objects><obj type="HostSystem">${host.moid}</obj><propSet><name>name</name><val xsi:type="xsd:string">${host.name}</val></propSet>` +
        `<propSet><name>parent</name><val type="ClusterComputeResource" xsi:type="ManagedObjectReference">domain-c8</val></propSet></objects>`,
    );
  });

  it('takes the type of a selection set with any prefix', async () => {
    const spec = viewSpec(await view(['HostSystem']), 'HostSystem', ['name']);
    const prefixed = spec.replace('xsi:type="TraversalSpec"', 'xmlns:v="urn:vim25" xsi:type="v:TraversalSpec"');
    expect((await retrieve(prefixed)).text.match(/<objects>/g)).toHaveLength(4);
  });

  it('walks from the root folder by named selection sets that refer to each other', async () => {
    const step = (name: string, type: string, path: string, to: string[]) =>
      `<selectSet xsi:type="TraversalSpec"><name>${name}</name><type>${type}</type><path>${path}</path>` +
      `${to.map((next) => `<selectSet><name>${next}</name></selectSet>`).join('')}</selectSet>`;
    const reply = await retrieve(
      `<specSet><propSet><type>HostSystem</type><pathSet>name</pathSet></propSet>
      <propSet><type>ComputeResource</type><pathSet>name</pathSet></propSet>
      <objectSet><obj type="Folder">group-d1</obj><skip>true</skip>
      ${step('folders', 'Folder', 'childEntity', ['folders', 'datacenters', 'clusters'])}
      ${step('datacenters', 'Datacenter', 'hostFolder', ['folders'])}
      ${step('clusters', 'ComputeResource', 'host', [])}</objectSet></specSet>`,
    );
    expect([...reply.text.matchAll(/<obj type="(\w+)">/g)].map(([, type]) => type)).toEqual([
      'ClusterComputeResource',
      ...Array<string>(4).fill('HostSystem'),
    ]);
  });

  it('hands out pages of maxObjects, each token once', async () => {
    const spec = viewSpec(await view(['HostSystem']), 'HostSystem', ['name']);
    const names: string[] = [];
    const tokens: string[] = [];
    let reply = await retrieve(spec, '<options><maxObjects>3</maxObjects></options>');
    for (;;) {
      names.push(...[...reply.text.matchAll(/<val xsi:type="xsd:string">([^<]+)</g)].map(([, name]) => name ?? ''));
      const token = /<returnval><token>([^<]+)</.exec(reply.text)?.[1];
      if (token === undefined) break;
      tokens.push(token);
      reply = await client.call(
        'ContinueRetrievePropertiesEx',
        'PropertyCollector',
        'propertyCollector',
        `<token>${token}</token>`,
      );
    }
    expect(names).toEqual([1, 2, 3, 4].map((number) => `host-${number}.lab.example`));
    expect(tokens).toHaveLength(1);
    const again = await client.call(
      'ContinueRetrievePropertiesEx',
      'PropertyCollector',
      'propertyCollector',
      `<token>${tokens[0]}</token>`,
    );
    expect(faultOf(again)).toBe('InvalidArgument');
    expect(faultOf(await retrieve(spec, '<options><maxObjects>0</maxObjects></options>'))).toBe('InvalidArgument');
  });

  it('forgets the rest of a cancelled retrieval', async () => {
    const reply = await retrieve(
      viewSpec(await view(['HostSystem']), 'HostSystem', ['name']),
      '<options><maxObjects>1</maxObjects></options>',
    );
    const token = `<token>${/<token>([^<]+)</.exec(reply.text)?.[1]}</token>`;
    expect(
      (await client.call('CancelRetrievePropertiesEx', 'PropertyCollector', 'propertyCollector', token)).status,
    ).toBe(200);
    expect(
      faultOf(await client.call('ContinueRetrievePropertiesEx', 'PropertyCollector', 'propertyCollector', token)),
    ).toBe('InvalidArgument');
  });

  it('has no returnval when nothing matched', async () => {
    const reply = await retrieve(viewSpec(await view(['Datastore']), 'Datastore', ['name']));
    expect(reply.text).toContain('<RetrievePropertiesExResponse xmlns="urn:vim25"/>');
  });

  it('agrees with itself: a parent, its leaves and Fetch show the same', async () => {
    const boot = new Date(host.bootTime).toISOString();
    const reply = await retrieve(hostSpec('summary', 'summary.runtime.bootTime', 'runtime.bootTime', 'runtime'));
    expect(reply.text.match(new RegExp(boot, 'g'))?.length).toBeGreaterThanOrEqual(4);
    expect(reply.text).toContain(`<name>runtime.bootTime</name><val xsi:type="xsd:dateTime">${boot}</val>`);
    expect(reply.text).toContain('<name>runtime</name><val xsi:type="HostRuntimeInfo"><connectionState>connected<');
    const fetched = await client.call('Fetch', 'HostSystem', host.moid, '<prop>runtime</prop>');
    expect(fetched.text).toContain(
      `<returnval><connectionState>connected</connectionState><powerState>poweredOn</powerState>`,
    );
    expect(fetched.text).toContain(boot);
  });

  it.each([
    ['a structure', 'config.product', '<val xsi:type="AboutInfo"><name>VMware ESXi</name>'],
    ['a text', 'hardware.systemInfo.uuid', '<val xsi:type="xsd:string">'],
    ['an enumeration', 'runtime.connectionState', '<val xsi:type="HostSystemConnectionState">connected</val>'],
    ['a boolean', 'summary.rebootRequired', '<val xsi:type="xsd:boolean">false</val>'],
    ['a long', 'hardware.memorySize', '<val xsi:type="xsd:long">549755813888</val>'],
    [
      'a reference',
      'configManager.serviceSystem',
      '<val type="HostServiceSystem" xsi:type="ManagedObjectReference">serviceSystem-',
    ],
    [
      'references',
      'vm',
      '<val xsi:type="ArrayOfManagedObjectReference"><ManagedObjectReference type="VirtualMachine">vm-',
    ],
    ['an empty list', 'datastore', '<val xsi:type="ArrayOfManagedObjectReference"/>'],
    [
      'structures',
      'summary.trustAuthorityAttestationInfos',
      '<val xsi:type="ArrayOfHostTrustAuthorityAttestationInfo"><HostTrustAuthorityAttestationInfo><attestationStatus>attested<',
    ],
    ['a list inside a structure', 'config.service', '<val xsi:type="HostServiceInfo"><service><key>DCUI</key>'],
  ])('writes %s with its type', async (_what, path, expected) => {
    expect((await retrieve(hostSpec(path))).text).toContain(expected);
  });

  it('reports every property of an object with `all`', async () => {
    const spec = `<specSet><propSet><type>ManagedEntity</type><all>true</all></propSet><objectSet><obj type="HostSystem">${host.moid}</obj></objectSet></specSet>`;
    const names = [...(await retrieve(spec)).text.matchAll(/<propSet><name>(\w+)</g)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['name', 'parent', 'summary', 'runtime', 'hardware', 'capability', 'config']),
    );
  });

  it('leaves out what is unset, without calling it missing', async () => {
    const authority = lab.simulator.world.state.hosts.find(({ name }) => name.startsWith('ta-host-1'));
    const reply = await lab.authority.read(
      'HostSystem',
      authority?.moid ?? '',
      'summary.trustAuthorityAttestationInfos',
    );
    expect(reply).toBeUndefined();
    const deep = await retrieve(hostSpec('config.storageDevice.scsiLun', 'runtime.standbyMode'));
    expect(deep.text).not.toContain('missingSet');
    expect(deep.text).toContain('<name>runtime.standbyMode</name>');
    expect(deep.text).not.toContain('config.storageDevice');
  });

  it.each(['bogus', 'summary.bogus', 'summary.runtime.bootTime.year', 'vm.name', 'parent.name', ''])(
    'refuses the unknown property "%s"',
    async (path) => {
      const reply = await retrieve(hostSpec('name', path));
      expect(faultOf(reply)).toBe('InvalidProperty');
      expect(reply.text).toMatch(path === '' ? /<name\/>/ : new RegExp(`<name>${path}</name>`));
    },
  );

  it.each([
    ['an unknown type', '<type>HostSystem', '<type>Teapot', 'InvalidArgument'],
    ['an object that is gone', '<obj type="HostSystem">', '<obj type="HostSystem">x', 'ManagedObjectNotFound'],
    ['an unknown selection', '</obj>', '</obj><selectSet><name>nobody</name></selectSet>', 'InvalidArgument'],
    ['a selection of another type', '</obj>', '</obj><selectSet xsi:type="AboutInfo"/>', 'InvalidRequest'],
  ])('refuses %s', async (_what, text, instead, fault) => {
    expect(faultOf(await retrieve(hostSpec('name').replace(text, instead)))).toBe(fault);
  });

  it('refuses Fetch of a path with dots', async () => {
    const reply = await client.call('Fetch', 'HostSystem', host.moid, '<prop>summary.runtime</prop>');
    expect(faultOf(reply)).toBe('InvalidProperty');
  });
});

describe('a container view', () => {
  it('shows all entities below its container, or those of the asked types, base types included', async () => {
    const types = async (id: string) =>
      [...((await client.read('ContainerView', id, 'view')) ?? '').matchAll(/type="(\w+)">/g)].map(([, type]) => type);
    expect(new Set(await types(await view(['ComputeResource', 'HostSystem'])))).toEqual(
      new Set(['ClusterComputeResource', 'HostSystem']),
    );
    const cluster = '<container type="ClusterComputeResource">domain-c8</container>';
    expect(new Set(await types(await view([], cluster)))).toEqual(
      new Set(['HostSystem', 'ResourcePool', 'VirtualMachine']),
    );
  });

  it('is gone after DestroyView', async () => {
    const id = await view(['HostSystem']);
    expect((await client.call('DestroyView', 'ContainerView', id)).status).toBe(200);
    expect(faultOf(await retrieve(viewSpec(id, 'HostSystem', ['name'])))).toBe('ManagedObjectNotFound');
  });

  it('needs a container and known types', async () => {
    expect(await view(['Teapot'])).toContain('InvalidArgumentFault');
    expect(await view([], '<container type="Folder">group-none</container>')).toContain('ManagedObjectNotFoundFault');
    expect(await view([], '<container type="VirtualMachine">vm-1</container>')).toMatch(
      /ManagedObjectNotFound|InvalidArgument/,
    );
  });
});

describe('reads that go wrong, under the switch readErrorsAt: missing-set', () => {
  it('tell of it with each object, as another server does', async () => {
    await using other = await startLab(scenario({ switches: { readErrorsAt: 'missing-set' } }));
    const { moid } = other.simulator.world.host('host-1.lab.example');
    const spec = `<specSet><propSet><type>HostSystem</type><pathSet>name</pathSet><pathSet>bogus</pathSet></propSet><objectSet><obj type="HostSystem">${moid}</obj></objectSet></specSet><options/>`;
    const reply = await other.workload.call('RetrievePropertiesEx', 'PropertyCollector', 'propertyCollector', spec);
    expect(reply.text).toContain('<name>name</name>');
    expect(reply.text).toContain(
      '<missingSet><path>bogus</path><fault><fault xsi:type="InvalidProperty"><name>bogus</name></fault><localizedMessage>',
    );
    const nobody = await other.workload.wire.post(
      method(
        'RetrievePropertiesEx',
        'PropertyCollector',
        'propertyCollector',
        spec.replace('<pathSet>bogus</pathSet>', ''),
      ),
    );
    expect(nobody.status).toBe(200);
    expect(nobody.text).toContain('<missingSet><path>name</path><fault><fault xsi:type="NotAuthenticated">');
    expect(nobody.text).not.toContain('host-1.lab.example');
  });
});
