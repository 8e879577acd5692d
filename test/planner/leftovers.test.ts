import { describe, expect, it } from 'vitest';
import type { HostFacts, Inventory, LeftBehind } from '../../src/model/inventory';
import { applyPolicyChangeId, hostChangeId, type LedgerChange } from '../../src/model/ledger';
import type { Plan } from '../../src/model/plan';
import type { UpgradeRequest } from '../../src/model/request';
import { planDigestSubject } from '../../src/planner/canonical';
import { describePlan } from '../../src/planner/describe-plan';
import { planUpgrade } from '../../src/planner/plan';
import {
  host,
  inventory,
  OLD,
  request,
  TA_CLUSTER,
  TA_VCENTER,
  TRUSTED_CLUSTER,
  trustAuthorityCluster,
  trustedCluster,
  upgradedHost,
  WORKLOAD_VCENTER,
} from '../support/inventory';

const BY = { runId: 'run-1', at: '2026-04-01T00:00:00.000Z' };
const BOOTED = '2026-01-01T00:00:00.000Z';

/** The apply policy of the Trusted Cluster, which had Quick Boot on. */
function policy(now: LeftBehind['policy'], id = 'domain-c20'): LeftBehind {
  const subject = { name: TRUSTED_CLUSTER, id, vCenter: WORKLOAD_VCENTER };
  const before = { policy: { enable_quick_boot: true } };
  return {
    change: { kind: 'apply-policy', id: applyPolicyChangeId(subject), ...BY, subject, before },
    ...(now === undefined ? {} : { policy: now }),
  };
}

/** Maintenance mode of `host-1`, which ran the old build then. */
function maintenanceMode(name = 'host-1', bootTime = BOOTED): LeftBehind {
  const subject = { name, uuid: `uuid-${name}`, cluster: TRUSTED_CLUSTER, vCenter: WORKLOAD_VCENTER };
  const before = { version: OLD.version, build: OLD.build, bootTime };
  return {
    change: { kind: 'maintenance-mode', id: hostChangeId('maintenance-mode', subject.uuid), ...BY, subject, before },
  };
}

function removed(name: string): LeftBehind {
  const subject = { name, uuid: `uuid-${name}`, cluster: TA_CLUSTER, vCenter: TA_VCENTER };
  const before = { previous: { version: OLD.version, build: OLD.build }, backup: { path: 'backups/1.json' } };
  const change = { kind: 'host-removed', id: hostChangeId('host-removed', subject.uuid), ...BY, subject, before };
  return { change: change as LedgerChange };
}

function world(leftBehind: LeftBehind[], ...hosts: HostFacts[]): Inventory {
  const [trusted] = inventory().trusted;
  if (trusted === undefined) throw new Error('no Trusted Cluster');
  return inventory({ leftBehind, trusted: [{ ...trusted, clusters: [trustedCluster({ hosts })] }] });
}

function plan(wanted: UpgradeRequest, found: Inventory): Plan {
  const result = planUpgrade(wanted, found);
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.refusals));
  return result.plan;
}

const hostsOf = (made: Plan) => made.phases.flatMap((phase) => (phase.kind === 'hosts' ? phase.hosts : []));
const phase2 = request({ phases: [2], reason: 'business' });
const IN = { inMaintenanceMode: true } as const;

describe('what an earlier run left behind', () => {
  it.each([
    [
      'restored at the end, of a cluster in the run',
      request(),
      policy('changed'),
      'restore after',
      'It was: Quick Boot on, Quick Patch not set',
    ],
    ['restored after the approval, of another', phase2, policy('changed'), 'restore', 'once the plan is approved'],
    ['struck off when it is as before', request(), policy('as before'), 'settle', 'struck off the ledger.'],
    [
      'forgotten when the cluster is gone',
      request(),
      policy('gone', 'domain-c99'),
      'forget',
      'no configured vCenter has that cluster',
    ],
  ] as const)('a policy is %s', (_name, wanted, left, action, said) => {
    const made = plan(wanted, world([left], host('host-1'), host('host-2')));
    expect(made.leftovers).toEqual([{ change: left.change, action, sentence: expect.stringContaining(said) }]);
    const warned = made.warnings.filter(({ code }) => code === 'VTA_LEFT_BEHIND').map(({ message }) => message);
    expect(warned).toEqual(action === 'settle' ? [] : made.leftovers.map(({ sentence }) => sentence));
    const [first = ''] = made.leftovers.map(({ sentence }) => sentence.split(' and ')[0]);
    const text = describePlan(made).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Left behind by an earlier run');
    expect(text).toContain(first);
  });

  it.each([
    ['upgraded first, and taken out', request(), [host('host-2'), host('host-1', IN)], 'upgrade'],
    ['finished, though it runs its target', request(), [host('host-2'), upgradedHost('host-1', IN)], 'upgrade'],
    [
      'finished, though it does not attest',
      request(),
      [host('host-2'), upgradedHost('host-1', { ...IN, attestation: 'notAttested' })],
      'upgrade',
    ],
    ['taken out, when its phase is not in the run', phase2, [host('host-1', IN)], 'take out'],
    ['struck off, when it is out of it', request(), [host('host-1'), host('host-2')], 'settle'],
    ['forgotten, when it is gone', request(), [host('host-2'), host('host-3')], 'forget'],
    ['kept, when it is away', phase2, [host('host-1', { ...IN, connection: 'notResponding' })], 'keep'],
  ] as const)('a host in maintenance mode is %s', (_name, wanted, hosts, action) => {
    const made = plan(wanted, world([maintenanceMode()], ...hosts));
    expect(made.leftovers.map((left) => [left.action, left.host?.name])).toEqual([
      [action, action === 'take out' ? 'host-1' : undefined],
    ]);
    // It is nobody else's: said once, as what it is.
    expect(made.warnings.map(({ code }) => code)).not.toContain('VTA_HOST_IN_MAINTENANCE_MODE');
    const [first] = hostsOf(made).filter(({ role }) => role === 'trusted');
    if (action === 'upgrade')
      expect(first).toMatchObject({ name: 'host-1', foundInMaintenanceMode: false, leaveMaintenanceMode: true });
    else expect(first?.leftInMaintenanceMode).toBeUndefined();
  });

  it.each([
    ['neither changed nor booted', host('host-1', IN), BOOTED, 'untouched'],
    ['booted since', host('host-1', { ...IN, bootTime: '2026-04-02T00:00:00.000Z' }), BOOTED, 'changed'],
    ['upgraded', upgradedHost('host-1', IN), BOOTED, 'changed'],
  ] as const)('a host that was %s may be let go only if it is untouched', (_name, one, booted, expected) => {
    const made = plan(request(), world([maintenanceMode('host-1', booted)], one, host('host-2')));
    expect(hostsOf(made).find(({ name }) => name === 'host-1')?.leftInMaintenanceMode).toBe(expected);
  });

  it('does not let two hosts be out: another one in maintenance mode is a refusal that names what was left', () => {
    const result = planUpgrade(request(), world([maintenanceMode()], host('host-1', IN), host('host-2', IN)));
    expect(result).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(result)).toContain('in which an earlier run (run-1) left it');
  });

  it('names a removed host, also where too few are left for a plan', () => {
    const left = removed('ta-host-2.lab.example');
    const two = trustAuthorityCluster();
    const trustAuthority = {
      ...inventory().trustAuthority,
      cluster: { ...two, hosts: two.hosts.filter(({ name }) => name !== left.change.subject.name) },
    };
    const made = plan(request(), inventory({ leftBehind: [left], trustAuthority }));
    expect(made.leftovers).toEqual([
      expect.objectContaining({ action: 'keep', sentence: expect.stringContaining('was not added again') }),
    ]);
    const one = { ...trustAuthority, cluster: { ...two, hosts: two.hosts.slice(0, 1) } };
    expect(planUpgrade(request(), inventory({ leftBehind: [left], trustAuthority: one }))).toMatchObject({
      kind: 'refused',
      refusals: [
        {
          code: 'VTA_TOO_FEW_TRUST_AUTHORITY_HOSTS',
          message: expect.stringContaining('An earlier run removed ta-host-2'),
        },
      ],
    });
  });

  it('is waited for while the earlier work is still going on', () => {
    const openChildren = ['vta-upgrade:lab:host:host-1'];
    const made = plan(request(), { ...world([maintenanceMode()], host('host-1', IN), host('host-2')), openChildren });
    expect(made.leftovers).toEqual([
      expect.objectContaining({ action: 'keep', sentence: expect.stringContaining('waited for') }),
    ]);
  });

  it('is part of what is approved; how the last run ended is not', () => {
    const hosts = [host('host-1'), host('host-2')];
    const digest = (found: Inventory) => planDigestSubject(plan(request(), found));
    expect(digest(world([policy('changed')], ...hosts))).not.toBe(digest(world([], ...hosts)));
    const lastRun = { runId: 'run-1', outcome: 'aborted', at: BY.at } as const;
    expect(digest({ ...world([], ...hosts), lastRun })).toBe(digest(world([], ...hosts)));
    expect(describePlan(plan(request(), { ...world([], ...hosts), lastRun }))).toContain(
      `The last run ended ${BY.at}: aborted`,
    );
  });
});
