import { describe, expect, it } from 'vitest';
import type { HostFacts, Inventory, LeftBehind } from '../../src/model/inventory';
import { applyPolicyChangeId, draftChangeId, hostChangeId, type LedgerChange } from '../../src/model/ledger';
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

/** A draft of the desired image of the Trusted Cluster. */
function draft(now: LeftBehind['draft']): LeftBehind {
  const subject = { name: TRUSTED_CLUSTER, id: 'domain-c20', vCenter: WORKLOAD_VCENTER };
  return {
    change: { kind: 'draft', id: draftChangeId(subject), ...BY, subject, before: {} },
    ...(now === undefined ? {} : { draft: now }),
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

function removed(name: string, role: 'trust-authority' | 'trusted' = 'trust-authority'): LeftBehind {
  const at =
    role === 'trusted'
      ? { cluster: TRUSTED_CLUSTER, vCenter: WORKLOAD_VCENTER }
      : { cluster: TA_CLUSTER, vCenter: TA_VCENTER };
  const subject = { name, uuid: `uuid-${name}`, ...at };
  const previous = { version: OLD.version, build: OLD.build };
  const before = { host: { ...subject, role }, previous, backup: { path: 'backups/1.json' } };
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
    ['discarded, of a cluster in the run', request(), 'there', 'discard', 'nothing of it was committed.'],
    ['discarded, of another', phase2, 'there', 'discard', 'once the plan is approved'],
    ['struck off when there is none', request(), 'none', 'settle', 'has none there now: it is struck off the ledger.'],
    ['forgotten when the cluster is gone', request(), 'gone', 'forget', 'no configured vCenter has that cluster'],
    ['forgotten when nothing is known of it', request(), undefined, 'forget', 'once the plan is approved'],
  ] as const)('a draft is %s', (_name, wanted, now, action, said) => {
    const left = draft(now);
    const made = plan(wanted, world([left], host('host-1'), host('host-2')));
    expect(made.leftovers).toEqual([{ change: left.change, action, sentence: expect.stringContaining(said) }]);
    const sentences = made.leftovers.map(({ sentence }) => sentence);
    expect(sentences.join()).toMatch(new RegExp(`cluster ${TRUSTED_CLUSTER} on ${WORKLOAD_VCENTER} .* \\(run-1, 2026`));
    const warned = made.warnings.filter(({ code }) => code === 'VTA_LEFT_BEHIND');
    expect(warned.map(({ subject, message }) => [subject, message])).toEqual(
      action === 'settle' ? [] : sentences.map((sentence) => [`cluster ${TRUSTED_CLUSTER}`, sentence]),
    );
    expect(describePlan(made).replaceAll(/\s+/g, ' ')).toContain(sentences.join());
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

  describe('a host that was to be removed', () => {
    const left = removed('ta-host-2.lab.example');
    const { name } = left.change.subject;
    const cluster = trustAuthorityCluster();

    function found(hosts: HostFacts[], changes: Partial<Inventory> = {}): Inventory {
      const trustAuthority = { ...inventory().trustAuthority, cluster: { ...cluster, hosts } };
      return inventory({ leftBehind: [left], trustAuthority, ...changes });
    }

    const others = cluster.hosts.filter((one) => one.name !== name);
    const itself = cluster.hosts.filter((one) => one.name === name);

    it.each<[string, HostFacts[], RegExp]>([
      ['is out of its cluster', others, /it is in no configured cluster\. It is brought back first/],
      ['is back and not verified', cluster.hosts, /again, connected, and was not verified\. It is brought back first/],
      [
        'is being removed',
        [...others, ...itself.map((one) => ({ ...one, build: '1', connection: 'disconnected' as const }))],
        /again, disconnected, and was not verified/,
      ],
      ['leaves too few for anything else', others.slice(0, 1), /It is brought back first/],
    ])('that %s is brought back before anything else is planned', (_how, hosts, says) => {
      const made = plan(request(), found(hosts));
      expect(made.leftovers).toEqual([
        { change: left.change, action: 'bring back', sentence: expect.stringMatching(says) },
      ]);
      expect(made.phases.map((phase) => (phase.kind === 'hosts' ? phase.hosts : phase.vCenters))).toEqual(
        made.phases.map(() => []),
      );
      expect(made.clusters).toEqual([]);
      expect(made.skipped).toEqual([{ what: 'everything else', why: expect.stringContaining('planned anew') }]);
      expect(made.warnings.map(({ code }) => code)).toContain('VTA_LEFT_BEHIND');
    });

    it('and was not is forgotten, and upgraded like the others', () => {
      const made = plan(request(), found([...others, ...itself.map((one) => ({ ...one, build: '22380500' }))]));
      expect(made.leftovers).toEqual([
        expect.objectContaining({ action: 'forget', sentence: expect.stringContaining('so it was not') }),
      ]);
      expect(hostsOf(made).map((one) => one.name)).toContain(name);
    });

    it('is only named where the run could not add it again, also where too few are left for a plan', () => {
      const withoutAccount = { canExportBaseImages: false };
      const wanted = request({ phases: [2], reason: 'business' });
      expect(plan(wanted, found(others, withoutAccount)).leftovers).toEqual([
        expect.objectContaining({ action: 'keep', sentence: expect.stringContaining('cannot bring it back') }),
      ]);
      expect(planUpgrade(wanted, found(others.slice(0, 1), withoutAccount))).toMatchObject({
        kind: 'refused',
        refusals: [
          {
            code: 'VTA_TOO_FEW_TRUST_AUTHORITY_HOSTS',
            message: expect.stringContaining('An earlier run removed ta-host-2'),
          },
        ],
      });
    });
  });

  describe('a Trusted Host that was to be removed', () => {
    const left = removed('host-1', 'trusted');
    const [away, other] = [host('host-1', { connection: 'notResponding' }), host('host-2')];
    const allowed = request({ recoverTrustedHosts: true });

    it.each<[string, UpgradeRequest, HostFacts[], RegExp]>([
      ['is out of its cluster', request(), [other], /in no configured cluster\. It is brought back first.*the trust/],
      ['is back and not verified', request(), [host('host-1'), other], /again, connected, and was not verified/],
      [
        'is away, by a request that allows it',
        allowed,
        [away, other],
        /the trust configuration of its cluster applied/,
      ],
    ])('and %s is brought back first', (_how, wanted, hosts, says) => {
      const { leftovers, clusters } = plan(wanted, world([left], ...hosts));
      const sentence = expect.stringMatching(says);
      expect(leftovers).toEqual([{ change: left.change, action: 'bring back', sentence }]);
      expect(leftovers[0]?.sentence).toMatch(/^Trusted Host host-1 was to be removed/);
      expect(clusters).toEqual([]);
    });

    it('and is away is not removed by a request that does not allow it', () => {
      const wanted = request({ phases: [2], reason: 'business' });
      expect(plan(wanted, world([left], away, other)).leftovers).toEqual([
        expect.objectContaining({
          action: 'keep',
          sentence: expect.stringMatching(/does not allow that a Trusted Host is removed \(recoverTrustedHosts\)/),
        }),
      ]);
    });

    it('and could not be added again is only named, with what is to be done', () => {
      const wanted = request({ phases: [2], reason: 'business' });
      const without = { ...world([left], other), canExportBaseImages: false };
      const [kept] = plan(wanted, without).leftovers;
      expect(kept?.action).toBe('keep');
      expect(kept?.sentence).toMatch(/have workload-vc\S* apply the trust configuration of the cluster to its hosts/);
    });

    it('is not taken for a Trust Authority Host that is missing', () => {
      const few = trustAuthorityCluster();
      const cluster = { ...few, hosts: few.hosts.slice(0, 1) };
      const trustAuthority = { ...inventory().trustAuthority, cluster };
      const without = { ...world([left], other), trustAuthority, canExportBaseImages: false };
      const result = planUpgrade(request({ phases: [2], reason: 'business' }), without);
      expect(result).toMatchObject({ kind: 'refused' });
      expect(JSON.stringify(result)).not.toContain('An earlier run removed');
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
