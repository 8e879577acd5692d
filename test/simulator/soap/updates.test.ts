import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { setConnection } from '../../../simulator/world/host-boot';
import type { Host } from '../../../simulator/world/state';
import { Client, faultOf, returnValue, sleep, startLab, type Lab, type Reply } from './vim-wire';

let lab: Lab;
let client: Client;
let host: Host;
beforeAll(async () => {
  lab = await startLab();
  host = lab.simulator.world.host('host-4.lab.example');
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(async () => {
  client = await new Client(lab.workload.wire).login(lab.simulator.ready.username, lab.simulator.ready.password);
});

async function filter(
  paths: readonly string[],
  objects = `<objectSet><obj type="HostSystem">${host.moid}</obj></objectSet>`,
): Promise<string> {
  const propSet = `<propSet><type>HostSystem</type>${paths.map((path) => `<pathSet>${path}</pathSet>`).join('')}</propSet>`;
  const reply = await client.call(
    'CreateFilter',
    'PropertyCollector',
    'propertyCollector',
    `<spec>${propSet}${objects}</spec><partialUpdates>false</partialUpdates>`,
  );
  return returnValue(reply.text);
}

function wait(version: string, seconds: number, most?: number): Promise<Reply> {
  const options = `<options><maxWaitSeconds>${seconds}</maxWaitSeconds>${most === undefined ? '' : `<maxObjectUpdates>${most}</maxObjectUpdates>`}</options>`;
  return client.call(
    'WaitForUpdatesEx',
    'PropertyCollector',
    'propertyCollector',
    `<version>${version}</version>${options}`,
  );
}

function versionOf(reply: Reply): string {
  return /<version>([^<]+)</.exec(reply.text)?.[1] ?? '';
}

const ALL_HOSTS = `<objectSet><obj type="ClusterComputeResource">domain-c8</obj><skip>true</skip>
  <selectSet xsi:type="TraversalSpec"><type>ComputeResource</type><path>host</path></selectSet></objectSet>`;

describe('WaitForUpdatesEx', () => {
  it('tells everything at first, then waits until something changes and tells only that', async () => {
    await filter(['name', 'runtime.connectionState', 'runtime.inMaintenanceMode']);
    const first = await wait('', 1);
    expect(first.text).toContain(`<kind>enter</kind><obj type="HostSystem">${host.moid}</obj>`);
    expect(first.text).toContain(
      '<changeSet><name>name</name><op>assign</op><val xsi:type="xsd:string">host-4.lab.example</val>',
    );

    const waiting = wait(versionOf(first), 10);
    await sleep(80);
    setConnection(lab.simulator.world, host, 'notResponding');
    const second = await waiting;
    setConnection(lab.simulator.world, host, 'connected');
    expect(second.text).toContain('<kind>modify</kind>');
    expect(second.text).toContain('<val xsi:type="HostSystemConnectionState">notResponding</val>');
    expect(second.text).not.toContain('inMaintenanceMode');
    expect(versionOf(second)).not.toBe(versionOf(first));
  });

  it('answers without a returnval when nothing changed in time', async () => {
    await filter(['name']);
    const version = versionOf(await wait('', 1));
    expect((await wait(version, 0)).text).toContain('<WaitForUpdatesExResponse xmlns="urn:vim25"/>');
  });

  it('tells the same again to a client that lost the answer', async () => {
    await filter(['runtime.connectionState']);
    const version = versionOf(await wait('', 1));
    setConnection(lab.simulator.world, host, 'disconnected');
    const lost = await wait(version, 5);
    const again = await wait(version, 5);
    setConnection(lab.simulator.world, host, 'connected');
    expect(again.text).toContain('>disconnected<');
    expect(again.text.replace(/<version>.*?<\/version>/, '')).toBe(lost.text.replace(/<version>.*?<\/version>/, ''));
  });

  it('refuses a version that it never gave', async () => {
    await filter(['name']);
    expect(faultOf(await wait('77', 0))).toBe('InvalidCollectorVersion');
  });

  it('tells of an object that leaves, and of one that comes', async () => {
    await filter(['name'], ALL_HOSTS);
    const version = versionOf(await wait('', 1));
    const { cluster } = host;
    host.cluster = null;
    const left = await wait(version, 5);
    host.cluster = cluster;
    expect(left.text).toContain(`<kind>leave</kind><obj type="HostSystem">${host.moid}</obj>`);
    expect((await wait(versionOf(left), 5)).text).toContain(
      `<kind>enter</kind><obj type="HostSystem">${host.moid}</obj>`,
    );
  });

  it('cuts an update after maxObjectUpdates and tells the rest next time', async () => {
    await filter(['name'], ALL_HOSTS);
    const first = await wait('', 1, 3);
    expect(first.text.match(/<kind>enter<\/kind>/g)).toHaveLength(3);
    expect(first.text).toContain('<truncated>true</truncated>');
    const second = await wait(versionOf(first), 1, 3);
    expect(second.text.match(/<kind>enter<\/kind>/g)).toHaveLength(1);
    expect(second.text).not.toContain('truncated');
  });

  it('is ended by CancelWaitForUpdates', async () => {
    await filter(['name']);
    const version = versionOf(await wait('', 1));
    const waiting = wait(version, 20);
    await sleep(80);
    await client.call('CancelWaitForUpdates', 'PropertyCollector', 'propertyCollector');
    expect(faultOf(await waiting)).toBe('RequestCanceled');
  });

  it('knows nothing of a destroyed filter', async () => {
    const id = await filter(['name']);
    expect((await client.call('DestroyPropertyFilter', 'PropertyFilter', id)).status).toBe(200);
    expect((await wait('', 0)).text).not.toContain('filterSet');
    expect(faultOf(await client.call('DestroyPropertyFilter', 'PropertyFilter', id))).toBe('ManagedObjectNotFound');
  });

  it('keeps the filters of two collectors apart', async () => {
    await filter(['name']);
    const made = await client.call('CreatePropertyCollector', 'PropertyCollector', 'propertyCollector');
    const other = returnValue(made.text);
    const options = '<options><maxWaitSeconds>0</maxWaitSeconds></options>';
    const reply = await client.call('WaitForUpdatesEx', 'PropertyCollector', other, options);
    expect(reply.text).not.toContain('filterSet');
    expect((await client.call('DestroyPropertyCollector', 'PropertyCollector', other)).status).toBe(200);
  });

  it('needs a filter that works now', async () => {
    const spec = (path: string, id: string) =>
      `<spec><propSet><type>HostSystem</type><pathSet>${path}</pathSet></propSet><objectSet><obj type="HostSystem">${id}</obj></objectSet></spec><partialUpdates>false</partialUpdates>`;
    const create = (path: string, id: string) =>
      client.call('CreateFilter', 'PropertyCollector', 'propertyCollector', spec(path, id));
    expect(faultOf(await create('bogus', host.moid))).toBe('InvalidProperty');
    expect(faultOf(await create('name', 'host-9999'))).toBe('ManagedObjectNotFound');
  });
});
