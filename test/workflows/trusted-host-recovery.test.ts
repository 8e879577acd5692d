import { describe, expect, it } from 'vitest';
import { attestationOf } from '../../simulator/world/attestation';
import type { FaultSpec } from '../../simulator/world/faults';
import { ledgerWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import type { DigestedPlan } from '../../src/model/plan';
import type { OpenGate } from '../../src/model/progress';
import { bringsBack, edit, operate } from '../support/failed-host';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

const HOST_2 = 'host-2.lab.example';
const PARTS = ['evidence', 'removal', 'revert', 'addition', 'configuration', 'verification'];
/** It is remediated, reboots, and is not seen again until somebody switches it on. */
const LOST: FaultSpec = { kind: 'no-return', host: HOST_1 };
const DECIDE = `decide:host:${HOST_1}:1`;

/** A request for the Trusted Hosts alone. */
function request(lab: Rehearsal, changes: Record<string, unknown> = { recoverTrustedHosts: true }) {
  return hostsRequest(lab.infrastructure, { phases: [4], reason: 'the Trusted Hosts', ...changes });
}

const SITE = () => hostsSite({ trusted: 2 });
const switchOn = (lab: Rehearsal) => () => edit(lab, { edit: 'power-cycle', host: HOST_1 });

function eventsOf({ simulator }: Rehearsal, host: string): string[] {
  const kinds = ['host-removed', 'host-added'];
  return simulator.world.events.all().flatMap((e) => (e.host === host && kinds.includes(e.what) ? [e.what] : []));
}

/** A Trusted Host as its neighbour is: member, in service, attested, with the same services. */
function expectLikeNeighbour({ simulator: { world } }: Rehearsal): void {
  const [host, other] = [world.host(HOST_1), world.host(HOST_2)];
  const standing = [host.cluster, host.connectionState, host.inMaintenanceMode, attestationOf(host)];
  expect(standing).toEqual([other.cluster, 'connected', false, 'attested']);
  expect(host.appliedTrust).toEqual(other.appliedTrust);
  expect(host.appliedTrust.attestation).toHaveLength(2);
  expect(host.runningImage.build).toBe(NEW_BUILD);
}

async function partsOf(run: RunHandle): Promise<string[]> {
  const lines = await auditOf(run);
  return lines.flatMap(({ what }) => (what.startsWith('recovery: ') ? [what.slice('recovery: '.length)] : []));
}

async function ledgerOf({ client, infrastructure }: Rehearsal): Promise<LedgerState> {
  return await client.workflow.getHandle(ledgerWorkflowId(infrastructure)).query<LedgerState>('ledger');
}

/** The open gate once people are told why the host is not brought back. */
async function whyNotOffered(run: RunHandle): Promise<{ gate: OpenGate; why: string }> {
  const notOffered = '"recover" is not offered: ';
  return await eventually('the reason why "recover" is not offered', async () => {
    const { gates } = await progressOf(run);
    const gate = gates.find(({ facts }) => facts.some((fact) => fact.startsWith(notOffered)));
    const fact = gate?.facts.find((one) => one.startsWith(notOffered));
    return gate === undefined || fact === undefined ? undefined : { gate, why: fact.slice(notOffered.length) };
  });
}

/** Approves what is asked until the host has failed and people know why it is not brought back. */
async function untilRefused(run: RunHandle): Promise<{ gate: OpenGate; why: string }> {
  await operate(run, { decide: () => undefined });
  return await whyNotOffered(run);
}

const decision = ({ step, attempt }: OpenGate, action: string) => ({
  step,
  attempt,
  action,
  by: 'alice',
  reason: 'test',
});

/** Puts the first virtual machine of the site onto a host, as vCenter has it. */
function place({ simulator: { world } }: Rehearsal, on: string): string {
  const [machine] = world.state.vms.filter(({ vCenter }) => vCenter === world.host(HOST_2).vCenter);
  if (machine === undefined) throw new Error('there is no virtual machine');
  machine.host = on;
  machine.powerState = 'POWERED_OFF';
  return machine.name;
}

describe.concurrent('a Trusted Host that failed', { timeout: 240_000 }, () => {
  it('is not removed unless the request allows it, and whoever decides so is told why', async () => {
    await using lab = await startRehearsal(SITE());
    lab.simulator.world.faults.add(LOST);
    const run = await lab.start(request(lab, {}));
    const { gate, why } = await untilRefused(run);
    expect(gate).toMatchObject({ id: DECIDE, actions: ['retry', 'abort'] });
    expect(why).toMatch(/only where the request allows it \("recoverTrustedHosts": true\)/);
    expect(await refused(run, 'decide', decision(gate, 'recover'))).toMatch(
      /VTA_ACTION_NOT_OFFERED.*"recover" is not offered here: Trusted Hosts are removed, .* only where the request allows it/,
    );
    expect(eventsOf(lab, HOST_1)).toEqual([]);
    await say(run, 'decide', decision(gate, 'abort'));
    expect((await run.result()).outcome).toBe('aborted');
  });

  it('is removed, reverted, added again, given its configuration, attested, and then upgraded', async () => {
    await using lab = await startRehearsal(SITE());
    lab.simulator.world.faults.add(LOST);
    const before = lab.simulator.world.host(HOST_1).moid;
    const run = await lab.start(request(lab));
    const asked: OpenGate[] = [];
    const decide = bringsBack(HOST_1, switchOn(lab));
    const end = await operate(run, {
      decide,
      stopAt: (gate) => {
        asked.push(gate);
        return false;
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report.outcome).toBe('completed');
    expectLikeNeighbour(lab);
    expect(eventsOf(lab, HOST_1)).toEqual(['host-removed', 'host-added']);
    expect(eventsOf(lab, HOST_2)).toEqual([]);
    expect(lab.simulator.world.host(HOST_1).moid).not.toBe(before);
    expect(await partsOf(run)).toEqual(PARTS);
    expect((await ledgerOf(lab)).changes).toEqual([]);
    const made = await run.query<DigestedPlan | undefined>('plan');
    expect(made?.kind === 'plan' && made.plan.trustedRemovalLoses?.join('\n')).toMatch(
      /host-1\.lab\.example: its tags.*\n.*host-1\.lab\.example: its place in a vSAN cluster/,
    );
    expect(asked[0]?.facts.join('\n')).toContain('a Trusted Host that fails may be removed, reverted and added again');
    const recovery = asked.find(({ id }) => id === `recovery:${HOST_1}:1`);
    expect(recovery?.facts.join('\n')).toMatch(/apply the trust configuration of Trusted Cluster to it/);
    expect(recovery?.facts).toContain('other hosts of Trusted Cluster that are in service and attest: 1');
    const told = asked.find(({ facts }) => facts[0]?.startsWith('VTA_HOST_RECOVERED') === true);
    expect(told?.facts[0]).toMatch(
      /was removed, reverted by a person to 8\.0\.2 build 22380479, added again and verified: it is attested, has the trust configuration of Trusted Cluster, and is in service\. Its removal lost what people must see to now: .*its tags.* It was not upgraded/,
    );
    // Its image was proved to be the old one: nobody had to take the responsibility for what is not known.
    expect(asked.filter(({ id }) => id.startsWith('waiver:'))).toEqual([]);
  });

  it('and is on its old build all the same is not removed: its configuration and attestation are proved', async () => {
    await using lab = await startRehearsal(SITE());
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: HOST_1 });
    const run = await lab.start(request(lab));
    const recovered: string[] = [];
    const back = bringsBack(HOST_1, () => Promise.reject(new Error('nobody has to go to the console')));
    const end = await operate(run, {
      decide: (gate) => {
        if (gate.facts[0]?.startsWith('VTA_HOST_RECOVERED') === true) recovered.push(gate.facts[0]);
        return back(gate);
      },
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(recovered.join()).toMatch(
      /by itself, attested, with the trust configuration .*, in service; it was not removed/,
    );
    expect(await partsOf(run)).toEqual(['evidence', 'configuration', 'verification']);
    expect(eventsOf(lab, HOST_1)).toEqual([]);
    expectLikeNeighbour(lab);
  });

  it('to attest is never rolled back, whatever the request allows', async () => {
    await using lab = await startRehearsal(SITE());
    const fault = lab.simulator.world.faults.add({ kind: 'not-attest', host: HOST_1 });
    const run = await lab.start(request(lab));
    const { gate, why } = await untilRefused(run);
    expect(gate.facts[0]).toMatch(/^VTA_NOT_ATTESTED/);
    expect(gate.actions).not.toContain('recover');
    expect(why).toBe(`${HOST_1} does not attest, and a Trusted Host is never rolled back for that (R25)`);
    expect(await refused(run, 'decide', decision(gate, 'recover'))).toMatch(/VTA_ACTION_NOT_OFFERED.*\(R25\)/);
    // What fails after that does not hide it.
    await edit(lab, { edit: 'set-connection', host: HOST_1, state: 'disconnected' });
    await say(run, 'decide', decision(gate, 'retry'));
    const later = await untilRefused(run);
    expect(later.gate.facts[0]).not.toMatch(/VTA_NOT_ATTESTED/);
    expect(later.why).toBe(why);
    await edit(lab, { edit: 'set-connection', host: HOST_1, state: 'connected' });
    lab.simulator.world.faults.clear(fault.id);
    const end = await operate(run, { decide: () => 'retry' });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(eventsOf(lab, HOST_1)).toEqual([]);
    expectLikeNeighbour(lab);
  });

  it('and comes back while people think its removal over is not removed; on its new build its image is asked for', async () => {
    await using lab = await startRehearsal(SITE());
    lab.simulator.world.faults.add(LOST);
    const run = await lab.start(request(lab));
    const decide = bringsBack(HOST_1, () => Promise.reject(new Error('nobody has to go to the console')));
    const asked = await operate(run, { decide, stopAt: ({ id }) => id.startsWith('recovery:') });
    if (!('gate' in asked)) throw new Error(JSON.stringify(asked.report));
    await switchOn(lab)();
    await edit(lab, { edit: 'set-image', host: HOST_1, baseImage: '8.0.3-0.0.24674464' });
    await eventually(
      'the host to be connected',
      () => lab.simulator.world.host(HOST_1).connectionState === 'connected',
    );
    const told: OpenGate[] = [];
    const end = await operate(run, {
      decide: (gate) => {
        told.push(gate);
        return gate.attempt === 2 ? 'retry' : undefined;
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(told.map(({ id }) => id)).toEqual([`decide:host:${HOST_1}:2`]);
    expect(told[0]?.facts[0]).toMatch(
      /^VTA_HOST_NOT_REMOVED: .* does not attest, and a Trusted Host is never rolled back for that \(R25\)\. It was left as it is: connected, on 8\.0\.3 build 24674464/,
    );
    expect(end.report.outcome).toBe('completed');
    expect(eventsOf(lab, HOST_1)).toEqual([]);
    expectLikeNeighbour(lab);
  });

  it('is not removed with virtual machines on it: people are told which, at once and at the removal', async () => {
    const site = SITE();
    for (const { clusters } of site.trusted) for (const { hosts } of clusters) hosts.vms = 1;
    await using lab = await startRehearsal(site);
    lab.simulator.world.faults.add(LOST);
    const machine = place(lab, HOST_1);
    const run = await lab.start(request(lab));
    const { gate, why } = await untilRefused(run);
    expect(why).toMatch(new RegExp(`would leave the inventory with it: ${machine}\\. Move them`));
    place(lab, HOST_2);
    await say(run, 'decide', decision(gate, 'retry'));
    // Somebody registers it on the host again, between the question and the removal.
    const parked: OpenGate[] = [];
    const back = bringsBack(HOST_1, switchOn(lab));
    const end = await operate(run, {
      stopAt: ({ id }) => {
        if (id.startsWith('recovery:')) place(lab, HOST_1);
        return false;
      },
      decide: async (open) => {
        if (open.step === `recover:${HOST_1}:removal`) {
          parked.push(open);
          expect(eventsOf(lab, HOST_1)).toEqual([]);
          place(lab, HOST_2);
          return 'retry';
        }
        if (open.step === `host:${HOST_1}` && open.attempt === 2)
          return open.actions?.includes('recover') === true ? 'recover' : 'wait';
        return await back(open);
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report.outcome).toBe('completed');
    expect(parked.map(({ facts }) => facts[0])).toEqual([
      expect.stringMatching(
        new RegExp(`^VTA_HOST_NOT_REMOVED: .* was not removed: .* would leave the inventory with it: ${machine} `),
      ),
    ]);
    expect(lab.simulator.world.state.vms.filter(({ vCenter }) => vCenter === null)).toEqual([]);
    expectLikeNeighbour(lab);
  });

  it('and is alone in its cluster is not removed', async () => {
    await using lab = await startRehearsal(hostsSite({ trusted: 1 }));
    lab.simulator.world.faults.add(LOST);
    const run = await lab.start(request(lab));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    expect(plan.facts.join('\n')).toMatch(/VTA_NOT_RECOVERABLE.*Cluster Trusted Cluster has one host/);
    const { gate, why } = await untilRefused(run);
    expect(why).toMatch(/^no other host of Trusted Cluster is connected, in service and attested/);
    await say(run, 'decide', decision(gate, 'abort'));
    await run.result();
    expect(eventsOf(lab, HOST_1)).toEqual([]);
  });

  it.each([
    ['while it is out of its cluster', ['revert', 'addition', 'configuration', 'verification']],
    ['when it was just added again', ['addition', 'configuration', 'verification']],
  ])('and whose run was terminated %s is brought back by the next run', async (when, parts) => {
    await using lab = await startRehearsal(SITE());
    lab.simulator.world.faults.add(LOST);
    const first = await lab.start(request(lab));
    const operator = { decide: bringsBack(HOST_1, switchOn(lab)) };
    if (when.startsWith('while'))
      await operate(first, { ...operator, stopAt: ({ step }) => step === `revert:${HOST_1}` });
    else {
      const added = new Promise<void>((resolve) => {
        lab.simulator.world.events.subscribe(({ host, what }) => {
          if (host === HOST_1 && what === 'host-added') resolve();
        });
      });
      void operate(first, operator).catch(() => undefined);
      await added;
    }
    await first.terminate('somebody pressed the wrong button');
    // What was begun is finished, although this request would not begin it.
    const run = await lab.start(request(lab, {}));
    const gate = await openGate(run, ({ id }) => id === 'plan');
    expect(gate.facts.join('\n')).toMatch(
      /Trusted Host host-1\.lab\.example was to be removed .* brought back first.*the trust configuration of its cluster applied/,
    );
    const end = await operate(run, {
      decide: async ({ step }) => {
        if (step !== `revert:${HOST_1}`) return undefined;
        await switchOn(lab)();
        return 'reverted';
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report).toMatchObject({ outcome: 'completed', items: [{ state: 'done' }, { state: 'done' }] });
    expect(end.report.restored).toContainEqual({ what: `removed host:${HOST_1}`, restored: true });
    expect(await partsOf(run)).toEqual(parts);
    expect(eventsOf(lab, HOST_1)).toEqual(['host-removed', 'host-added']);
    expectLikeNeighbour(lab);
    expect((await ledgerOf(lab)).changes).toEqual([]);
    expect(lab.simulator.world.host(HOST_1).alternateBank?.build).toBe(OLD_BUILD);
  });
});
