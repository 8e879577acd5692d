import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/planner/plan';
import { planDigestSubject } from '../../src/planner/canonical';
import { describePlan } from '../../src/planner/describe-plan';
import { inventory, plan, request, trustAuthorityCluster, withTrustedHosts } from '../support/inventory';

function loses(changes: Partial<ReturnType<typeof request>> = {}, world = inventory()) {
  const made = planUpgrade(request(changes), world);
  return made.kind === 'plan' ? made.plan.removalLoses : made.refusals;
}

describe('what bringing back a Trust Authority Host would lose', () => {
  it('is said before the run, with the distributed switches that were found', () => {
    const cluster = trustAuthorityCluster();
    const hosts = cluster.hosts.map((host, at) => ({ ...host, distributedPortGroups: at === 0 ? 3 : 0 }));
    const healthy = inventory();
    const world = { ...healthy, trustAuthority: { ...healthy.trustAuthority, cluster: { ...cluster, hosts } } };
    expect(loses({}, world)).toEqual([
      'its tags, custom attributes, permissions and alarms of its own, performance history',
      'its place in a vSAN cluster, if it has one (not read)',
      `${hosts[0]?.name ?? ''}: its place in distributed switches (3 port groups)`,
    ]);
  });

  it('is nothing where no such host is upgraded, or none could be added again', () => {
    expect(loses({ phases: [3, 4], reason: 'the workload side' })).toBeUndefined();
    const source = { ...inventory(), canExportBaseImages: false };
    expect(loses({ phases: [1, 2], reason: 'the Trust Authority side' }, source)).toBeUndefined();
  });
});

describe('what bringing back a Trusted Host would lose', () => {
  const allowed = { recoverTrustedHosts: true };

  it('is said of each by its name, where the request allows that it is removed', () => {
    const world = withTrustedHosts({ distributedPortGroups: 2 }, {});
    const made = plan(request(allowed), world);
    const [first, second] = ['host-1.lab.example', 'host-2.lab.example'];
    const [own, vsan] = [
      'its tags, custom attributes, permissions and alarms of its own, performance history',
      'its place in a vSAN cluster, if it has one (not read)',
    ];
    expect(made.trustedRemovalLoses).toEqual([
      'each: the virtual machines on it would leave the inventory with it; it is not removed while there are any',
      `${first}: ${own}`,
      `${first}: ${vsan}`,
      `${first}: its place in distributed switches (2 port groups)`,
      `${second}: ${own}`,
      `${second}: ${vsan}`,
    ]);
    expect(made.recovery.trustedHosts).toBe(true);
    expect(describePlan(made)).toContain('Lost if a Trusted Host must be removed and added again');
    expect(planDigestSubject(made)).not.toBe(planDigestSubject(plan(request(), world)));
  });

  it('is not said where the request does not allow it, no such host is upgraded, or none could be added again', () => {
    expect(plan(request()).trustedRemovalLoses).toBeUndefined();
    expect(plan(request()).recovery.trustedHosts).toBeUndefined();
    expect(plan(request({ ...allowed, phases: [1, 2], reason: 'one side' })).trustedRemovalLoses).toBeUndefined();
    const file = { baseImage: { from: 'file' as const, name: 'image.tgz' } };
    const world = {
      ...inventory({ baseImageFile: { name: 'image.tgz', sha256: 'a'.repeat(64), bytes: 1 } }),
      canExportBaseImages: false,
    };
    expect(plan(request({ ...allowed, ...file }), world).trustedRemovalLoses).toBeUndefined();
  });
});
