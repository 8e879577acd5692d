import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { faultOf, returnValue, startLab, type Client, type Lab } from './vim-wire';

let lab: Lab;
let client: Client;
let moid: string;
beforeAll(async () => {
  lab = await startLab();
  client = lab.workload;
  moid = lab.simulator.world.host('host-1.lab.example').moid;
  await client.task('EnterMaintenanceMode_Task', 'HostSystem', moid, '<timeout>0</timeout>');
  await client.task('ExitMaintenanceMode_Task', 'HostSystem', moid, '<timeout>0</timeout>');
  await lab.authority.call('RestartService', 'HostServiceSystem', authoritySystem(), '<id>attestd</id>');
});
afterAll(() => lab[Symbol.asyncDispose]());

function authorityMoid(): string {
  return lab.simulator.world.host('ta-host-1.lab.example').moid;
}

function authoritySystem(): string {
  return authorityMoid().replace('host', 'serviceSystem');
}

describe('events and tasks', () => {
  const query = (filter: string) =>
    client.call('QueryEvents', 'EventManager', 'EventManager', `<filter>${filter}</filter>`);
  const types = (text: string) => [...text.matchAll(/<returnval xsi:type="(\w+)">/g)].map(([, type]) => type);

  it('can be asked for by entity, in the order in which they happened', async () => {
    const { text } = await query(
      `<entity><entity type="HostSystem">${moid}</entity><recursion>self</recursion></entity>`,
    );
    expect(types(text).filter((type) => type?.includes('MaintenanceMode'))).toEqual([
      'EnteringMaintenanceModeEvent',
      'EnteredMaintenanceModeEvent',
      'ExitMaintenanceModeEvent',
    ]);
    expect(text).toContain(`<host><name>host-1.lab.example</name><host type="HostSystem">${moid}</host></host>`);
    expect(text).not.toContain('host-2.lab.example</name>');
  });

  it.each([
    ['type', '<type>EnteredMaintenanceModeEvent</type>', ['EnteredMaintenanceModeEvent']],
    ['base type and number', '<type>HostEvent</type><maxCount>1</maxCount>', ['ExitMaintenanceModeEvent']],
    ['the future', '<time><beginTime>2099-01-01T00:00:00Z</beginTime></time>', []],
    ['another user', '<userName><systemUser>false</systemUser><userList>nobody</userList></userName>', []],
  ])('can be asked for by %s', async (_what, filter, expected) => {
    expect(types((await query(filter)).text)).toEqual(expected);
  });

  it('of a folder hold those of all that is below it', async () => {
    const { text } = await query('<entity><entity type="Folder">group-d1</entity><recursion>all</recursion></entity>');
    expect(types(text)).toContain('EnteredMaintenanceModeEvent');
    const own = await query('<entity><entity type="Folder">group-d1</entity><recursion>self</recursion></entity>');
    expect(types(own.text)).toEqual([]);
  });

  it('lists the recent tasks of the vCenter and of each host', async () => {
    const all = await client.read('TaskManager', 'TaskManager', 'recentTask');
    expect(all?.match(/type="Task"/g)).toHaveLength(2);
    expect(await client.read('HostSystem', moid, 'recentTask')).toBe(all);
    expect(await lab.authority.read('TaskManager', 'TaskManager', 'recentTask')).toBeUndefined();
  });

  it('gives tasks page by page to a collector, backwards from the newest or forwards from the oldest', async () => {
    const made = await client.call('CreateCollectorForTasks', 'TaskManager', 'TaskManager', '<filter/>');
    const collector = returnValue(made.text);
    const read = async (name: string) =>
      [
        ...(await client.call(name, 'TaskHistoryCollector', collector, '<maxCount>1</maxCount>')).text.matchAll(
          /<name>(\w+)</g,
        ),
      ].map(([, method]) => method);
    expect(await read('ReadNextTasks')).toEqual([]);
    expect(await read('ReadPreviousTasks')).toEqual(['ExitMaintenanceMode_Task']);
    await client.call('RewindCollector', 'TaskHistoryCollector', collector);
    expect(await read('ReadNextTasks')).toEqual(['EnterMaintenanceMode_Task']);
    expect(await read('ReadNextTasks')).toEqual(['ExitMaintenanceMode_Task']);
    await client.call('DestroyCollector', 'TaskHistoryCollector', collector);
    expect(faultOf(await client.call('ResetCollector', 'TaskHistoryCollector', collector))).toBe(
      'ManagedObjectNotFound',
    );
  });
});

describe('logs', () => {
  const browse = (of: Client, parameters: string) =>
    of.call('BrowseDiagnosticLog', 'DiagnosticManager', 'DiagMgr', parameters);
  const keys = async (of: Client, parameters = '') =>
    [
      ...(await of.call('QueryDescriptions', 'DiagnosticManager', 'DiagMgr', parameters)).text.matchAll(
        /<key>([^<]+)</g,
      ),
    ].map(([, key]) => key);

  it('are attestd and kmxd on Trust Authority Hosts, kmxa on Trusted Hosts, vpxd on the vCenter (R27)', async () => {
    expect(await keys(client)).toEqual(['vpxd:vpxd.log']);
    expect(await keys(client, `<host type="HostSystem">${moid}</host>`)).toEqual(['hostd', 'vmkernel', 'vpxa', 'kmxa']);
    expect(await keys(lab.authority, `<host type="HostSystem">${authorityMoid()}</host>`)).toEqual(
      expect.arrayContaining(['attestd', 'kmxd']),
    );
  });

  it('hold lines of what happened', async () => {
    const attestd = await browse(lab.authority, `<host type="HostSystem">${authorityMoid()}</host><key>attestd</key>`);
    expect(attestd.text).toMatch(/<lineText>[^<]* attestd\[\d+\][^<]*service-restarted ta-host-1/);
    expect(attestd.text).toMatch(/<lineText>[^<]*attested host-1\.lab\.example/);
    const vpxd = await browse(client, '<key>vpxd:vpxd.log</key>');
    expect(vpxd.text).toMatch(/<lineText>[^<]*maintenance-mode-entered host-1\.lab\.example/);
  });

  it('are read from a line on, a number of lines at a time, and say where they end', async () => {
    const line = (text: string) =>
      ['lineStart', 'lineEnd'].map((name) => Number(new RegExp(`<${name}>(\\d+)<`).exec(text)?.[1]));
    const end =
      line((await browse(client, '<key>vpxd:vpxd.log</key><start>2147483647</start><lines>0</lines>')).text)[1] ?? 0;
    expect(end).toBeGreaterThan(3);
    const part = await browse(client, `<key>vpxd:vpxd.log</key><start>2</start><lines>2</lines>`);
    expect(line(part.text)).toEqual([2, 3]);
    expect(part.text.match(/<lineText>/g)).toHaveLength(2);
  });

  it('cannot be read under an unknown name, nor of a host that is away', async () => {
    expect(faultOf(await browse(client, '<key>attestd</key>'))).toBe('InvalidArgument');
    const host = lab.simulator.world.host('host-3.lab.example');
    await client.task('DisconnectHost_Task', 'HostSystem', host.moid);
    expect(faultOf(await browse(client, `<host type="HostSystem">${host.moid}</host><key>kmxa</key>`))).toBe(
      'HostNotConnected',
    );
    await client.task('ReconnectHost_Task', 'HostSystem', host.moid);
  });
});

describe('licences, privileges and the TPM', () => {
  it('lists the licence of each host; Trust Authority is one of its features', async () => {
    const query = () =>
      client.call(
        'QueryAssignedLicenses',
        'LicenseAssignmentManager',
        'LicenseAssignmentManager',
        `<entityId>${moid}</entityId>`,
      );
    expect((await query()).text).toContain('<value xsi:type="KeyValue"><key>trustedplatform</key>');
    const assign = (key: string) =>
      client.call(
        'UpdateAssignedLicense',
        'LicenseAssignmentManager',
        'LicenseAssignmentManager',
        `<entity>${moid}</entity><licenseKey>${key}</licenseKey>`,
      );
    expect((await assign('00000-00000-00000-00000-00002')).status).toBe(200);
    expect((await query()).text).not.toContain('trustedplatform');
    expect(faultOf(await assign('no-licence'))).toBe('InvalidArgument');
    await assign('00000-00000-00000-00000-00001');
  });

  it('tells what a session and a user may do', async () => {
    const current = await client.read('SessionManager', 'SessionManager', 'currentSession');
    const key = /<key>([^<]+)</.exec(current ?? '')?.[1];
    const entity = `<entity type="HostSystem">${moid}</entity>`;
    const has = await client.call(
      'HasPrivilegeOnEntities',
      'AuthorizationManager',
      'AuthorizationManager',
      `${entity}<sessionId>${key}</sessionId><privId>Host.Config.Maintenance</privId>`,
    );
    expect(has.text).toContain('<privId>Host.Config.Maintenance</privId><isGranted>true</isGranted>');
    const fetched = await client.call(
      'FetchUserPrivilegeOnEntities',
      'AuthorizationManager',
      'AuthorizationManager',
      `<entities type="HostSystem">${moid}</entities><userName>${lab.simulator.ready.username}</userName>`,
    );
    expect(fetched.text).toContain('<privileges>Host.Config.Maintenance</privileges>');
  });

  it('reports PCRs that follow the booted image; nothing without a TPM', async () => {
    const report = async (id = moid) => (await client.call('QueryTpmAttestationReport', 'HostSystem', id)).text;
    const before = await report();
    expect(before).toContain('<digestMethod>SHA256</digestMethod><digestValue>');
    expect(await report(lab.simulator.world.host('host-2.lab.example').moid)).toBe(before);
    expect(await report(lab.simulator.world.host('host-3.lab.example').moid)).not.toBe(before);
    lab.simulator.world.host('host-1.lab.example').tpm.present = false;
    expect(await report()).toContain('<QueryTpmAttestationReportResponse xmlns="urn:vim25"/>');
  });
});
