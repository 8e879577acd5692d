import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory';
import { hostChangeId, type LedgerChange } from '../../src/model/ledger';
import { ACCEPTED_WARNINGS, PATCH_KINDS, type StandingApproval } from '../../src/model/standing-approval';
import { planDigestSubject } from '../../src/planner/canonical';
import { describePlan } from '../../src/planner/describe-plan';
import {
  inventory,
  NEW,
  OLD,
  plan,
  refusals,
  request,
  TA_VCENTER,
  trustedCluster,
  vCenter,
  withTrusted,
  withTrustedHosts,
  WORKLOAD_VCENTER,
} from '../support/inventory';

/** Covers everything of the healthy world. */
function standing(changes: Partial<StandingApproval> = {}): StandingApproval {
  return {
    by: ['alice'],
    reason: 'CHG-4711',
    vCenter: { kinds: ['SECURITY'], within: '8.0.3' },
    hosts: true,
    warnings: [],
    ...changes,
  };
}

const { vCenter: _vCenters, ...onlyHosts } = standing();
const { hosts: _hosts, ...onlyVCenters } = standing();

function offering(type: string, version = NEW.vCenter): Inventory {
  const updates = { pendingUpdates: [{ version, type, rebootRequired: true }] };
  const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, updates) });
  return { ...world, trustAuthority: { ...world.trustAuthority, vCenter: vCenter(TA_VCENTER, updates) } };
}

function verdict(standingApproval: StandingApproval, world = inventory(), changes = {}) {
  return plan(request({ standingApproval, ...changes }), world).standingApproval;
}

describe('a standing approval', () => {
  it('covers the plan of the healthy world', () => {
    expect(verdict(standing())).toEqual({ by: ['alice'], reason: 'CHG-4711', notCovered: [] });
  });

  it.each<[string, StandingApproval, Inventory, object, string[]]>([
    [
      'vCenters, where it is for hosts',
      onlyHosts,
      inventory(),
      {},
      [/vCenter ta-vc.*: it covers no vCenters/, /vCenter workload-vc.*: it covers no vCenters/].map(String),
    ],
    [
      'hosts, where it is for vCenters',
      onlyVCenters,
      inventory(),
      {},
      ['phase 2, Trust Authority Hosts: ta-host-1', 'phase 4, Trusted Hosts: host-1'],
    ],
    [
      'an update of another kind',
      standing(),
      offering('FIX'),
      {},
      ['an update of kind FIX; it covers SECURITY', 'an update of kind FIX'],
    ],
    [
      'a step to another release',
      standing(),
      offering('SECURITY', '8.0.4.00100'),
      { target: { vCenter: '8.0.4.00100', esxi: 'desired' } },
      ['not within 8.0.3', 'not within 8.0.3'],
    ],
    [
      'a step from another release',
      standing(),
      (() => {
        const world = offering('SECURITY');
        world.trustAuthority.vCenter.version = '8.0.2.00100';
        return world;
      })(),
      {},
      ['8.0.2.00100 to 8.0.3.00500: not within 8.0.3'],
    ],
    [
      'an image that would be committed',
      standing(),
      withTrusted({ clusters: [trustedCluster({ desiredImage: { baseImage: OLD.image } })] }),
      { target: { vCenter: NEW.vCenter, esxi: { baseImage: NEW.image } } },
      ['cluster Trusted Cluster: another desired image would be committed'],
    ],
    [
      'a host that does not attest',
      standing(),
      withTrustedHosts({ attestation: 'notAttested' }, {}),
      {},
      ['warning VTA_HOST_NOT_ATTESTED'],
    ],
    [
      'a lasting fact that nobody accepted',
      standing(),
      { ...inventory(), canExportBaseImages: false },
      { baseImage: { from: 'first-host' }, phases: [1, 2, 3], reason: 'no Trusted Hosts' },
      ['warning VTA_NOT_RECOVERABLE'],
    ],
  ])('does not cover %s', (_what, approval, world, changes, expected) => {
    const { notCovered = [] } = verdict(approval, world, changes) ?? {};
    expect(notCovered).toHaveLength(expected.length);
    expected.forEach((text, index) => {
      const pattern = text.startsWith('/') ? new RegExp(text.slice(1, -1)) : text;
      if (typeof pattern === 'string') expect(notCovered[index]).toContain(pattern);
      else expect(notCovered[index]).toMatch(pattern);
    });
  });

  it('covers a plan whose warnings it accepts, and one that only says that Quick Boot is off meanwhile', () => {
    const quick = withTrusted({ clusters: [trustedCluster({ quickBoot: true })] });
    const world = { ...quick, notRestorable: [{ what: 'the client key of kms', why: 'it never left the hosts' }] };
    expect(plan(request(), world).warnings.map(({ code }) => code)).toEqual([
      'VTA_NOT_RESTORABLE',
      'VTA_QUICK_BOOT_ON',
    ]);
    expect(verdict(standing(), world)?.notCovered).toHaveLength(1);
    expect(verdict(standing({ warnings: ['VTA_NOT_RESTORABLE'] }), world)?.notCovered).toEqual([]);
  });

  it('does not cover what an earlier run left to be put right, and says it once', () => {
    const [trusted, ...others] = trustedCluster().hosts;
    if (trusted === undefined) throw new Error('the cluster has no host');
    const { name, uuid, vCenter: at, cluster, version, build, bootTime } = trusted;
    const change: LedgerChange = {
      kind: 'maintenance-mode',
      id: hostChangeId('maintenance-mode', uuid),
      runId: 'an-earlier-run',
      at: '2026-04-01T00:00:00.000Z',
      subject: { name, uuid, vCenter: at, cluster },
      before: { version, build, bootTime: bootTime ?? '' },
    };
    const hosts = [{ ...trusted, inMaintenanceMode: true }, ...others];
    const world = { ...withTrusted({ clusters: [trustedCluster({ hosts })] }), leftBehind: [{ change }] };
    const { notCovered } = verdict(standing(), world) ?? {};
    expect(notCovered).toEqual([
      expect.stringMatching(/^left behind by an earlier run, which it never covers: Host host-1\.lab\.example/),
    ]);
    const settled = { ...inventory(), leftBehind: [{ change }] };
    expect(verdict(standing(), settled)?.notCovered).toEqual([]);
  });

  it.each([
    [['mallory'], 1, [/given by mallory, who is not an approver/]],
    [['alice'], 2, [/given by alice; 2 approvers are needed/]],
    [['mallory'], 2, [/mallory, who is not/, /given by mallory; 2/]],
    [['alice', 'bob'], 2, []],
  ])('given by %j where %i must approve', (by, required, expected) => {
    const world = inventory();
    world.approvals.required = required;
    const found = refusals(request({ standingApproval: standing({ by }) }), world);
    expect(found.map(({ code }) => code)).toEqual(expected.map(() => 'VTA_STANDING_APPROVAL_INVALID'));
    expected.forEach((pattern, index) => expect(found[index]?.message).toMatch(pattern));
  });

  it('stands in the text of the plan and in its digest', () => {
    const covered = plan(request({ standingApproval: standing() }));
    const asking = plan(request({ standingApproval: onlyVCenters }));
    expect(describePlan(covered)).toContain('covered by the standing approval of alice (CHG-4711): nobody is asked');
    expect(describePlan(asking)).toMatch(/the standing approval of alice \(CHG-4711\) does not cover:\n {4}- phase 2/);
    expect(new Set([covered, asking, plan()].map(planDigestSubject)).size).toBe(3);
  });

  it('covers a plan if and only if each of its parts is covered', () => {
    const rule = fc.record({
      kinds: fc.subarray([...PATCH_KINDS], { minLength: 1 }),
      within: fc.constantFrom('8.0.3', '8.0.3', '8.0.2'),
    });
    const approvals = fc.record({
      vCenter: fc.option(rule, { nil: undefined }),
      hosts: fc.constantFrom(true, true, false),
      warnings: fc.subarray([...ACCEPTED_WARNINGS]),
    });
    const worlds = fc.record({
      type: fc.constantFrom('SECURITY', ...PATCH_KINDS, 'NEW'),
      attested: fc.constantFrom(true, true, false),
      secrets: fc.boolean(),
    });
    let covered = 0;
    fc.assert(
      fc.property(approvals, worlds, ({ vCenter: rules, hosts, warnings }, { type, attested, secrets }) => {
        const world = offering(type);
        world.notRestorable = secrets ? [{ what: 'a key', why: 'it never left the hosts' }] : [];
        const [host] = world.trusted[0]?.clusters[0]?.hosts ?? [];
        if (host !== undefined && !attested) host.attestation = 'notAttested';
        const approval = {
          by: ['alice'],
          reason: 'x',
          warnings,
          ...(rules && { vCenter: rules }),
          ...(hosts && { hosts: true as const }),
        };
        const kinds: readonly string[] = rules?.kinds ?? [];
        const allowed =
          kinds.includes(type) &&
          rules?.within === '8.0.3' &&
          hosts &&
          attested &&
          (!secrets || warnings.includes('VTA_NOT_RESTORABLE'));
        covered += allowed ? 1 : 0;
        expect(verdict(approval, world)?.notCovered.length === 0).toBe(allowed);
      }),
      { numRuns: 1_000 },
    );
    expect(covered).toBeGreaterThan(20);
  });
});
