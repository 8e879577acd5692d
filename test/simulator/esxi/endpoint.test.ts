import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { boot } from '../../../simulator/world/host-boot';
import { imageOf } from '../../../simulator/world/image';
import type { Host } from '../../../simulator/world/state';
import { Client, faultOf, startLab, Wire, type Lab } from '../soap/vim-wire';

let lab: Lab;
let host: Host;
let wire: Wire;
beforeAll(async () => {
  lab = await startLab();
  host = lab.simulator.world.host('host-1.lab.example');
  wire = new Wire(lab.simulator.ready.esxi.urls[host.name] ?? '', lab.simulator.ready.caFile);
});
afterAll(async () => {
  wire.close();
  await lab[Symbol.asyncDispose]();
});
afterEach(() => lab.simulator.world.faults.clear());

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const root = () => basic('root', lab.simulator.ready.esxi.password);

describe('GET /boot_imgdb.tgz of a host', () => {
  it.each([
    ['no credentials', {}],
    ['a wrong password', basic('root', 'wrong')],
    ['another user', basic('admin', 'wrong')],
  ])('is refused with %s', async (_what, headers) => {
    const reply = await wire.get('/boot_imgdb.tgz', headers);
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('gives root a gzip file that is the same for the same image', async () => {
    const [one, again] = [await wire.get('/boot_imgdb.tgz', root()), await wire.get('/boot_imgdb.tgz', root())];
    expect([one.status, one.headers['content-type']]).toEqual([200, 'application/octet-stream']);
    expect(digest(one.body)).toBe(digest(again.body));
    expect(gunzipSync(one.body).toString()).toContain(host.runningImage.baseImage);
    const special = new Wire(lab.simulator.ready.esxi.urls['host-3.lab.example'] ?? '', lab.simulator.ready.caFile);
    expect(digest((await special.get('/boot_imgdb.tgz', root())).body)).not.toBe(digest(one.body));
    special.close();
  });

  it('needs no credentials where the scenario says so', async () => {
    const { switches } = lab.simulator.world.settings;
    switches.imageExportNeedsLogin = false;
    const reply = await wire.get('/boot_imgdb.tgz');
    switches.imageExportNeedsLogin = true;
    expect(reply.status).toBe(200);
  });

  it('of a Quick Booted host describes the latest image, not the one it attests with (R16)', async () => {
    const quick = lab.simulator.world.host('host-2.lab.example');
    const old = quick.runningImage.baseImage;
    await boot(lab.simulator.world, quick, { kind: 'quick', image: imageOf('8.0.3-0.0.24674464'), by: 'test' });
    const other = new Wire(lab.simulator.ready.esxi.urls[quick.name] ?? '', lab.simulator.ready.caFile);
    const exported = gunzipSync((await other.get('/boot_imgdb.tgz', root())).body).toString();
    expect(exported).toContain('8.0.3-0.0.24674464');
    expect(exported).not.toContain(old);
    expect(quick.bootedImage.baseImage).toBe(old);
    lab.simulator.world.settings.switches.imageExportDescribes = 'booted';
    expect(gunzipSync((await other.get('/boot_imgdb.tgz', root())).body).toString()).toContain(old);
    lab.simulator.world.settings.switches.imageExportDescribes = 'running';
    other.close();
  });

  it('honours faults', async () => {
    lab.simulator.world.faults.add({ kind: 'error', operation: 'GET boot_imgdb.tgz', host: host.name });
    expect((await wire.get('/boot_imgdb.tgz', root())).status).toBe(500);
    lab.simulator.world.faults.add({ kind: 'half-body', operation: 'GET boot_imgdb.tgz' });
    await expect(wire.get('/boot_imgdb.tgz', root())).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect((await wire.get('/boot_imgdb.tgz', root())).status).toBe(200);
  });

  it('is one path only', async () => {
    expect((await wire.get('/host', root())).status).toBe(404);
    expect((await wire.post('', root(), '/boot_imgdb.tgz')).status).toBe(405);
  });

  it('cannot be reached while the host boots', async () => {
    const back = boot(lab.simulator.world, host, { kind: 'full', by: 'test' });
    await expect(wire.get('/boot_imgdb.tgz', root())).rejects.toThrow(/ECONNRESET|hang up|TLS|socket/);
    await back;
    expect((await wire.get('/boot_imgdb.tgz', root())).status).toBe(200);
  });
});

describe('vim25 of the host itself', () => {
  it('is a HostAgent with its own product, which root alone logs in to', async () => {
    const client = new Client(wire, 'ha-sessionmgr');
    await expect(client.login('administrator@vsphere.local', lab.simulator.ready.password)).rejects.toThrow(
      'InvalidLogin',
    );
    await client.login('root', lab.simulator.ready.esxi.password);
    const content = await client.call('RetrieveServiceContent', 'ServiceInstance', 'ServiceInstance');
    expect(content.text).toContain('<apiType>HostAgent</apiType>');
    expect(content.text).toContain(`<build>${host.runningImage.build}</build>`);
  });

  it('shows one HostSystem, ha-host: the machine, whatever a vCenter calls it', async () => {
    const client = await new Client(wire, 'ha-sessionmgr').login('root', lab.simulator.ready.esxi.password);
    const read = async (path: string) =>
      (await client.call('Fetch', 'HostSystem', 'ha-host', `<prop>${path}</prop>`)).text;
    expect(await read('hardware')).toContain(`<uuid>${host.hardwareUuid}</uuid>`);
    expect(await read('runtime')).toContain(`<bootTime>${new Date(host.bootTime).toISOString()}</bootTime>`);
    expect(await read('summary')).toContain('<managementServerIp>workload-vc.lab.example</managementServerIp>');
    expect(await read('configManager')).toContain(
      '<serviceSystem type="HostServiceSystem">serviceSystem</serviceSystem>',
    );
    expect(faultOf(await client.call('Fetch', 'HostSystem', host.moid, '<prop>name</prop>'))).toBe(
      'ManagedObjectNotFound',
    );
    expect(faultOf(await client.call('DisconnectHost_Task', 'HostSystem', 'ha-host'))).toBe('NotSupported');
  });

  it('does not take the session of a vCenter, nor that of another host', async () => {
    const other = new Wire(lab.simulator.ready.esxi.urls['host-2.lab.example'] ?? '', lab.simulator.ready.caFile);
    const elsewhere = await new Client(other, 'ha-sessionmgr').login('root', lab.simulator.ready.esxi.password);
    for (const cookie of [lab.workload.cookie, elsewhere.cookie]) {
      const client = new Client(wire);
      client.cookie = cookie;
      expect(faultOf(await client.call('CurrentTime', 'ServiceInstance', 'ServiceInstance'))).toBe('NotAuthenticated');
    }
    other.close();
  });

  it('restarts its services', async () => {
    const client = await new Client(wire, 'ha-sessionmgr').login('root', lab.simulator.ready.esxi.password);
    const reply = await client.call('RestartService', 'HostServiceSystem', 'serviceSystem', '<id>ntpd</id>');
    expect(reply.status).toBe(200);
    expect(lab.simulator.world.events.all().at(-1)).toMatchObject({ what: 'service-restarted', host: host.name });
  });
});

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
