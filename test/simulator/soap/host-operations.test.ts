import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { attestationOf } from '../../../simulator/world/attestation';
import type { Host } from '../../../simulator/world/state';
import {
  escaped,
  faultOf,
  lab as scenario,
  returnValue,
  sleep,
  startLab,
  until,
  type Client,
  type Lab,
} from './vim-wire';

let lab: Lab;
let client: Client;
let host: Host;
beforeAll(async () => {
  lab = await startLab();
  client = lab.workload;
  host = lab.simulator.world.host('host-1.lab.example');
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.simulator.world.faults.clear());

const ENTER = '<timeout>0</timeout><evacuatePoweredOffVms>true</evacuatePoweredOffVms>';
const EXIT = '<timeout>0</timeout>';

function onHost(name: string, parameters = '', moid = host.moid) {
  return client.task(name, 'HostSystem', moid, parameters);
}

async function leaveMaintenanceMode(): Promise<void> {
  if (host.inMaintenanceMode) await onHost('ExitMaintenanceMode_Task', EXIT);
}

describe('maintenance mode', () => {
  afterEach(leaveMaintenanceMode);

  it('is entered by a task that moves the VMs to other hosts of the cluster first', async () => {
    const before = await client.read('HostSystem', host.moid, 'vm');
    expect(before).toContain('VirtualMachine');
    const { state, info } = await onHost('EnterMaintenanceMode_Task', ENTER);
    expect(state).toBe('success');
    expect(info).toContain(
      '<name>EnterMaintenanceMode_Task</name><descriptionId>HostSystem.enterMaintenanceMode</descriptionId>',
    );
    expect(info).toContain(
      `<entity type="HostSystem">${host.moid}</entity><entityName>host-1.lab.example</entityName>`,
    );
    expect(info).toContain(
      `<reason xsi:type="TaskReasonUser"><userName>${lab.simulator.ready.username}</userName></reason>`,
    );
    expect(info).not.toMatch(/<(progress|error|result)>/);
    expect(await client.read('HostSystem', host.moid, 'vm')).toBe(undefined);
    expect(await client.read('HostSystem', host.moid, 'runtime.inMaintenanceMode')).toBe('true');
    const [queued, started, completed] = ['queueTime', 'startTime', 'completeTime'].map((name) =>
      Date.parse(new RegExp(`<${name}>([^<]+)<`).exec(info)?.[1] ?? ''),
    );
    expect(queued).toBeLessThanOrEqual(started ?? 0);
    expect(started).toBeLessThan(completed ?? 0);
  });

  it('is refused with InvalidState to a host that is in it, and its exit to one that is not', async () => {
    expect(faultOf(await client.call('ExitMaintenanceMode_Task', 'HostSystem', host.moid, EXIT))).toBe('InvalidState');
    await onHost('EnterMaintenanceMode_Task', ENTER);
    expect(faultOf(await client.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, ENTER))).toBe(
      'InvalidState',
    );
  });

  it('waits for a VM that cannot move, until the timeout ends the task with Timedout', async () => {
    lab.simulator.world.faults.add({ kind: 'mm-hangs', host: host.name });
    const started = await client.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, '<timeout>1</timeout>');
    const id = returnValue(started.text);
    await sleep(200);
    const running = await client.read('Task', id, 'info');
    expect(running).toContain('<state>running</state><cancelled>false</cancelled><cancelable>true</cancelable>');
    expect(running).toContain('<progress>');
    const { state, info } = await client.taskEnd(id);
    expect(state).toBe('error');
    expect(info).toMatch(/<error><fault xsi:type="Timedout"\/><localizedMessage>[^<]+<\/localizedMessage><\/error>/);
    expect(await client.read('HostSystem', host.moid, 'runtime.inMaintenanceMode')).toBe('false');
  });

  it('is given up when the task is cancelled; another change of the host is refused meanwhile', async () => {
    lab.simulator.world.faults.add({ kind: 'mm-hangs', host: host.name });
    const started = await client.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, ENTER);
    const id = returnValue(started.text);
    await until(() => host.busy !== null);
    const second = await client.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, ENTER);
    expect(faultOf(second)).toBe('TaskInProgress');
    expect(second.text).toContain('<task type="Task">');
    expect((await client.call('CancelTask', 'Task', id)).status).toBe(200);
    const { info } = await client.taskEnd(id);
    expect(info).toContain('<cancelled>true</cancelled>');
    expect(info).toContain('<fault xsi:type="RequestCanceled"/>');
    expect(host.inMaintenanceMode).toBe(false);
    expect(faultOf(await client.call('CancelTask', 'Task', id))).toBe('InvalidState');
  });
});

describe('a reboot', () => {
  afterEach(leaveMaintenanceMode);

  it('needs maintenance mode or force', async () => {
    const reply = await client.call('RebootHost_Task', 'HostSystem', host.moid, '<force>false</force>');
    expect(faultOf(reply)).toBe('InvalidState');
  });

  it('takes the host away and brings it back with a later boot time, still in maintenance mode', async () => {
    await onHost('EnterMaintenanceMode_Task', ENTER);
    const bootTime = await client.read('HostSystem', host.moid, 'summary.runtime.bootTime');
    const { state } = await onHost('RebootHost_Task', '<force>false</force>');
    expect(state).toBe('success');
    // The task says only that the reboot has begun: what is read now may be what was before.
    expect(await client.read('HostSystem', host.moid, 'summary.runtime.bootTime')).toBe(bootTime);
    const connection = () => client.read('HostSystem', host.moid, 'runtime.connectionState');
    await until(async () => (await connection()) === 'notResponding');
    expect(await client.read('HostSystem', host.moid, 'runtime.powerState')).toBe('unknown');
    expect(await client.read('HostSystem', host.moid, 'summary.trustAuthorityAttestationInfos')).toContain('unknown');
    await until(async () => (await connection()) === 'connected');
    expect(Date.parse((await client.read('HostSystem', host.moid, 'runtime.bootTime')) ?? '')).toBeGreaterThan(
      Date.parse(bootTime ?? ''),
    );
    expect(await client.read('HostSystem', host.moid, 'runtime.inMaintenanceMode')).toBe('true');
    await until(() => attestationOf(host) === 'attested');
    const infos = await client.read('HostSystem', host.moid, 'summary.trustAuthorityAttestationInfos');
    expect(infos?.match(/<attestationStatus>attested</g)).toHaveLength(3);
  });

  it('can end its task only when the host is back: a switch', async () => {
    const { switches } = lab.simulator.world.settings;
    switches.rebootTaskEnds = 'returned';
    await onHost('EnterMaintenanceMode_Task', ENTER);
    const before = host.bootTime;
    await onHost('RebootHost_Task', '<force>false</force>');
    switches.rebootTaskEnds = 'initiated';
    expect(host.bootTime).toBeGreaterThan(before);
    expect(host.connectionState).toBe('connected');
  });
});

describe('services of a host', () => {
  const serviceSystem = () => host.moid.replace('host', 'serviceSystem');
  const info = (key: string) => async () =>
    new RegExp(`<key>${key}</key>.*?</service>`).exec(
      (await client.read('HostServiceSystem', serviceSystem(), 'serviceInfo')) ?? '',
    )?.[0];

  it('stop, start, restart and change their policy', async () => {
    const change = (name: string, parameters = '<id>ntpd</id>') =>
      client.call(name, 'HostServiceSystem', serviceSystem(), parameters);
    expect((await change('StopService')).text).toContain('<StopServiceResponse xmlns="urn:vim25"/>');
    expect(await info('ntpd')()).toContain('<running>false</running>');
    expect(faultOf(await change('StopService'))).toBe('InvalidState');
    await change('RestartService');
    expect(await info('ntpd')()).toContain('<running>true</running>');
    expect(faultOf(await change('StartService'))).toBe('InvalidState');
    await change('UpdateServicePolicy', '<id>ntpd</id><policy>automatic</policy>');
    expect(await info('ntpd')()).toContain('<policy>automatic</policy>');
    expect(faultOf(await change('UpdateServicePolicy', '<id>ntpd</id><policy>sometimes</policy>'))).toBe(
      'InvalidArgument',
    );
  });

  it('have no kmxa: no API restarts it (R3)', async () => {
    const reply = await client.call('RestartService', 'HostServiceSystem', serviceSystem(), '<id>kmxa</id>');
    expect(faultOf(reply)).toBe('NotFound');
    expect(await info('kmxa')()).toBeUndefined();
  });
});

describe('the connection of a host', () => {
  it('is cut and made again; a host that is connected cannot be reconnected', async () => {
    expect(faultOf(await client.call('ReconnectHost_Task', 'HostSystem', host.moid))).toBe('InvalidState');
    expect((await onHost('DisconnectHost_Task')).state).toBe('success');
    expect(await client.read('HostSystem', host.moid, 'runtime.connectionState')).toBe('disconnected');
    expect(faultOf(await client.call('DisconnectHost_Task', 'HostSystem', host.moid))).toBe('InvalidState');
    expect(faultOf(await client.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, ENTER))).toBe(
      'HostNotConnected',
    );
    expect((await onHost('ReconnectHost_Task')).state).toBe('success');
    expect(await client.read('HostSystem', host.moid, 'runtime.connectionState')).toBe('connected');
  });
});

describe('inventory', () => {
  const add = (spec: string) =>
    client.task(
      'AddHost_Task',
      'ClusterComputeResource',
      'domain-c8',
      `<spec>${spec}</spec><asConnected>true</asConnected>`,
    );

  it('gives a host up only when it is disconnected or in maintenance mode, and takes it back as a new object', async () => {
    const leaving = lab.simulator.world.host('host-2.lab.example');
    const { moid, hardwareUuid } = leaving;
    expect(faultOf(await client.call('Destroy_Task', 'HostSystem', moid))).toBe('InvalidState');
    await onHost('DisconnectHost_Task', '', moid);
    expect((await onHost('Destroy_Task', '', moid)).state).toBe('success');
    expect(faultOf(await client.call('Destroy_Task', 'HostSystem', moid))).toBe('ManagedObjectNotFound');

    const login = `<userName>root</userName><password>${escaped(lab.simulator.ready.esxi.password)}</password>`;
    const name = `<hostName>${leaving.name}</hostName>`;
    const unpinned = await add(`${name}${login}<force>false</force>`);
    expect(unpinned.info).toContain(
      `<fault xsi:type="SSLVerifyFault"><selfSigned>false</selfSigned><thumbprint>${leaving.sslThumbprint}</thumbprint></fault>`,
    );
    const pin = `<sslThumbprint>${leaving.sslThumbprint}</sslThumbprint>`;
    expect(
      (await add(`${name}${pin}<userName>root</userName><password>x</password><force>false</force>`)).info,
    ).toContain('"InvalidLogin"');
    expect((await add(`<hostName>nobody.lab.example</hostName>${pin}${login}<force>false</force>`)).info).toContain(
      '<fault xsi:type="NoHost"><name>nobody.lab.example</name></fault>',
    );
    const added = await add(`${name}${pin}${login}<force>true</force>`);
    expect(added.state).toBe('success');
    const newMoid =
      /<result type="HostSystem" xsi:type="ManagedObjectReference">([^<]+)<\/result>/.exec(added.info)?.[1] ?? '';
    expect(newMoid).not.toBe(moid);
    expect(await client.read('HostSystem', newMoid, 'hardware.systemInfo.uuid')).toBe(hardwareUuid);
    expect((await add(`${name}${pin}${login}<force>true</force>`)).info).toContain(
      '<fault xsi:type="DuplicateName"><name>',
    );
    expect(
      faultOf(
        await client.call(
          'AddHost_Task',
          'ClusterComputeResource',
          'domain-c8',
          `<spec>${login}<force>true</force></spec><asConnected>true</asConnected>`,
        ),
      ),
    ).toBe('InvalidArgument');
  });

  it('moves a host in maintenance mode between clusters only', async () => {
    const parameters = `<host type="HostSystem">${host.moid}</host>`;
    expect(faultOf(await client.call('MoveInto_Task', 'ClusterComputeResource', 'domain-c8', parameters))).toBe(
      'InvalidState',
    );
    await onHost('EnterMaintenanceMode_Task', ENTER);
    expect(faultOf(await client.call('MoveHostInto_Task', 'ClusterComputeResource', 'domain-c8', parameters))).toBe(
      'DuplicateName',
    );
    await leaveMaintenanceMode();
  });

  it('does not let anything but a host be destroyed', async () => {
    expect(faultOf(await client.call('Destroy_Task', 'ClusterComputeResource', 'domain-c8'))).toBe('NotSupported');
  });
});

describe('preconditions, under the switch errorsAt: task', () => {
  it('show in the task instead of in the answer', async () => {
    await using other = await startLab(scenario({ switches: { errorsAt: 'task' } }));
    const { moid } = other.simulator.world.host('host-1.lab.example');
    const { state, info } = await other.workload.task('ExitMaintenanceMode_Task', 'HostSystem', moid, EXIT);
    expect(state).toBe('error');
    expect(info).toContain('<fault xsi:type="InvalidState"/>');
  });
});
