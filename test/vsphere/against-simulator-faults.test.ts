import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { remedyOf } from '../../src/vsphere/error-table';
import { ApiFault, type VsphereError } from '../../src/vsphere/errors';
import { VCenter } from '../../src/vsphere/vcenter';
import { only, startSimulatedSite, type SimulatedSite } from './support/simulated-site';

let site: SimulatedSite;
let cluster: string;
let host: string;
beforeAll(async () => {
  site = await startSimulatedSite('smallest');
  cluster = only(await site.workload.inventory.clusters()).cluster;
  host = only(await site.workload.inventory.hosts()).host;
});
afterAll(() => site[Symbol.asyncDispose]());
beforeEach(async () => {
  // Each test begins with a session, so that a fault hits the request that it is meant for.
  await site.workload.appliance.version();
});

const failure = (promise: Promise<unknown>): Promise<VsphereError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: VsphereError) => error,
  );

describe('an answer that is lost after the effect', () => {
  it.each(['reply-lost', 'half-body'] as const)('(%s) leaves the outcome open, and the state tells', async (kind) => {
    const { workload, simulator } = site;
    simulator.world.faults.add({ kind, operation: '*drafts.create' });
    const error = await failure(workload.drafts.create(cluster));
    expect(error).toMatchObject({ name: 'OutcomeUnknown' });
    expect(remedyOf(error)).toBe('outcome-unknown');
    const [draft = ''] = Object.keys(await workload.drafts.list(cluster));
    expect((await workload.drafts.get(cluster, draft)).software.base_image.version).toMatch(/^8\.0\.2/);
    await workload.drafts.remove(cluster, draft);
  });

  it('of a task that was started is found again by operation, target and user', async () => {
    const { workload, simulator } = site;
    const began = await workload.lifecycle.scan(cluster);
    const info = (await workload.tasks.list({ tasks: [began.id] }))[began.id];
    await site.done(workload, Promise.resolve(began));
    simulator.world.faults.add({ kind: 'reply-lost', operation: '*clusters.software.scan' });
    expect(await failure(workload.lifecycle.scan(cluster))).toMatchObject({ name: 'OutcomeUnknown' });
    const found = await workload.tasks.list({
      operations: [info?.operation ?? ''],
      targets: [{ type: 'ClusterComputeResource', id: cluster }],
      users: [info?.user ?? ''],
    });
    const others = Object.keys(found).filter((id) => id !== began.id);
    const mine = { ...began, id: only(others) };
    expect((await site.done(workload, Promise.resolve(mine))).status).toBe('COMPLIANT');
  });
});

describe('a session that expires', () => {
  it('before a change is renewed, and the change happens once', async () => {
    const { workload, simulator } = site;
    const before = simulator.requests.all().filter(({ path }) => path === '/api/session').length;
    simulator.world.faults.add({ kind: 'session-expired', operation: '*drafts.create' });
    const draft = await workload.drafts.create(cluster);
    expect(Object.keys(await workload.drafts.list(cluster))).toEqual([draft]);
    const after = simulator.requests.all().filter(({ path }) => path === '/api/session').length;
    expect(after - before).toBe(1);
    await workload.drafts.remove(cluster, draft);
  });

  it('while a task is waited for changes nothing', async () => {
    const { workload, simulator } = site;
    simulator.world.faults.add({ kind: 'session-expired', operation: 'com.vmware.cis.tasks.get', count: 2 });
    expect((await site.done(workload, workload.lifecycle.scan(cluster))).compliant_hosts).toEqual([host]);
  });
});

describe('a task', () => {
  it('whose record vanishes is an open outcome', async () => {
    const { workload, simulator } = site;
    simulator.world.faults.add({ kind: 'task-record-gone', operation: '*clusters.software.scan' });
    const error = await failure(site.done(workload, workload.lifecycle.scan(cluster)));
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'task-gone' });
  });

  it('that fails says why', async () => {
    const { workload, simulator } = site;
    simulator.world.faults.add({
      kind: 'task-fails',
      operation: '*clusters.software.scan',
      error: 'RESOURCE_BUSY',
    });
    const error = await failure(site.done(workload, workload.lifecycle.scan(cluster)));
    expect(error).toMatchObject({ name: 'ApiFault', errorType: 'RESOURCE_BUSY' });
    expect(remedyOf(error)).toBe('retry-soon');
  });
});

describe('a server', () => {
  it('that is busy says so with status 500 and its type', async () => {
    const { workload, simulator } = site;
    simulator.world.faults.add({ kind: 'error', operation: '*vcenter.host.list', error: 'RESOURCE_BUSY' });
    const error = await failure(workload.inventory.hosts());
    expect(error).toBeInstanceOf(ApiFault);
    expect(error).toMatchObject({ status: 500, errorType: 'RESOURCE_BUSY' });
  });

  it('that never answers is given up at the deadline', async () => {
    const { workload, simulator } = site;
    simulator.world.faults.add({ kind: 'hang', operation: '*vcenter.host.list', milliseconds: 2000 });
    const error = await failure(workload.inventory.hosts({}, { deadlineMs: 700 }));
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'deadline' });
  });

  it('that refuses the password is not asked again', async () => {
    const { simulator } = site;
    const logins = () => simulator.requests.all().filter(({ path }) => path === '/api/session').length;
    const before = logins();
    const trust = { kind: 'ca', pem: readFileSync(simulator.ready.caFile, 'utf8') } as const;
    const url = simulator.ready.trusted[0]?.vCenter ?? '';
    const stranger = new VCenter({ url, trust }, async () => ({ username: simulator.ready.username, password: 'no' }));
    const error = await failure(stranger.inventory.hosts());
    expect(error).toMatchObject({ name: 'LoginRefused', status: 401 });
    expect(remedyOf(error)).toBe('refused');
    expect(logins() - before).toBe(1);
    await stranger.close();
  });
});
