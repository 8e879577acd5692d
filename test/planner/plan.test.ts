import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan';
import {
  host,
  inventory,
  NEW,
  OLD,
  plan,
  request,
  TA_CLUSTER,
  TA_VCENTER,
  TRUSTED_CLUSTER,
  trustedCluster,
  upgradedHost,
  vCenter,
  withTrustAuthority,
  withTrusted,
  withTrustedHosts,
  WORKLOAD_VCENTER,
} from '../support/inventory';

/** What a plan does, in order: names of vCenters and hosts by phase. */
function order({ phases }: Plan): Record<number, string[]> {
  return Object.fromEntries(
    phases.map((phase) => [
      phase.number,
      (phase.kind === 'vcenters' ? phase.vCenters : phase.hosts).map((one) => one.name),
    ]),
  );
}

describe('the order', () => {
  it('is TA vCenter, TA Hosts, workload vCenter, Trusted Hosts (R8)', () => {
    expect(plan().phases.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(order(plan())).toEqual({
      1: [TA_VCENTER],
      2: ['ta-host-1.lab.example', 'ta-host-2.lab.example', 'ta-host-3.lab.example'],
      3: [WORKLOAD_VCENTER],
      4: ['host-1.lab.example', 'host-2.lab.example', 'host-3.lab.example', 'host-4.lab.example'],
    });
  });

  it('is that of the request, when it gives another (R9)', () => {
    const asked = request({ phases: [3, 4, 1], reason: 'workload first, agreed with security' });
    expect(plan(asked).phases.map(({ number }) => number)).toEqual([3, 4, 1]);
  });

  it('takes all workload vCenters in the order of the file, then all their hosts', () => {
    const second = {
      vCenter: vCenter('b-vc'),
      clusters: [trustedCluster({ name: 'B', vCenter: 'b-vc', hosts: [host('b-1')] })],
    };
    const world = inventory();
    const two = [...world.trusted, { ...second, principal: { issuer: 'b', name: 'b' } }];
    expect(order(plan(request(), { ...world, trusted: two }))).toMatchObject({
      3: [WORKLOAD_VCENTER, 'b-vc'],
      4: ['host-1.lab.example', 'host-2.lab.example', 'host-3.lab.example', 'host-4.lab.example', 'b-1'],
    });
  });

  it('upgrades a vCenter that holds both tiers once, and its hosts count with its new version', () => {
    const only = vCenter(TA_VCENTER, { version: '8.0.2.00100' });
    const clusters = [trustedCluster({ vCenter: TA_VCENTER })];
    const world = {
      ...withTrustAuthority({ vCenter: only }),
      trusted: withTrusted({ vCenter: only, clusters }).trusted,
    };
    expect(order(plan(request(), world))).toMatchObject({ 1: [TA_VCENTER], 3: [] });
  });
});

describe('what is at its target is left alone and says so (M17)', () => {
  it('a host', () => {
    const { skipped, ...rest } = plan(request(), withTrustedHosts({}, { build: NEW.build, compliance: 'COMPLIANT' }));
    expect(order({ ...rest, skipped })[4]).toEqual(['host-1.lab.example']);
    expect(skipped).toEqual([{ what: 'host host-2.lab.example', why: `runs 8.0.3 build ${NEW.build} already` }]);
  });

  it('a vCenter', () => {
    const { skipped } = plan(request(), withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { version: NEW.vCenter }) }));
    expect(skipped).toEqual([{ what: `vCenter ${WORKLOAD_VCENTER}`, why: `runs ${NEW.vCenter} already` }]);
  });

  it('every vCenter, when the request names no version', () => {
    expect(plan(request({ target: { esxi: 'desired' } })).skipped.map(({ what }) => what)).toEqual([
      `vCenter ${TA_VCENTER}`,
      `vCenter ${WORKLOAD_VCENTER}`,
    ]);
  });

  it('phases that were not asked for', () => {
    expect(plan(request({ phases: [1, 3], reason: 'r' })).skipped).toEqual([
      { what: 'phase 2, Trust Authority Hosts', why: 'not asked for' },
      { what: 'phase 4, Trusted Hosts', why: 'not asked for' },
    ]);
  });
});

describe('the clusters of a plan', () => {
  const other = { baseImage: OLD.image, addOn: { name: 'vendor', version: '1.0' } };

  it('take their desired image as it stands', () => {
    expect(plan().clusters.map(({ name, commitImage }) => [name, commitImage])).toEqual([
      [TA_CLUSTER, false],
      [TRUSTED_CLUSTER, false],
    ]);
  });

  it('commit an image that the request names, where it is not the desired image already', () => {
    const asked = request({ target: { esxi: { baseImage: NEW.image } } });
    const world = withTrusted({ clusters: [trustedCluster({ desiredImage: other })] });
    expect(plan(asked, world).clusters).toMatchObject([
      { name: TA_CLUSTER, commitImage: false },
      { name: TRUSTED_CLUSTER, commitImage: true, image: { baseImage: NEW.image } },
    ]);
  });

  it('take the desired image when a map does not name them', () => {
    const asked = request({
      target: { esxi: { byCluster: { [TA_CLUSTER]: { baseImage: NEW.image, addOn: other.addOn } } } },
    });
    expect(plan(asked).clusters).toMatchObject([
      { name: TA_CLUSTER, commitImage: true, image: { addOn: other.addOn } },
      { name: TRUSTED_CLUSTER, commitImage: false },
    ]);
  });

  it('are left out when their hosts and their image are as wanted', () => {
    const world = withTrusted({ clusters: [trustedCluster({ hosts: [upgradedHost('host-1')] })] });
    expect(plan(request(), world).clusters.map(({ name }) => name)).toEqual([TA_CLUSTER]);
  });

  it('keep their desired image when no host of them needs the one that was named, and say so', () => {
    const asked = request({ target: { esxi: { byCluster: { [TRUSTED_CLUSTER]: { baseImage: NEW.image } } } } });
    const behind = trustedCluster({ desiredImage: { baseImage: OLD.image }, hosts: [upgradedHost('host-1')] });
    const { clusters, skipped } = plan(asked, withTrusted({ clusters: [behind] }));
    expect(clusters.map(({ name }) => name)).toEqual([TA_CLUSTER]);
    expect(skipped).toContainEqual({
      what: `desired image of cluster ${TRUSTED_CLUSTER}`,
      why: 'stays as it is: no host of the cluster needs another',
    });
  });

  it('give hosts of equal images equal keys, and others others (R6)', () => {
    const clusters = [
      trustedCluster({ id: 'a', name: 'a', hosts: [host('a-1'), host('a-2')] }),
      trustedCluster({ id: 'b', name: 'b', hosts: [host('b-1')] }),
      trustedCluster({ id: 'c', name: 'c', hosts: [host('c-1')], desiredImage: { ...other, baseImage: NEW.image } }),
    ];
    const [, , , phase] = plan(request(), withTrusted({ clusters })).phases;
    const keys = phase?.kind === 'hosts' ? phase.hosts.map(({ imageKey }) => imageKey) : [];
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 3]);
  });
});

it('says what it means: how many, who leaves service, how many virtual machines move, how long', () => {
  const { impact } = plan(request(), withTrustedHosts({ runningVms: 5 }, { runningVms: 7 }));
  expect(impact).toMatchObject({ vCenters: 2, trustAuthorityHosts: 3, trustedHosts: 2, runningVmsMoved: 12 });
  expect(impact.leaveService.slice(-2)).toEqual(['host-1.lab.example', 'host-2.lab.example']);
  const shorter = plan(request(), withTrustedHosts({})).impact.estimatedMinutes;
  expect(impact.estimatedMinutes - shorter).toBe((30 + 45 + 15) / 2 + 10 / 2 + 5);
});

it('carries who approves, the pace and the soak of the request', () => {
  const world = inventory();
  expect(plan(request({ soakMs: 60_000, approve: ['host'] }))).toMatchObject({
    approvals: world.approvals,
    pace: world.pace,
    soakMs: 60_000,
    approve: ['host'],
  });
  expect(plan().soakMs).toBe(world.pace.soakMs);
});

it('takes its time from the inventory', () => {
  expect(plan(request(), inventory({ readAt: '2031-01-01T00:00:00.000Z' })).createdAt).toBe('2031-01-01T00:00:00.000Z');
});
