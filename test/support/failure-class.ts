import { expect } from 'vitest';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { attestationOf } from '../../simulator/world/attestation';
import type { WorldEventKind } from '../../simulator/world/events';
import type { FaultSpec } from '../../simulator/world/faults';
import type { ErrorCode } from '../../src/model/error-codes';
import { ledgerWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import type { OpenGate } from '../../src/model/progress';
import type { Report } from '../../src/model/report';
import { edit } from './failed-host';
import { hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD } from './hosts-site';
import { judgeOrder } from './judge-order';
import { auditOf, eventually, progressOf, worldEvent } from './people';
import { toldByStatus } from './told-by-status';
import { approveEverything, approveUntil, decide, startRehearsal, type Rehearsal } from './rehearsal';

/** The phases in which hosts are upgraded. */
export type HostPhaseNumber = 2 | 4;

/** The hosts of a phase; the first one fails. */
export const HOSTS: Record<HostPhaseNumber, [failing: string, next: string]> = {
  2: ['ta-host-1.lab.example', 'ta-host-2.lab.example'],
  4: ['host-1.lab.example', 'host-2.lab.example'],
};

/** One way to fail, in one phase: what happens, what people see, what they do, and what has happened in the end. */
export interface FailureClass {
  phase: HostPhaseNumber;
  /** Changes of the site before the run. */
  site?: (site: ScenarioInput) => void;
  /** What is wrong from the beginning. */
  faults?: FaultSpec[];
  /** What happens once the failing host is in maintenance mode, or the plan is approved; and what people do about it. */
  happens?: { when: 'maintenance-mode-entered' | 'approved'; what: (lab: Rehearsal) => Promise<void> | void };
  /** Not given: nobody has to decide anything. */
  parks?: {
    code: ErrorCode;
    says: RegExp;
    /** Everything that may be decided. */
    offers: string[];
    /** How the failing host stands meanwhile: build, in maintenance mode. */
    stands: [build: string, inMaintenanceMode: boolean];
    /** Every host of the phase fails so; not given: the first. */
    everyHost?: true;
    /** What people do before they decide "retry"; the faults are gone then. */
    mend?: (lab: Rehearsal, host: string) => Promise<void> | void;
  };
  /** A sentence that people are told without being asked. */
  warns?: RegExp;
  /** A line of `vta-upgrade status` while the run waits, before anything has failed. */
  tells?: RegExp;
  /** How often things happened to the failing host; not given: once each, like to every other host. */
  counts?: Partial<Record<'remediation-started' | 'reboot-started' | 'maintenance-mode-entered', number>>;
  /** Somebody else worked on the site beside the run, who does not keep its order. */
  stranger?: true;
}

/** Runs a class of failure to its end and looks at everything that people and the simulator's world tell. */
export async function experience(failure: FailureClass): Promise<void> {
  const { phase, parks, happens, faults = [] } = failure;
  const [first] = HOSTS[phase];
  await using lab = await startRehearsal(siteOf(failure));
  for (const fault of faults) lab.simulator.world.faults.add(fault);
  const happening =
    happens === undefined || happens.when === 'approved'
      ? Promise.resolve()
      : worldEvent(lab, happens.when, first).then(() => happens.what(lab));
  happening.catch(() => undefined);
  const run = await lab.start(hostsRequest(lab.infrastructure, { phases: [phase], reason: 'a class of failure' }));
  const telling = failure.tells === undefined ? Promise.resolve() : toldByStatus(lab, failure.tells).then(() => {});
  telling.catch(() => undefined);
  if (happens?.when === 'approved') {
    await approveUntil(lab, run, ({ id }) => id === 'plan');
    await happens.what(lab);
  }
  const failing = parks === undefined ? [] : parks.everyHost === true ? HOSTS[phase] : [first];
  for (const host of failing) await parkAndRetry(lab, run, failure, host, telling);
  const { report } = await approveEverything(lab, run);
  await happening;
  await telling;
  expectUpgraded(lab, report, phase);
  await expectNothingLeft(lab);
  expectNothingTwice(lab, failure);
  const { warnings } = await progressOf(run);
  if (failure.warns !== undefined) expect(warnings.join('\n')).toMatch(failure.warns);
  const audit = (await auditOf(run)).map(({ by, what, on, why = '' }) => ({ line: `${by}: ${what} ${on}`, why }));
  const failures = audit.filter(({ line }) => line.startsWith('run: failed'));
  expect(failures.map(({ why }) => why.slice(0, why.indexOf(':')))).toEqual(failing.map(() => parks?.code));
  const decisions = audit.filter(({ line }) => line.includes(': decided')).map(({ line }) => line);
  expect(decisions).toEqual(failing.map(() => expect.stringMatching(/^alice: decided retry decide:.*:1$/)));
  for (const host of HOSTS[phase])
    expect(audit.filter(({ line }) => line === `run: done host:${host}`)).toMatchObject([
      { why: expect.stringMatching(new RegExp(`build ${NEW_BUILD}`)) },
    ]);
  const imports = audit.filter(({ line }) => line.startsWith('run: base image imported'));
  expect(imports).toHaveLength(phase === 4 ? 1 : 0);
}

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

/** Waits until the step of a host has failed, looks at what people see, mends the cause and decides "retry". */
async function parkAndRetry(
  lab: Rehearsal,
  run: RunHandle,
  { phase, parks }: FailureClass,
  host: string,
  telling: Promise<void>,
) {
  if (parks === undefined) return;
  const gate = await approveUntil(lab, run, ({ step }) => step !== undefined);
  await telling;
  const [said = ''] = gate.facts;
  expect([gate.step, said]).toEqual([`host:${host}`, expect.stringMatching(new RegExp(`^${parks.code}: `))]);
  expect(said).toMatch(parks.says);
  expect(await offers(run, gate)).toEqual(parks.offers);
  expect(standing(lab, host)).toEqual(parks.stands);
  const [first, next] = HOSTS[phase];
  if (host === first) expect((await auditOf(run)).filter(({ on }) => on === next)).toEqual([]);
  lab.simulator.world.faults.clear();
  await parks.mend?.(lab, host);
  await decide(run, gate, 'retry');
}

function siteOf({ phase, site }: FailureClass): ScenarioInput {
  const scenario = hostsSite({ ta: 2, trusted: 2 });
  // Where Trusted Hosts fail, the Trust Authority Hosts are at their target already.
  if (phase === 4) scenario.trustAuthority.cluster.hosts.image = 'new';
  site?.(scenario);
  return scenario;
}

/** What may be decided, once it is known whether skipping and bringing back break a rule. */
async function offers(run: RunHandle, gate: OpenGate): Promise<string[]> {
  const possible = gate.step?.startsWith('host:ta-') === true ? ['skip', 'recover'] : ['skip'];
  const judged = await eventually('what may be decided', async () => {
    const open = (await progressOf(run)).gates.find(({ id }) => id === gate.id);
    const known = (action: string) =>
      open?.actions?.includes(action as 'skip') === true ||
      open?.facts.some((fact) => fact.startsWith(`"${action}" is not offered`)) === true;
    return gate.step?.startsWith('host:') !== true || possible.every(known) ? open : undefined;
  });
  return judged.actions ?? [];
}

export function hostNamed({ simulator }: Rehearsal, name: string) {
  return simulator.world.host(name);
}

function standing(lab: Rehearsal, name: string): [build: string, inMaintenanceMode: boolean] {
  const { runningImage, inMaintenanceMode } = hostNamed(lab, name);
  return [runningImage.build, inMaintenanceMode];
}

function happened({ simulator }: Rehearsal, what: WorldEventKind, host: string): number {
  return simulator.world.events.all().filter((event) => event.what === what && event.host === host).length;
}

/** The world in the end is that of a run in which nothing failed. */
function expectUpgraded(lab: Rehearsal, report: Report, phase: HostPhaseNumber): void {
  expect(report).toMatchObject({ outcome: 'completed' });
  expect(report.items.map(({ name, state }) => [name, state])).toEqual(HOSTS[phase].map((name) => [name, 'done']));
  expect(report.restored.filter(({ restored }) => !restored)).toEqual([]);
  for (const { name, cluster, connectionState, inMaintenanceMode, runningImage, bootedImage, busy, services } of lab
    .simulator.world.state.hosts) {
    const build = phase === 4 || HOSTS[2].includes(name) ? NEW_BUILD : OLD_BUILD;
    expect([name, runningImage.build, bootedImage.build]).toEqual([name, build, build]);
    expect({ cluster: cluster !== null, connectionState, inMaintenanceMode, busy }).toEqual({
      cluster: true,
      connectionState: 'connected',
      inMaintenanceMode: false,
      busy: null,
    });
    expect(services.filter(({ policy, running }) => policy === 'on' && !running)).toEqual([]);
  }
  for (const name of HOSTS[4]) expect(attestationOf(hostNamed(lab, name))).toBe('attested');
}

function expectNothingTwice(lab: Rehearsal, { phase, counts = {}, stranger }: FailureClass): void {
  const [failing, next] = HOSTS[phase];
  const once = { 'remediation-started': 1, 'reboot-started': 1, 'maintenance-mode-entered': 1 };
  const kinds = Object.keys(once) as (keyof typeof once)[];
  const countsOf = (host: string) => Object.fromEntries(kinds.map((kind) => [kind, happened(lab, kind, host)]));
  expect({ [failing]: countsOf(failing), [next]: countsOf(next) }).toEqual({
    [failing]: { ...once, ...counts },
    [next]: once,
  });
  const { world } = lab.simulator;
  const imported = world.events.all().filter(({ what }) => what === 'base-image-imported');
  expect(imported).toHaveLength(phase === 4 ? 1 : 0);
  expect(world.events.all().filter(({ what }) => what === 'host-removed')).toEqual([]);
  if (stranger !== undefined) return;
  const site = { trustAuthorityVCenter: 'ta-vc', trustAuthorityHosts: HOSTS[2], trustedHosts: HOSTS[4] };
  expect(judgeOrder(world.events.all(), site)).toEqual([]);
}

/** Nothing of the run is left changed, by the word of its ledger. */
async function expectNothingLeft({ client, infrastructure }: Rehearsal): Promise<void> {
  const ledger = client.workflow.getHandle(ledgerWorkflowId(infrastructure));
  expect((await ledger.query<LedgerState>('ledger')).changes).toEqual([]);
}

/** A hand at the console: switches a host on that did not come back. */
export async function powerCycle(lab: Rehearsal, host: string): Promise<void> {
  await edit(lab, { edit: 'power-cycle', host });
}
