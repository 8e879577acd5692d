import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { Client, faultOf, loginRequest, method, startLab, type Lab } from './vim-wire';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.simulator.world.faults.clear());

const TIME = method('CurrentTime', 'ServiceInstance', 'ServiceInstance');

function fresh(): Promise<Client> {
  return new Client(lab.workload.wire).login(lab.simulator.ready.username, lab.simulator.ready.password);
}

describe('a vim25 session', () => {
  it('begins with Login, whose answer sets the cookie, and ends with Logout', async () => {
    const { username, password } = lab.simulator.ready;
    const reply = await lab.workload.wire.post(loginRequest(username, password));
    expect(reply.headers['set-cookie']?.[0]).toMatch(/^vmware_soap_session="[0-9a-f]+"; Path=\/; HttpOnly; Secure$/);
    expect(reply.text).toContain(`<userName>${username}</userName>`);
    expect(reply.text).not.toContain(
      /vmware_soap_session="([0-9a-f]+)"/.exec(reply.headers['set-cookie']?.[0] ?? '')?.[1],
    );

    const client = await fresh();
    expect((await client.call('Logout', 'SessionManager', 'SessionManager')).status).toBe(200);
    expect(faultOf(await client.wire.post(TIME, { cookie: client.cookie }))).toBe('NotAuthenticated');
  });

  it.each([
    ['without quotes', (token: string) => `vmware_soap_session=${token}`],
    ['in quotes', (token: string) => `vmware_soap_session="${token}"`],
    [
      'with the attributes of Set-Cookie',
      (token: string) => `vmware_soap_session="${token}"; Path=/; HttpOnly; Secure`,
    ],
    ['behind other cookies', (token: string) => `a=b; vmware_cgi_ticket=1;vmware_soap_session = "${token}" ;c="d"`],
  ])('is found in a cookie %s', async (_how, cookie) => {
    const client = await fresh();
    const token = /"([0-9a-f]+)"/.exec(client.cookie)?.[1] ?? '';
    expect((await client.wire.post(TIME, { cookie: cookie(token) })).status).toBe(200);
    expect(faultOf(await client.wire.post(TIME, { cookie: cookie(`${token}0`) }))).toBe('NotAuthenticated');
  });

  it('is good at its own vCenter only', async () => {
    const reply = await lab.authority.wire.post(TIME, { cookie: lab.workload.cookie });
    expect(faultOf(reply)).toBe('NotAuthenticated');
    expect(reply.text).toContain(
      '<object type="ServiceInstance">ServiceInstance</object><privilegeId>System.View</privilegeId>',
    );
  });

  it('does not tell who is not logged in which objects there are', async () => {
    for (const id of ['host-1', lab.simulator.world.host('host-1.lab.example').moid]) {
      const reply = await lab.workload.wire.post(method('RebootHost_Task', 'HostSystem', id, '<force>true</force>'));
      expect(faultOf(reply)).toBe('NotAuthenticated');
    }
  });

  it('ends under the fault session-expired, and a new login goes on', async () => {
    const client = await fresh();
    lab.simulator.world.faults.add({ kind: 'session-expired', operation: 'CurrentTime' });
    expect(faultOf(await client.wire.post(TIME, { cookie: client.cookie }))).toBe('NotAuthenticated');
    expect((await client.wire.post(TIME, { cookie: client.cookie })).status).toBe(500);
    await client.login(lab.simulator.ready.username, lab.simulator.ready.password);
    expect((await client.wire.post(TIME, { cookie: client.cookie })).status).toBe(200);
  });

  it('says which session it is, and whether one is active', async () => {
    const client = await fresh();
    const current = await client.call('Fetch', 'SessionManager', 'SessionManager', '<prop>currentSession</prop>');
    const key = /<key>([^<]+)<\/key>/.exec(current.text)?.[1] ?? '';
    const ask = (id: string) =>
      client.call(
        'SessionIsActive',
        'SessionManager',
        'SessionManager',
        `<sessionID>${id}</sessionID><userName>${lab.simulator.ready.username}</userName>`,
      );
    expect((await ask(key)).text).toContain('<returnval>true</returnval>');
    expect((await ask('other')).text).toContain('<returnval>false</returnval>');
  });

  it('takes its views along when it ends', async () => {
    const client = await fresh();
    const reply = await client.call(
      'CreateContainerView',
      'ViewManager',
      'ViewManager',
      '<container type="Folder">group-d1</container><type>HostSystem</type><recursive>true</recursive>',
    );
    const view = /<returnval type="ContainerView">([^<]+)</.exec(reply.text)?.[1] ?? '';
    expect(await client.read('ContainerView', view, 'view')).toContain('HostSystem');
    await client.login(lab.simulator.ready.username, lab.simulator.ready.password);
    const gone = await client.call('DestroyView', 'ContainerView', view);
    expect(faultOf(gone)).toBe('ManagedObjectNotFound');
  });
});

describe('privileges', () => {
  it('are asked for in every call, and the fault names the missing one', async () => {
    const vCenter = lab.simulator.world.vCenter('workload-vc');
    vCenter.users.push({
      name: 'reader@vsphere.local',
      password: 'pw',
      groups: [],
      privileges: [],
      applianceRole: 'none',
    });
    const reader = await new Client(lab.workload.wire).login('reader@vsphere.local', 'pw');
    const host = lab.simulator.world.host('host-1.lab.example');
    expect(await reader.read('HostSystem', host.moid, 'name')).toBe('host-1.lab.example');
    const reply = await reader.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, '<timeout>0</timeout>');
    expect(faultOf(reply)).toBe('NoPermission');
    expect(reply.text).toContain('<privilegeId>Host.Config.Maintenance</privilegeId>');
    expect(host.busy).toBeNull();
  });
});
