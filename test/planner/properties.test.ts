import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterFacts, HostFacts, Inventory, VCenterFacts } from '../../src/model/inventory';
import type { Plan } from '../../src/model/plan';
import type { PhaseNumber, UpgradeRequest } from '../../src/model/request';
import { planDigestSubject } from '../../src/planner/canonical';
import { describePlan } from '../../src/planner/describe-plan';
import { hostTroubles } from '../../src/planner/host-troubles';
import { planUpgrade } from '../../src/planner/plan';
import { compareEsxi, removesTrustAuthority } from '../../src/planner/versions';
import {
  host,
  inventory,
  NEW,
  OLD,
  request,
  TA_CLUSTER,
  TA_VCENTER,
  trustAuthorityCluster,
  trustedCluster,
  vCenter,
  WORKLOAD_VCENTER,
} from '../support/inventory';

/** Mostly the healthy value, sometimes another one: so that many worlds are planned and many are refused. */
function mostly<T>(healthy: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(healthy) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const strangeText = fc.oneof(fc.string(), fc.constantFrom('', '8', '8.0.3', '9.0.0-0.0.1', '8.0.3-0.0.1', '__proto__'));

function hosts(prefix: string, at: Partial<HostFacts>): fc.Arbitrary<HostFacts[]> {
  const changes = fc.record({
    build: mostly(OLD.build, NEW.build, '24999999', '?'),
    connection: mostly<HostFacts['connection']>('connected', 'disconnected', 'notResponding', 'unknown'),
    inMaintenanceMode: mostly(false, true),
    inQuarantineMode: mostly(false, true),
    attestation: mostly<HostFacts['attestation']>('attested', 'notAttested', 'unknown'),
    stoppedServices: mostly<string[]>([], ['attestd']),
    compliance: mostly<HostFacts['compliance']>('NON_COMPLIANT', 'COMPLIANT', 'INCOMPATIBLE', 'unknown'),
    runningVms: fc.nat(20),
  });
  return fc
    .array(changes, { maxLength: 6 })
    .map((list) => list.map((change, index) => host(`${prefix}-${index + 1}`, { ...at, ...change })));
}

function vCenters(name: string): fc.Arbitrary<VCenterFacts> {
  return fc
    .record({
      version: mostly(OLD.vCenter, NEW.vCenter, '7.0.3.01700', '8.0.2.00100', 'unknown'),
      health: mostly<VCenterFacts['health']>('green', 'yellow', 'red', 'unknown'),
      updateState: mostly('UPDATES_PENDING', 'INSTALL_FAILED'),
    })
    .map((changes) => vCenter(name, changes));
}

function clusters(base: ClusterFacts, prefix: string): fc.Arbitrary<ClusterFacts> {
  return fc
    .record({
      hosts: hosts(prefix, { cluster: base.name, vCenter: base.vCenter }),
      imageManaged: mostly(true, false),
      desiredImage: mostly({ baseImage: NEW.image }, { baseImage: OLD.image }, { baseImage: '9.0.0-0.0.1' }),
      quickBoot: mostly<boolean | 'unknown'>(false, true, 'unknown'),
    })
    .map((changes) => ({ ...base, ...changes }));
}

const worlds: fc.Arbitrary<Inventory> = fc
  .record({
    ta: vCenters(TA_VCENTER),
    workload: vCenters(WORKLOAD_VCENTER),
    taCluster: clusters(trustAuthorityCluster(), 'ta'),
    trusted: clusters(trustedCluster(), 'trusted'),
    edge: clusters(trustedCluster({ id: 'edge', name: 'Edge' }), 'edge'),
    attestation: mostly<'OK' | 'ERROR'>('OK', 'ERROR'),
    canExportBaseImages: mostly(true, false),
    openChildren: mostly<string[]>([], ['vta-upgrade:lab:host:ta-1'], ['vta-upgrade:lab:host:trusted-1']),
  })
  .map(({ ta, workload, taCluster, trusted, edge, attestation, canExportBaseImages, openChildren }) => {
    const healthy = inventory({ canExportBaseImages, openChildren });
    const services = { ...healthy.trustAuthority.services, attestation };
    return {
      ...healthy,
      trustAuthority: { vCenter: ta, cluster: taCluster, services },
      trusted: healthy.trusted.map((entry) => ({ ...entry, vCenter: workload, clusters: [trusted, edge] })),
    };
  });

const requests: fc.Arbitrary<UpgradeRequest> = fc
  .record({
    phases: fc.oneof(
      { weight: 3, arbitrary: fc.constant<PhaseNumber[]>([1, 2, 3, 4]) },
      fc.shuffledSubarray<PhaseNumber>([1, 2, 3, 4], { minLength: 1 }),
    ),
    target: fc.record({
      esxi: mostly<UpgradeRequest['target']['esxi']>(
        'desired',
        { baseImage: NEW.image },
        { byCluster: { [TA_CLUSTER]: { baseImage: NEW.image } } },
        { baseImage: '9.0.0-0.0.1' },
      ),
      vCenter: mostly(NEW.vCenter, OLD.vCenter, '9.0.0.0', '8.0.1.00000'),
    }),
  })
  .map((changes) => request({ ...changes, reason: 'property' }));

/** Runs `check` on every plan of many worlds, and makes sure that there were enough of them. */
function forEveryPlan(check: (plan: Plan, world: Inventory, asked: UpgradeRequest) => void): void {
  let planned = 0;
  fc.assert(
    fc.property(requests, worlds, (asked, world) => {
      const result = planUpgrade(asked, world);
      if (result.kind !== 'plan') return;
      planned++;
      check(result.plan, world, asked);
    }),
    { numRuns: 300 },
  );
  expect(planned).toBeGreaterThan(30);
}

function plannedHosts(plan: Plan) {
  return plan.phases.flatMap((phase) => (phase.kind === 'hosts' ? phase.hosts : []));
}

describe('every plan', () => {
  it('that touches a Trust Authority Host finds two healthy ones', () => {
    forEveryPlan((plan, world) => {
      if (plan.impact.trustAuthorityHosts === 0) return;
      const healthy = world.trustAuthority.cluster.hosts.filter(
        (one) => hostTroubles(one).length === 0 || plan.waitFor.some((id) => id.endsWith(`:host:${one.name}`)),
      );
      expect(healthy.length).toBeGreaterThanOrEqual(2);
    });
  });

  it('covers each host of its phases exactly once: upgraded or skipped', () => {
    forEveryPlan((plan, { trustAuthority, trusted }, { phases }) => {
      const inPhases = [
        ...(phases.includes(2) ? trustAuthority.cluster.hosts : []),
        ...(phases.includes(4) ? trusted.flatMap((entry) => entry.clusters).flatMap((one) => one.hosts) : []),
      ];
      const skipped = plan.skipped.flatMap(({ what }) =>
        what.startsWith('host ') ? [what.slice('host '.length)] : [],
      );
      const covered = [...plannedHosts(plan).map(({ name }) => name), ...skipped];
      expect(covered.toSorted()).toEqual(inPhases.map(({ name }) => name).toSorted());
      expect(plan.impact.leaveService).toEqual(plannedHosts(plan).map(({ name }) => name));
    });
  });

  it('leads nowhere without vSphere Trust Authority, and never back', () => {
    forEveryPlan((plan) => {
      for (const { from, to } of plannedHosts(plan)) {
        expect(removesTrustAuthority(to.version)).toBe(false);
        expect(compareEsxi(to, from)).toBeGreaterThanOrEqual(0);
      }
      for (const phase of plan.phases) {
        if (phase.kind === 'vcenters')
          for (const { to } of phase.vCenters) expect(removesTrustAuthority(to)).toBe(false);
      }
    });
  });

  it('begins each phase with the one host of its tier that is out of service', () => {
    forEveryPlan((plan, world) => {
      for (const phase of plan.phases) {
        if (phase.kind === 'vcenters') continue;
        const waited = phase.hosts.filter(({ name }) => plan.waitFor.some((id) => id.endsWith(`:host:${name}`)));
        const out = phase.hosts.filter((one) => one.foundInMaintenanceMode && !waited.includes(one));
        expect(out.length).toBeLessThanOrEqual(1);
        expect([...waited, ...out]).toEqual(phase.hosts.slice(0, waited.length + out.length));
        const tier =
          phase.number === 2 ? [world.trustAuthority.cluster] : world.trusted.flatMap((entry) => entry.clusters);
        const others = tier
          .flatMap((one) => one.hosts)
          .filter(({ name }) => !phase.hosts.some((one) => one.name === name));
        if (phase.hosts.length > 0)
          expect(others.some((one) => one.inMaintenanceMode && !isOpen(plan, one))).toBe(false);
      }
    });
  });

  it('can be read in 100 columns', () => {
    forEveryPlan((plan) => {
      for (const line of describePlan(plan).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    });
  });

  it('is JSON-plain: it survives a history', () => {
    forEveryPlan((plan) => {
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    });
  });
});

function isOpen(plan: Plan, { name }: HostFacts): boolean {
  return plan.waitFor.some((id) => id.endsWith(`:host:${name}`));
}

describe('the digest', () => {
  it('is the same whatever the order of keys in what was read', () => {
    const shuffleKeys = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffleKeys);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, shuffleKeys(part)]),
      );
    };
    forEveryPlan((plan) => {
      expect(planDigestSubject(shuffleKeys(plan) as Plan)).toBe(planDigestSubject(plan));
    });
  });

  it('changes with any host, its target, its image and its place', () => {
    forEveryPlan((plan) => {
      const subject = planDigestSubject(plan);
      plan.phases.forEach((phase, at) => {
        if (phase.kind === 'vcenters') return;
        const replaced = (hosts: typeof phase.hosts) =>
          planDigestSubject({ ...plan, phases: plan.phases.with(at, { ...phase, hosts }) });
        phase.hosts.forEach((one, index) => {
          expect(replaced(phase.hosts.toSpliced(index, 1))).not.toBe(subject);
          expect(replaced(phase.hosts.with(index, { ...one, to: { ...one.to, build: '1' } }))).not.toBe(subject);
          expect(replaced(phase.hosts.with(index, { ...one, uuid: 'another' }))).not.toBe(subject);
          expect(replaced(phase.hosts.with(index, { ...one, imageKey: 'another' }))).not.toBe(subject);
        });
        if (phase.hosts.length > 1) expect(replaced(phase.hosts.toReversed())).not.toBe(subject);
      });
    });
  });
});

describe('the planner', () => {
  it('gives the same answer to the same question, and changes nothing of it', () => {
    fc.assert(
      fc.property(requests, worlds, (asked, world) => {
        const before = structuredClone({ asked, world });
        expect(planUpgrade(asked, world)).toEqual(planUpgrade(before.asked, before.world));
        expect({ asked, world }).toEqual(before);
      }),
    );
  });

  it('refuses with a sentence and something to do, or plans; never both, never neither', () => {
    fc.assert(
      fc.property(requests, worlds, (asked, world) => {
        const result = planUpgrade(asked, world);
        if (result.kind === 'plan') return;
        expect('plan' in result).toBe(false);
        expect(result.refusals.length).toBeGreaterThan(0);
        for (const { message, remedy, subject } of result.refusals) {
          expect([message, remedy, subject].every((text) => text.trim() !== '')).toBe(true);
        }
      }),
    );
  });

  it('never throws, whatever the texts and lists in an inventory', () => {
    const world = fc
      .record({ worlds, texts: fc.array(strangeText, { minLength: 8, maxLength: 8 }) })
      .map(({ worlds: base, texts }) => {
        const [version = '', build = '', baseImage = '', name = '', pending = '', depot = '', child = '', state = ''] =
          texts;
        const strange = (one: HostFacts): HostFacts => ({ ...one, version, build, name });
        const cluster = (one: ClusterFacts) => ({
          ...one,
          name,
          desiredImage: { baseImage },
          hosts: one.hosts.map(strange),
        });
        const facts = (one: VCenterFacts): VCenterFacts => ({
          ...one,
          version,
          updateState: state,
          depotBaseImages: [depot],
          pendingUpdates: [{ version: pending, type: '', rebootRequired: true }],
        });
        return {
          ...base,
          openChildren: [child],
          trustAuthority: {
            ...base.trustAuthority,
            vCenter: facts(base.trustAuthority.vCenter),
            cluster: cluster(base.trustAuthority.cluster),
          },
          trusted: base.trusted.map((entry) => ({
            ...entry,
            vCenter: facts(entry.vCenter),
            clusters: entry.clusters.map(cluster),
          })),
        };
      });
    const asked = fc.record({ base: requests, text: strangeText }).map(({ base, text }) => ({
      ...base,
      target: { vCenter: text, esxi: { byCluster: { [text]: { baseImage: text } } } },
    }));
    fc.assert(
      fc.property(fc.oneof(requests, asked), world, (question, strange) => {
        expect(['plan', 'refused']).toContain(planUpgrade(question, strange).kind);
      }),
      { numRuns: 500 },
    );
  });
});
