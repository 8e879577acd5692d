import { describe, expect, it } from 'vitest';
import { fault, missing, object, page, references, success } from './support/soap-bytes';
import { PYVMOMI } from './support/pyvmomi-requests';
import { clientOf, startVimServer, type MethodAnswer } from './support/vim-server';

describe('Clusters', () => {
  const cluster = (drs: string) =>
    object('ClusterComputeResource', 'domain-c8', {
      name: 'vTA Cluster',
      host: references('HostSystem', ['host-21']),
      configurationEx: `<val xsi:type="ClusterConfigInfoEx"><dasConfig><enabled>true</enabled></dasConfig>${drs}</val>`,
    });

  it.each([
    [
      '<drsConfig><enabled>true</enabled><defaultVmBehavior>fullyAutomated</defaultVmBehavior></drsConfig>',
      { drsEnabled: true, drsAutomationLevel: 'fullyAutomated' },
    ],
    ['<drsConfig><enabled>false</enabled></drsConfig>', { drsEnabled: false, drsAutomationLevel: undefined }],
    ['', { drsEnabled: undefined, drsAutomationLevel: undefined }],
  ])('are read with %j', async (drs, expected) => {
    await using server = await startVimServer({
      RetrievePropertiesEx: () => success('RetrievePropertiesEx', page([cluster(drs)])),
    });
    using client = clientOf(server);
    const whole = { id: 'domain-c8', name: 'vTA Cluster', hosts: ['host-21'], ...expected };
    expect(await client.clusters.read('domain-c8')).toEqual(whole);
    expect(await client.clusters.all()).toEqual([whole]);
  });
});

describe('VirtualMachines', () => {
  it('tells encrypted ones by their key, and what could not be read', async () => {
    const vms = [
      object('VirtualMachine', 'vm-1', {
        name: 'plain',
        'runtime.powerState': '<val xsi:type="VirtualMachinePowerState">poweredOff</val>',
      }),
      object('VirtualMachine', 'vm-2', {
        name: 'encrypted',
        'runtime.powerState': '<val xsi:type="VirtualMachinePowerState">poweredOn</val>',
        'config.keyId':
          '<val xsi:type="CryptoKeyId"><keyId>key-1</keyId><providerId><id>trusted-kp</id></providerId></val>',
      }),
      object(
        'VirtualMachine',
        'vm-3',
        { name: 'locked', 'runtime.powerState': '<val xsi:type="VirtualMachinePowerState">poweredOn</val>' },
        missing('config.keyId', 'NoPermission'),
      ),
    ];
    const host = object('HostSystem', 'host-21', { vm: references('VirtualMachine', ['vm-1', 'vm-2', 'vm-3']) });
    const read: MethodAnswer = ({ body }) =>
      success('RetrievePropertiesEx', page(body.includes('<obj type="HostSystem">') ? [host] : vms));
    await using server = await startVimServer({ RetrievePropertiesEx: read });
    using client = clientOf(server);
    expect(await client.virtualMachines.ofHost('host-21')).toEqual([
      { id: 'vm-1', name: 'plain', powerState: 'poweredOff', encryption: undefined, unreadable: {} },
      {
        id: 'vm-2',
        name: 'encrypted',
        powerState: 'poweredOn',
        encryption: { keyId: 'key-1', providerId: 'trusted-kp' },
        unreadable: {},
      },
      {
        id: 'vm-3',
        name: 'locked',
        powerState: 'poweredOn',
        encryption: undefined,
        unreadable: { 'config.keyId': 'NoPermission' },
      },
    ]);
  });
});

describe('Server', () => {
  it('tells its time as it writes it, what it is, and how it calls us', async () => {
    const now = '2026-11-24T23:25:46.565279807Z';
    await using server = await startVimServer({
      CurrentTime: () => success('CurrentTime', `<returnval>${now}</returnval>`),
    });
    using client = clientOf(server);
    expect(await client.server.currentTime()).toBe(now);
    expect(server.calls.at(-1)?.body).toBe(PYVMOMI['currentTime']);
    expect(await client.server.userName()).toBe('LAB\\upgrade');
    expect(await client.server.about()).toEqual({
      fullName: 'VMware vCenter Server 8.0.2 build-0012',
      version: '8.0.2',
      build: '0012',
      apiVersion: '8.0.2.0',
      apiType: 'VirtualCenter',
      instanceUuid: '6a1f',
    });
  });
});

describe('Events', () => {
  it('are asked for by object, time and number, and kept whatever their type', async () => {
    const event =
      '<returnval xsi:type="BrandNewEvent"><key>25</key><chainId>25</chainId><createdTime>2026-11-25T00:50:17.25Z' +
      '</createdTime><userName></userName><host><name>h1</name><host type="HostSystem">host-21</host></host>' +
      '<fullFormattedMessage>Attestation failed</fullFormattedMessage></returnval>';
    await using server = await startVimServer({ QueryEvents: () => success('QueryEvents', event) });
    using client = clientOf(server);
    const since = '2026-11-25T00:00:00Z';
    expect(await client.events.of({ type: 'HostSystem', id: 'host-21' }, { since, maxCount: 50 })).toEqual([
      {
        key: 25,
        type: 'BrandNewEvent',
        createdTime: '2026-11-25T00:50:17.25Z',
        userName: '',
        message: 'Attestation failed',
        host: 'h1',
      },
    ]);
    expect(server.calls.at(-1)?.body).toBe(
      '<QueryEvents xmlns="urn:vim25"><_this type="EventManager">EventManager</_this><filter><entity>' +
        '<entity type="HostSystem">host-21</entity><recursion>all</recursion></entity><time><beginTime>' +
        `${since}</beginTime></time><maxCount>50</maxCount></filter></QueryEvents>`,
    );
  });
});

describe('DiagnosticLogs', () => {
  it('lists the logs of a host, and reads lines', async () => {
    await using server = await startVimServer({
      QueryDescriptions: () =>
        success('QueryDescriptions', '<returnval><key>hostd</key><fileName>hostd.log</fileName></returnval>'),
      BrowseDiagnosticLog: () =>
        success(
          'BrowseDiagnosticLog',
          '<returnval><lineStart>7</lineStart><lineEnd>8</lineEnd><lineText> a &lt;b&gt;</lineText><lineText/></returnval>',
        ),
    });
    using client = clientOf(server);
    expect(await client.logs.list('host-21')).toEqual([{ key: 'hostd', fileName: 'hostd.log' }]);
    expect(await client.logs.read({ hostId: 'host-21', key: 'hostd' }, { start: 7, lines: 2 })).toEqual({
      lineStart: 7,
      lineEnd: 8,
      lines: [' a <b>', ''],
    });
    expect(server.calls.at(-1)?.body).toBe(
      '<BrowseDiagnosticLog xmlns="urn:vim25"><_this type="DiagnosticManager">DiagMgr</_this><host type="HostSystem">' +
        'host-21</host><key>hostd</key><start>7</start><lines>2</lines></BrowseDiagnosticLog>',
    );
  });

  it('reads the vCenter’s own without a host, and tells a log that is not there', async () => {
    const unknown = fault('', '<InvalidArgumentFault xsi:type="InvalidArgument"/>');
    await using server = await startVimServer({ BrowseDiagnosticLog: () => unknown });
    using client = clientOf(server);
    await expect(client.logs.read({ key: 'vpxd' }, { start: 1, lines: 9 })).rejects.toMatchObject({
      errorType: 'InvalidArgument',
    });
    expect(server.calls.at(-1)?.body).toContain('DiagMgr</_this><key>vpxd</key>');
  });
});
