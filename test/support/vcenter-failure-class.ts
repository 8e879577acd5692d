import { expect } from 'vitest';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import type { WorldEventKind } from '../../simulator/world/events';
import type { FaultSpec } from '../../simulator/world/faults';
import type { ErrorCode } from '../../src/model/error-codes';
import { auditOf, eventually, progressOf } from './people';
import { quickSite } from './quick-site';
import { approveEverything, approveUntil, decide, startRehearsal, type Rehearsal } from './rehearsal';
import { toldByStatus } from './told-by-status';

/** The phases in which vCenters are updated. */
export type VCenterPhaseNumber = 1 | 3;

const OLD_VERSION = '8.0.2.00100';
const TARGET = '8.0.3.00500';

/** Ids of the simulated vCenters: the one that fails, and the other. */
const VCENTERS: Record<VCenterPhaseNumber, [failing: string, other: string]> = {
  1: ['ta-vc', 'workload-vc'],
  3: ['workload-vc', 'ta-vc'],
};

/** One way in which the update of a vCenter fails: what happens, what people see and do, what has happened in the end. */
export interface VCenterFailureClass {
  /** Changes of the site before the run. */
  site?: (site: ScenarioInput) => void;
  /** What is wrong from the beginning; it strikes the vCenter that fails. */
  faults?: FaultSpec[];
  /** What happens when the world has come to something. */
  happens?: { when: WorldEventKind; what: (lab: Rehearsal, id: string) => Promise<void> | void }[];
  /** Each time that people have to decide, in order; they decide "retry". Not given: nobody has to decide anything. */
  parks?: {
    code: ErrorCode;
    says: RegExp;
    /** What people do before they decide. */
    mend?: (lab: Rehearsal, id: string) => Promise<void> | void;
  }[];
  /** A line of `vta-upgrade status` while the run waits, before anything has failed. */
  tells?: RegExp;
  /** How often things happened; not given: once each. */
  counts?: Partial<Record<'backup-started' | 'vcenter-staged' | 'vcenter-update-started', number>>;
}

/** Runs a class of failure to its end and looks at everything that people and the simulator's world tell. */
export async function experienceVCenter(phase: VCenterPhaseNumber, failure: VCenterFailureClass): Promise<void> {
  const { parks = [], faults = [], tells } = failure;
  const [id] = VCENTERS[phase];
  await using lab = await startRehearsal(siteOf(phase, failure));
  const { world } = lab.simulator;
  for (const fault of faults) world.faults.add({ vCenter: id, ...fault });
  const hosts = hostsNow(lab);
  const happening = (failure.happens ?? []).map(async ({ when, what }) => {
    await eventually(when, () => happened(lab, when, id) > 0 || undefined);
    await what(lab, id);
  });
  for (const one of happening) one.catch(() => undefined);
  const run = await lab.start({
    infrastructure: lab.infrastructure,
    target: { vCenter: TARGET },
    phases: [phase],
    reason: 'a class of failure',
  });
  const telling = tells === undefined ? Promise.resolve('') : toldByStatus(lab, tells);
  telling.catch(() => undefined);
  let step = '';
  for (const [index, { code, says, mend }] of parks.entries()) {
    const gate = await approveUntil(lab, run, (one) => one.step !== undefined && one.attempt === index + 1);
    await telling;
    const [said = ''] = gate.facts;
    expect(said).toMatch(new RegExp(`^${code}: `));
    expect(said).toMatch(says);
    step = gate.step ?? '';
    expect((await progressOf(run)).gates.map(({ actions }) => actions)).toEqual([['retry', 'abort']]);
    await mend?.(lab, id);
    await decide(run, gate, 'retry');
  }
  const { report } = await approveEverything(lab, run);
  await telling;
  await Promise.all(happening);

  expect(world.faults.all().map(({ kind, fired }) => [kind, fired > 0])).toEqual(
    world.faults.all().map(({ kind }) => [kind, true]),
  );
  expectUpdated(lab, phase);
  expect(hostsNow(lab)).toEqual(hosts);
  expect(report).toMatchObject({ outcome: 'completed', items: [{ state: 'done' }] });
  const once = { 'backup-started': 1, 'vcenter-staged': 1, 'vcenter-update-started': 1 };
  const kinds = Object.keys(once) as (keyof typeof once)[];
  expect(Object.fromEntries(kinds.map((kind) => [kind, happened(lab, kind, id)]))).toEqual({
    ...once,
    ...failure.counts,
  });

  const audit = (await auditOf(run)).map(({ by, what, on, why = '' }) => ({ line: `${by}: ${what} ${on}`, why }));
  const failures = audit.filter(({ line }) => line.startsWith('run: failed'));
  expect(failures.map(({ line, why }) => [line, why.slice(0, why.indexOf(':'))])).toEqual(
    parks.map(({ code }) => [`run: failed ${step}`, code]),
  );
  const decisions = audit.filter(({ line }) => line.includes(': decided')).map(({ line }) => line);
  expect(decisions).toEqual(parks.map((_, index) => `alice: decided retry decide:${step}:${index + 1}`));
  const done = audit.filter(({ line }) => line.startsWith('run: done vcenter:'));
  expect(done).toMatchObject([{ why: expect.stringMatching(new RegExp(`^${TARGET}; backup `)) }]);
}

function siteOf(phase: VCenterPhaseNumber, { site }: VCenterFailureClass): ScenarioInput {
  const scenario = quickSite();
  const [trusted] = scenario.trusted;
  if (trusted === undefined) throw new Error('no Trusted Cluster');
  const vCenter = phase === 1 ? scenario.trustAuthority.vCenter : trusted.vCenter;
  vCenter.backup = { location: `sftp://backup.lab.example/${VCENTERS[phase][0]}`, username: 'backup' };
  // No phase begins before the one before it is done.
  if (phase === 3) Object.assign(scenario.trustAuthority.vCenter, { version: TARGET, build: '24674346', updates: [] });
  site?.(scenario);
  return scenario;
}

function happened({ simulator }: Rehearsal, what: WorldEventKind, vCenter: string): number {
  return simulator.world.events.all().filter((event) => event.what === what && event.vCenter === vCenter).length;
}

/** What an update of a vCenter leaves alone: no host is touched. */
function hostsNow({ simulator }: Rehearsal) {
  return simulator.world.state.hosts.map(
    ({ name, cluster, connectionState, inMaintenanceMode, runningImage: { build }, bootTime }) => ({
      name,
      cluster,
      connectionState,
      inMaintenanceMode,
      build,
      bootTime,
    }),
  );
}

/** The world in the end is that of a run in which nothing failed. */
function expectUpdated({ simulator }: Rehearsal, phase: VCenterPhaseNumber): void {
  const [id, other] = VCENTERS[phase];
  const { version, availability, appliance } = simulator.world.vCenter(id);
  expect({ version, availability, state: appliance.state, staged: appliance.staged }).toEqual({
    version: TARGET,
    availability: 'up',
    state: 'UP_TO_DATE',
    staged: null,
  });
  const { version: untouched, availability: alike } = simulator.world.vCenter(other);
  expect([untouched, alike]).toEqual([phase === 1 ? OLD_VERSION : TARGET, 'up']);
}
