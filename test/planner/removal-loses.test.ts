import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/planner/plan';
import { inventory, request, trustAuthorityCluster } from '../support/inventory';

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
