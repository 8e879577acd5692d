import { describe, expect, it } from 'vitest';
import type { ClusterFacts, HostFacts, Inventory } from '../../src/model/inventory';
import type { UpgradeRequest } from '../../src/model/request';
import { planDigestSubject } from '../../src/planner/canonical';
import { describePlan } from '../../src/planner/describe-plan';
import {
  host,
  inventory,
  NEW,
  OLD,
  plan,
  refusals,
  request,
  trustedCluster,
  upgradedHost,
  vCenter,
  WORKLOAD_VCENTER,
} from '../support/inventory';

const TEST_HOST = 'test-host-1.lab.example';
const TEST_CLUSTER = 'Test Cluster';
const UPGRADED = { from: 'reference-host', host: TEST_HOST, upgrade: true } as const;

function testHost(changes: Partial<HostFacts> = {}): HostFacts {
  return host(TEST_HOST, { cluster: TEST_CLUSTER, attestation: 'unknown', ...changes });
}

/** The healthy world, whose vCenters are upgraded, with a cluster of two test hosts. */
function world(changes: Partial<ClusterFacts> = {}, trusted: ClusterFacts[] = [trustedCluster()]): Inventory {
  const healthy = inventory();
  const cluster: ClusterFacts = {
    ...trustedCluster(),
    id: 'domain-c30',
    name: TEST_CLUSTER,
    role: 'reference',
    trustState: 'NONE',
    hosts: [testHost(), host('test-host-2.lab.example', { cluster: TEST_CLUSTER, connection: 'disconnected' })],
    ...changes,
  };
  const [workload] = healthy.trusted;
  if (workload === undefined) throw new Error('the healthy world has no workload vCenter');
  const found = cluster.hosts.find(({ name }) => name === TEST_HOST);
  return {
    ...healthy,
    trusted: [{ ...workload, clusters: trusted, referenceClusters: [cluster] }],
    ...(found === undefined ? {} : { referenceHost: found }),
  };
}

function alone(changes: Partial<UpgradeRequest> = {}): UpgradeRequest {
  return request({ target: { esxi: 'desired' }, baseImage: UPGRADED, phases: [], ...changes });
}

function messages(asked: UpgradeRequest, found: Inventory): string[] {
  return refusals(asked, found).map(({ code, message }) => `${code} ${message}`);
}

describe('the plan of a reference host', () => {
  it('alone, as people read it', async () => {
    const found = plan(alone(), world({ desiredImage: { baseImage: OLD.image } }));
    await expect(describePlan(found, 'd'.repeat(64))).toMatchFileSnapshot('golden/plan-of-a-reference-host.txt');
    expect(found.reference).toMatchObject({ upgrade: true, cluster: { name: TEST_CLUSTER, commitImage: true } });
    expect(found.impact.leaveService).toEqual([TEST_HOST]);
  });

  it('in a whole upgrade has its turn right before the Trusted Hosts, whatever else its cluster has', () => {
    const found = plan(request({ baseImage: UPGRADED }), world());
    expect(found.reference?.host.imageKey).toBe(
      found.phases.flatMap((p) => (p.kind === 'hosts' ? p.hosts : []))[3]?.imageKey,
    );
    const order = found.impact.leaveService;
    expect(order.indexOf(TEST_HOST)).toBe(3);
    expect(order).not.toContain('test-host-2.lab.example');
    const text = describePlan(found);
    expect(text.indexOf('Phase 3')).toBeLessThan(text.indexOf('  Reference host\n'));
    expect(text.indexOf('  Reference host\n')).toBeLessThan(text.indexOf('Phase 4'));
  });

  it('has nothing of it where no Trusted Host is to be upgraded', () => {
    const done = [trustedCluster({ hosts: [upgradedHost('host-1.lab.example')] })];
    expect(plan(request({ baseImage: UPGRADED }), world({}, done)).reference).toBeUndefined();
    const early = request({ baseImage: UPGRADED, phases: [1, 2], reason: 'r' });
    expect(plan(early, world()).reference).toBeUndefined();
  });

  it('leaves one that is at its target as it is, and warns that nobody knows how it booted (R16)', () => {
    const found = plan(alone(), world({ hosts: [upgradedHost(TEST_HOST, { attestation: 'unknown' })] }));
    expect(found.reference).toMatchObject({ upgrade: false });
    expect(found.clusters).toEqual([]);
    expect(found.warnings.map(({ code }) => code)).toEqual(['VTA_EXPORT_AFTER_QUICK_BOOT']);
    expect(plan(alone(), world()).warnings).toEqual([]);
  });

  it('brings one on the build to the desired image all the same, while its cluster has another one', () => {
    const cluster = {
      desiredImage: { baseImage: OLD.image },
      hosts: [upgradedHost(TEST_HOST, { attestation: 'unknown' })],
    };
    expect(plan(alone(), world(cluster)).reference).toMatchObject({ upgrade: true });
  });

  it('is approved with the host: another host, another digest; virtual machines that move, the same', () => {
    const digest = (found: Inventory) => planDigestSubject(plan(alone(), found));
    expect(digest(world({ hosts: [testHost({ uuid: 'another' })] }))).not.toBe(digest(world({ hosts: [testHost()] })));
    const machines = digest(world({ hosts: [testHost({ runningVms: 0 })] }));
    expect(machines).toBe(digest(world({ hosts: [testHost({ runningVms: 7 })] })));
  });

  it('is covered by a standing approval only where that covers hosts', () => {
    const standingApproval = { by: ['alice'], reason: 'r', warnings: [] };
    const found = plan(alone({ standingApproval }), world());
    expect(found.standingApproval?.notCovered).toEqual([`reference host ${TEST_HOST}: it covers no hosts`]);
    const hosts = plan(alone({ standingApproval: { ...standingApproval, hosts: true } }), world());
    expect(hosts.standingApproval?.notCovered).toEqual([]);
  });

  it('may name the image for its cluster, when the Trusted Clusters are to get it later', () => {
    const desired = [trustedCluster({ desiredImage: { baseImage: OLD.image } })];
    const esxi = { byCluster: { [TEST_CLUSTER]: { baseImage: NEW.image } } };
    const found = plan(alone({ target: { esxi } }), world({ desiredImage: { baseImage: OLD.image } }, desired));
    expect(found.reference?.host.to.build).toBe(NEW.build);
  });
});

describe('refused is', () => {
  it('a host in no reference cluster: a run upgrades only what the infrastructure file gives free', () => {
    const found = { ...world({ hosts: [] }), referenceHost: testHost({ cluster: '' }) };
    expect(messages(alone(), found).join()).toMatch(
      /VTA_BASE_IMAGE_UNOBTAINABLE .*in none of the reference clusters .*names Test Cluster/,
    );
  });

  it('a host that nobody knows', () => {
    const found = { ...world({ hosts: [] }), referenceHost: { name: TEST_HOST, missing: 'no vCenter has it' } };
    expect(messages(alone(), found).join()).toContain('no vCenter has it');
  });

  it.each(['attested', 'notAttested'] as const)('a host that is attested (%s): it is a Trusted Host', (attestation) => {
    expect(messages(alone(), world({ hosts: [testHost({ attestation })] })).join()).toContain('is a Trusted Host');
  });

  it('a host that is not connected, and not its neighbour for that', () => {
    const found = refusals(alone(), world({ hosts: [testHost({ connection: 'disconnected' })] }));
    expect(found.map(({ code, subject }) => [code, subject])).toEqual([['VTA_HOST_UNHEALTHY', `host ${TEST_HOST}`]]);
  });

  it('an image that is not the one that the Trusted Hosts get (R6)', () => {
    const esxi = { byCluster: { [TEST_CLUSTER]: { baseImage: NEW.image, components: { driver: '1.0' } } } };
    const asked = request({ baseImage: UPGRADED, target: { vCenter: NEW.vCenter, esxi } });
    expect(messages(asked, world()).join()).toMatch(/would not get the image that Trusted Cluster gets/);
  });

  it('hardware support that its cluster has and the Trusted Cluster has not', () => {
    const desiredImage = { baseImage: NEW.image, further: '{"hardware":"x"}' };
    const asked = request({ baseImage: UPGRADED, target: { vCenter: NEW.vCenter, esxi: { baseImage: NEW.image } } });
    expect(messages(asked, world({ desiredImage })).join()).toMatch(/would not get the image/);
    expect(messages(alone(), world({}, [trustedCluster({ desiredImage })])).join()).toMatch(/cannot commit those/);
  });

  it('one host for Trusted Clusters that get different images', () => {
    const other = trustedCluster({ id: 'edge', name: 'Edge', desiredImage: { baseImage: OLD.image }, hosts: [] });
    expect(messages(alone(), world({}, [trustedCluster(), other])).join()).toMatch(/2 different ones/);
  });

  it('a run in which no Trusted Cluster tells what is to be taught', () => {
    const { desiredImage: _none, ...without } = trustedCluster();
    expect(messages(alone(), world({}, [without])).join()).toMatch(/no Trusted Cluster has a desired image/);
  });

  it('an image of 9.0, also for a test host alone (R37)', () => {
    const esxi = { byCluster: { [TEST_CLUSTER]: 'desired' as const } };
    const found = world({ desiredImage: { baseImage: '9.0.0-0.0.25000000' } });
    expect(messages(alone({ target: { esxi } }), found).join()).toContain('VTA_TARGET_REMOVES_TRUST_AUTHORITY');
  });

  it('an ESXi newer than its vCenter is when its turn comes', () => {
    const found = world();
    const [workload] = found.trusted;
    if (workload !== undefined) workload.vCenter = vCenter(WORKLOAD_VCENTER, { version: '8.0.2.00100' });
    expect(messages(alone(), found).join()).toContain('when the turn of the reference host comes');
    expect(messages(request({ baseImage: UPGRADED }), found).join()).not.toContain('VTA_TARGET_ABOVE_VCENTER');
  });
});

it('an earlier run’s maintenance mode of a test host is remembered, and put right without waiting for attestation', () => {
  const change = {
    kind: 'maintenance-mode' as const,
    id: `maintenance-mode:uuid-${TEST_HOST}`,
    runId: 'earlier',
    at: '2026-04-30T00:00:00.000Z',
    subject: { name: TEST_HOST, uuid: `uuid-${TEST_HOST}`, cluster: TEST_CLUSTER, vCenter: WORKLOAD_VCENTER },
    before: { version: OLD.version, build: OLD.build },
  };
  const left = { ...world({ hosts: [testHost({ inMaintenanceMode: true })] }), leftBehind: [{ change }] };
  const [other] = plan(request({ target: { vCenter: NEW.vCenter, esxi: 'desired' } }), left).leftovers;
  expect(other).toMatchObject({ action: 'take out', host: { role: 'reference' } });
  expect(other?.sentence).toMatch(/after the approval\.$/);
  expect(plan(alone(), left)).toMatchObject({
    leftovers: [{ action: 'upgrade' }],
    reference: { host: { leaveMaintenanceMode: true } },
  });
});
