import { describe, expect, it } from 'vitest';
import { missing, object, page, references, success } from './support/soap-bytes';
import { clientOf, startVimServer, versionDocument, type VimServer } from './support/vim-server';

const flag = (value: boolean) => `<val xsi:type="xsd:boolean">${value}</val>`;

const CONNECTED: Record<string, string> = {
  name: 'ta-host-1.lab.example',
  parent: '<val type="ClusterComputeResource" xsi:type="ManagedObjectReference">domain-c8</val>',
  'hardware.systemInfo.uuid': '4c4c4544-0042-3010-8056-b7c04f4d3732',
  'summary.config.product':
    '<val xsi:type="AboutInfo"><name>VMware ESXi</name><fullName>VMware ESXi 8.0.3 build-0024022510</fullName>' +
    '<vendor>VMware, Inc.</vendor><version>8.0.3</version><build>0024022510</build></val>',
  'runtime.bootTime': '<val xsi:type="xsd:dateTime">2026-11-24T23:25:43.98099997Z</val>',
  'runtime.connectionState': '<val xsi:type="HostSystemConnectionState">connected</val>',
  'runtime.powerState': '<val xsi:type="HostSystemPowerState">poweredOn</val>',
  'runtime.inMaintenanceMode': flag(true),
  'runtime.inQuarantineMode': flag(false),
  'summary.rebootRequired': flag(false),
  'summary.tpmAttestation':
    '<val xsi:type="HostTpmAttestationInfo"><time>2026-11-24T23:26:00Z</time><status>notAccepted</status>' +
    '<message><key>tpm.no</key></message></val>',
  'summary.trustAuthorityAttestationInfos':
    '<val xsi:type="ArrayOfHostTrustAuthorityAttestationInfo"><HostTrustAuthorityAttestationInfo>' +
    '<attestationStatus>attested</attestationStatus><serviceId>svc-1</serviceId><attestedAt>2026-11-24T23:27:00Z' +
    '</attestedAt><attestedUntil>2026-11-25T07:27:00Z</attestedUntil></HostTrustAuthorityAttestationInfo>' +
    '<HostTrustAuthorityAttestationInfo><attestationStatus>someday</attestationStatus><messages><key>k</key><message>' +
    'Base image not trusted</message></messages><messages><key>only.a.key</key></messages>' +
    '</HostTrustAuthorityAttestationInfo></val>',
  vm: references('VirtualMachine', ['vm-1', 'vm-2']),
};

/** Without the given properties, and with others. */
function hostWith(changes: Record<string, string | undefined>, missingSet = ''): string {
  const set = Object.entries({ ...CONNECTED, ...changes }).filter((entry): entry is [string, string] => !!entry[1]);
  return object('HostSystem', 'host-21', Object.fromEntries(set), missingSet);
}

async function read(host: string, look: (server: VimServer) => void = () => undefined, version = '8.0.3.0') {
  await using server = await startVimServer(
    { RetrievePropertiesEx: () => success('RetrievePropertiesEx', page([host])) },
    { versions: () => versionDocument(version) },
  );
  using client = clientOf(server);
  const found = await client.hosts.read('host-21');
  look(server);
  return found;
}

describe('Hosts', () => {
  it('reads everything that is known of a host, times and numbers as they were written', async () => {
    expect(await read(hostWith({}))).toEqual({
      id: 'host-21',
      name: 'ta-host-1.lab.example',
      cluster: 'domain-c8',
      uuid: '4c4c4544-0042-3010-8056-b7c04f4d3732',
      version: '8.0.3',
      build: '0024022510',
      bootTime: '2026-11-24T23:25:43.98099997Z',
      connectionState: 'connected',
      powerState: 'poweredOn',
      inMaintenanceMode: true,
      inQuarantineMode: false,
      rebootRequired: false,
      tpmAttestation: { time: '2026-11-24T23:26:00Z', status: 'notAccepted', message: 'tpm.no' },
      trustAuthorityAttestations: [
        {
          status: 'attested',
          serviceId: 'svc-1',
          attestedAt: '2026-11-24T23:27:00Z',
          attestedUntil: '2026-11-25T07:27:00Z',
          messages: [],
        },
        {
          status: 'someday',
          serviceId: undefined,
          attestedAt: undefined,
          attestedUntil: undefined,
          messages: ['Base image not trusted', 'only.a.key'],
        },
      ],
      virtualMachines: ['vm-1', 'vm-2'],
      unreadable: {},
    });
  });

  it('takes no missing attestation for a failed one', async () => {
    const path = 'summary.trustAuthorityAttestationInfos';
    const unset = await read(hostWith({ [path]: undefined }));
    expect([unset.trustAuthorityAttestations, unset.unreadable]).toEqual([undefined, {}]);
    const unread = await read(hostWith({ [path]: undefined }, missing(path, 'HostNotReachable')));
    expect([unread.trustAuthorityAttestations, unread.unreadable]).toEqual([undefined, { [path]: 'HostNotReachable' }]);
    const none = await read(hostWith({ [path]: '<val xsi:type="ArrayOfHostTrustAuthorityAttestationInfo"/>' }));
    expect(none.trustAuthorityAttestations).toEqual([]);
  });

  it('reads a host that does not respond as far as it is known, and states that are new to us', async () => {
    const host = hostWith({
      'hardware.systemInfo.uuid': undefined,
      'summary.hardware.uuid': 'from-summary',
      'summary.config.product': undefined,
      'runtime.bootTime': undefined,
      'runtime.connectionState': '<val xsi:type="HostSystemConnectionState">hibernating</val>',
      vm: references('VirtualMachine', []),
    });
    expect(await read(host)).toMatchObject({
      uuid: 'from-summary',
      version: undefined,
      build: undefined,
      bootTime: undefined,
      connectionState: 'hibernating',
      virtualMachines: [],
    });
  });

  it('knows a stand-alone host by its parent', async () => {
    const parent = '<val type="ComputeResource" xsi:type="ManagedObjectReference">domain-s9</val>';
    expect((await read(hostWith({ parent }))).cluster).toBeUndefined();
  });

  it('fails rather than guess when what it must know is not there or makes no sense', async () => {
    const path = 'runtime.inMaintenanceMode';
    await expect(read(hostWith({ [path]: undefined }))).rejects.toThrow(
      /host-21\.runtime\.inMaintenanceMode is not set/,
    );
    await expect(read(hostWith({ [path]: '<val xsi:type="xsd:string">perhaps</val>' }))).rejects.toMatchObject({
      name: 'AnswerNotUnderstood',
      problem: 'is no boolean',
    });
    await expect(read(hostWith({ [path]: undefined }, missing(path, 'NoPermission')))).rejects.toMatchObject({
      name: 'ApiFault',
      errorType: 'NoPermission',
    });
    await expect(
      read(hostWith({ 'runtime.bootTime': '<val xsi:type="xsd:dateTime">yesterday</val>' })),
    ).rejects.toMatchObject({ name: 'AnswerNotUnderstood' });
  });

  it('asks a 7.0 server only for what it knows', async () => {
    const paths = (server: VimServer) =>
      [...(server.calls.at(-1)?.body.matchAll(/<pathSet>([^<]*)/g) ?? [])].map((match) => match[1]);
    await read(
      hostWith({}),
      (server) => {
        expect(paths(server)).toContain('summary.tpmAttestation');
        expect(paths(server)).not.toContain('summary.trustAuthorityAttestationInfos');
      },
      '7.0',
    );
    await read(
      hostWith({}),
      (server) => {
        expect(paths(server)).toContain('summary.trustAuthorityAttestationInfos');
      },
      '7.0.1.0',
    );
  });

  it('reads a cluster’s hosts through a view of that cluster, and all hosts through one of the root', async () => {
    await using server = await startVimServer({
      RetrievePropertiesEx: () => success('RetrievePropertiesEx', page([hostWith({})])),
    });
    using client = clientOf(server);
    expect((await client.hosts.ofCluster('domain-c8')).map((host) => host.id)).toEqual(['host-21']);
    expect((await client.hosts.all()).map((host) => host.id)).toEqual(['host-21']);
    const containers = server.calls.filter((call) => call.method === 'CreateContainerView');
    expect(containers.map((call) => /<container.*<\/container>/.exec(call.body)?.[0])).toEqual([
      '<container type="ClusterComputeResource">domain-c8</container>',
      '<container type="Folder">group-d1</container>',
    ]);
  });
});
