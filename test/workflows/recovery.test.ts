import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import type { OpenGate } from '../../src/model/progress';
import { compareWithNeighbour } from '../conformance/like-neighbour';
import { PYTHON_WITH_VENV, pythonEnvironment } from '../conformance/python-environment';
import { bringsBack, edit, operate } from '../support/failed-host';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { requirePart } from '../support/parts';
import { auditOf, eventually, progressOf, say } from '../support/people';
import { approve, startRehearsal, type Rehearsal } from '../support/rehearsal';

const REVERT = { edit: 'revert-host', host: TA_1 };
const BROKEN = { kind: 'service-broken', host: TA_1, service: 'attestd' } as const;

/** Events of a host, in order, each as often as it happened. */
function eventsOf({ simulator }: Rehearsal, host: string, kinds: readonly string[]): string[] {
  return simulator.world.events.all().flatMap((e) => (e.host === host && kinds.includes(e.what) ? [e.what] : []));
}

function hostOf({ simulator }: Rehearsal, name: string) {
  const host = simulator.world.state.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}

/** What a host was given; when it last attested somebody with an image moves by itself. */
function configurationOf(trust: ReturnType<typeof hostOf>['trust']) {
  return { ...trust, baseImages: trust?.baseImages.map(({ lastAttested: _time, ...image }) => image) };
}

/** A Trust Authority Host as its neighbours are: member, in service, services running, the same configuration. */
function expectLikeNeighbour(lab: Rehearsal, name: string, neighbour: string): void {
  const [host, other] = [hostOf(lab, name), hostOf(lab, neighbour)];
  expect([host.cluster, host.connectionState, host.inMaintenanceMode]).toEqual([other.cluster, 'connected', false]);
  expect(host.services).toEqual(other.services);
  expect(configurationOf(host.trust)).toEqual(configurationOf(other.trust));
}

/** The same, read by the clients that VMware wrote; what differs between any two hosts is named there with the reason. */
async function expectLikeNeighbourBySdk(python: string | undefined, { simulator }: Rehearsal): Promise<void> {
  if (python === undefined) return;
  const { compared, differences, cluster } = await compareWithNeighbour(python, simulator, 'ta-host-1', 'ta-host-2');
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(1000);
  const { baseImages, authorities, principals, servers, ...healths } = cluster;
  const nothing = { endorsementKeys: {}, unknown_fields: [], undeclared_errors: [], wrong_statuses: [] };
  expect(healths).toEqual({ attestation: 'OK', keyProvider: 'OK', provider: 'OK', tpmSettings: 'OK', ...nothing });
  for (const kept of [baseImages, authorities, principals])
    expect([...new Set(Object.values(kept as object))]).toEqual(['OK']);
  expect(servers).toEqual([['kms-1', 'OK', true, true]]);
}

async function ledgerOf({ client, infrastructure }: Rehearsal): Promise<LedgerState> {
  return await client.workflow.getHandle(ledgerWorkflowId(infrastructure)).query<LedgerState>('ledger');
}

/** The gate that asks about the host, once that action is offered. */
async function offered(run: Awaited<ReturnType<Rehearsal['start']>>, action: 'recover'): Promise<OpenGate> {
  return await eventually(`${action} to be offered`, async () =>
    (await progressOf(run)).gates.find(({ actions }) => actions?.includes(action)),
  );
}

describe.concurrent('a Trust Authority Host that failed', { timeout: 240_000 }, () => {
  let python: string | undefined;

  beforeAll(async () => {
    if (!requirePart(PYTHON_WITH_VENV, 'a host that was added again, read by the clients that VMware wrote')) return;
    python = await pythonEnvironment(join(__dirname, '../conformance/requirements.txt'));
  }, 310_000);

  it('is removed, reverted, added again and verified, and then upgraded', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add(BROKEN);
    const before = hostOf(lab, TA_1).moid;
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const asked: string[] = [];
    const decide = bringsBack(TA_1, async () => {
      await edit(lab, REVERT);
      // As an installation that is made anew: nobody has given it a licence of the site.
      hostOf(lab, TA_1).trustLicence = false;
    });
    const end = await operate(run, {
      decide: (gate: OpenGate) => {
        asked.push(gate.step ?? '');
        return decide(gate);
      },
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(eventsOf(lab, TA_1, ['host-removed', 'host-added'])).toEqual(['host-removed', 'host-added']);
    expect(eventsOf(lab, TA_2, ['host-removed', 'host-added'])).toEqual([]);
    expect(hostOf(lab, TA_1).moid).not.toBe(before);
    expect(hostOf(lab, TA_1).runningImage.build).toBe(NEW_BUILD);
    expectLikeNeighbour(lab, TA_1, TA_2);
    await expectLikeNeighbourBySdk(python, lab);
    expect((await ledgerOf(lab)).changes).toEqual([]);
    const audit = (await auditOf(run)).map(({ what, on }) => `${what} ${on}`);
    const parts = audit.filter((line) => line.startsWith('recovery: '));
    expect(parts).toEqual(
      [
        'evidence',
        'removal',
        'revert',
        'addition',
        'configuration',
        'restart of the services',
        'services known to the vCenters',
        'verification',
      ].map((part) => `recovery: ${part} ${TA_1}`),
    );
    expect(audit).toContain(`approved recovery:${TA_1}:1`);
    expect(audit).toContain(`decided reverted decide:revert:${TA_1}:1`);
  });

  it('does not believe "reverted": it says what differs and asks again', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add(BROKEN);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const told: string[] = [];
    const really = bringsBack(TA_1, () => edit(lab, REVERT));
    const end = await operate(run, {
      decide: (gate) => {
        if (gate.step !== `revert:${TA_1}`) return really(gate);
        told.push(gate.facts[0] ?? '');
        return gate.attempt === 1 ? 'reverted' : really(gate);
      },
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(told).toHaveLength(2);
    for (const fact of told) expect(fact).toBe(`it runs 8.0.3 build ${NEW_BUILD} instead of 8.0.2 build ${OLD_BUILD}`);
    expect(eventsOf(lab, TA_1, ['host-removed', 'host-added'])).toEqual(['host-removed', 'host-added']);
  });

  it('that never came back is removed while it is unreachable, and may be left on its old version', async () => {
    await using lab = await startRehearsal(hostsSite({ ta: 3 }));
    lab.simulator.world.faults.add({ kind: 'no-return', host: TA_1 });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const back = bringsBack(TA_1, () => edit(lab, { edit: 'power-cycle', host: TA_1 }));
    const end = await operate(run, {
      decide: async (gate) => {
        const action = await back(gate);
        if (action !== 'retry') return action;
        return gate.actions?.includes('skip') === true ? 'skip' : 'wait';
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report.outcome).toBe('completed');
    const [first, second] = end.report.items;
    expect(first).toMatchObject({ name: TA_1, state: 'skipped' });
    expect(first?.detail).toMatch(/left on 8\.0\.2 build 22380479, connected, not in maintenance mode/);
    expect(second).toMatchObject({ name: TA_2, state: 'done' });
    expect(hostOf(lab, TA_1).runningImage.build).toBe(OLD_BUILD);
    expectLikeNeighbour(lab, TA_1, TA_2);
  });

  it('that came back on its old build by itself is not removed', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add({ kind: 'old-build', host: TA_1 });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const recovered: string[] = [];
    const back = bringsBack(TA_1, () => Promise.reject(new Error('nobody has to go to the console')));
    const end = await operate(run, {
      decide: (gate) => {
        if (gate.facts[0]?.startsWith('VTA_HOST_RECOVERED') === true) recovered.push(gate.facts[0]);
        return back(gate);
      },
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(recovered).toHaveLength(1);
    expect(recovered[0]).toMatch(/by itself, with a consistent configuration, in service; it was not removed/);
    expect(eventsOf(lab, TA_1, ['host-removed'])).toEqual([]);
  });

  it('that is back in order when its removal is tried again is not removed', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add(BROKEN);
    const fault = lab.simulator.world.faults.add({ kind: 'task-fails', operation: 'Destroy_Task', count: null });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const back = bringsBack(TA_1, () => Promise.reject(new Error('nobody has to go to the console')));
    const removal = `recover:${TA_1}:removal`;
    const parked = await operate(run, { decide: back, stopAt: ({ step }) => step === removal });
    expect('gate' in parked && parked.gate.facts[0]).toMatch(
      /^VTA_HOST_NOT_REMOVED: .*It is disconnected and still in/,
    );
    expect((await ledgerOf(lab)).changes.map(({ kind }) => kind)).toContain('host-removed');
    await edit(lab, REVERT);
    await edit(lab, { edit: 'set-connection', host: TA_1, state: 'connected' });
    await eventually('it is up, with its services', () => {
      const { up, services, brokenService } = hostOf(lab, TA_1);
      return up && brokenService === null && services.some(({ key, running }) => key === 'attestd' && running);
    });
    lab.simulator.world.faults.clear(fault.id);
    const told: string[] = [];
    const end = await operate(run, {
      decide: (gate) => {
        if (gate.step === removal) return 'retry';
        told.push(gate.facts[0] ?? '');
        return back(gate);
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report.outcome).toBe('completed');
    expect(told).toEqual([expect.stringMatching(/^VTA_HOST_RECOVERED: .*by itself.*it was not removed/)]);
    expect(eventsOf(lab, TA_1, ['host-removed', 'host-added'])).toEqual([]);
    expect((await ledgerOf(lab)).changes).toEqual([]);
  });

  it('that is in order on its new build when its removal is tried again is not removed: people are asked about it anew', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add(BROKEN);
    lab.simulator.world.faults.add({ kind: 'task-fails', operation: 'Destroy_Task', count: null });
    const run = await lab.start(hostsRequest(lab.infrastructure, { phases: [2], reason: 'these first' }));
    const back = bringsBack(TA_1, () => Promise.reject(new Error('nobody has to go to the console')));
    const removal = `recover:${TA_1}:removal`;
    await operate(run, { decide: back, stopAt: ({ step }) => step === removal });
    const host = hostOf(lab, TA_1);
    host.brokenService = null;
    await edit(lab, { edit: 'set-service', host: TA_1, service: 'attestd', running: true });
    await edit(lab, { edit: 'set-connection', host: TA_1, state: 'connected' });
    const told: string[] = [];
    const end = await operate(run, {
      decide: (gate) => {
        if (gate.step !== removal) told.push(gate.facts[0] ?? '');
        return 'retry';
      },
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(told).toEqual([
      expect.stringMatching(
        /^VTA_HOST_NOT_REMOVED: .*it is in order now\. It was left as it is: connected, on 8\.0\.3/,
      ),
    ]);
    expect(eventsOf(lab, TA_1, ['host-removed', 'remediation-started'])).toEqual(['remediation-started']);
    expect((await ledgerOf(lab)).changes).toEqual([]);
  });

  it('stays as it is when its recovery is rejected, and when the run is aborted in the middle, that is told', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add(BROKEN);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const back = bringsBack(TA_1, () => edit(lab, REVERT));
    const gateOf = (end: Awaited<ReturnType<typeof operate>>): OpenGate => {
      if ('gate' in end) return end.gate;
      throw new Error(JSON.stringify(end.report));
    };
    const gate = gateOf(await operate(run, { decide: back, stopAt: ({ id }) => id.startsWith('recovery:') }));
    expect(gate.facts.join('\n')).toMatch(/now: connected, on 8\.0\.3 build 24674464, in maintenance mode/);
    expect(gate.facts.join('\n')).toMatch(/trouble: attestd does not run/);
    await say(run, 'reject', { gate: gate.id, digest: gate.digest, by: 'bob', reason: 'the vendor looks at it' });
    const parked = gateOf(await operate(run, { decide: () => undefined }));
    expect(parked.facts[0]).toMatch(
      /^VTA_RECOVERY_REJECTED: bob rejected the recovery of .* It was left as it is: connected/,
    );
    expect(eventsOf(lab, TA_1, ['host-removed'])).toEqual([]);
    const again = await offered(run, 'recover');
    await say(run, 'decide', { step: again.step, attempt: 2, action: 'recover', by: 'alice', reason: 'now' });
    const revert = gateOf(
      await operate(run, {
        decide: (open) => (open.step?.startsWith('revert:') === true ? undefined : back(open)),
        stopAt: ({ step: at }) => at?.startsWith('revert:') === true,
      }),
    );
    await say(run, 'decide', {
      step: revert.step,
      attempt: revert.attempt,
      action: 'abort',
      by: 'alice',
      reason: 'we go home',
    });
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    expect(report.items[0]?.detail).toMatch(
      /Its recovery was interrupted after: evidence, removal; it is OUT of vTA Cluster/,
    );
    expect((await progressOf(run)).gates).toEqual([]);
    expect(report.items.at(-1)).toMatchObject({ name: HOST_1, state: 'pending' });
    // The ledger knows what brings it back, and a new run names it instead of wondering where it is.
    const { changes } = await ledgerOf(lab);
    expect(changes.map(({ kind, subject }) => [kind, subject.name])).toEqual([
      ['maintenance-mode', TA_1],
      ['host-removed', TA_1],
    ]);
    expect(changes[1]?.before).toMatchObject({ previous: { build: OLD_BUILD }, backup: { path: report.backup?.path } });
    const next = await lab.start(hostsRequest(lab.infrastructure));
    const plan = gateOf(await operate(next, { decide: () => undefined, stopAt: ({ id }) => id === 'plan' }));
    expect(plan.facts.join('\n')).toMatch(/ta-host-1\.lab\.example was to be removed .* It is brought back first/);
    await say(next, 'abort', { by: 'alice', reason: 'seen enough' });
    await next.result();
  });

  it('tells who pauses or aborts in the middle of a part where the host is then, and stops there', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { faults } = lab.simulator.world;
    faults.add(BROKEN);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const back = bringsBack(TA_1, () => edit(lab, REVERT));
    const asked = await operate(run, { decide: back, stopAt: ({ id }) => id.startsWith('recovery:') });
    if (!('gate' in asked)) throw new Error('the run has ended');
    /** While the vCenter refuses what the part is about, that part is in work. */
    const during = async (operation: string, now: string, send: () => Promise<string>): Promise<string> => {
      const { id } = faults.add({ kind: 'error', operation, error: 'TaskInProgress', count: null });
      await eventually(now, async () => ((await progressOf(run)).now.startsWith(now) ? true : undefined));
      const answer = await send();
      faults.clear(id);
      return answer;
    };
    const paused = during('Destroy_Task', 'Removing', () => say(run, 'pause', { by: 'alice', reason: 'shift change' }));
    await approve(run, asked.gate);
    expect(await paused).toMatch(
      /^The run pauses as soon as the part of the recovery of ta-host-1\.lab\.example that is in work is done, before the next one is begun\. ta-host-1\.lab\.example may be OUT of vTA Cluster then; the recovery goes on after "resume"\. Until then: Removing/,
    );
    await eventually('paused', async () => ((await progressOf(run)).state === 'paused' ? true : undefined));
    expect(eventsOf(lab, TA_1, ['host-removed'])).toEqual(['host-removed']);
    await say(run, 'resume', { by: 'alice' });
    const late = `"${TA_1}: add to vTA Cluster" takes longer than expected`;
    const aborted = during('AddHost_Task', 'Adding', async () => {
      await eventually('a warning', async () => (await progressOf(run)).warnings.find((text) => text.startsWith(late)));
      return await say(run, 'abort', { by: 'alice', reason: 'we go home' });
    });
    const end = await operate(run, { decide: back });
    expect(await aborted).toMatch(
      /^The run ends as soon as the part of the recovery of \S+ that is in work is done, and the rest of it is not begun\. \S+ may be OUT of vTA Cluster then; a host that was removed is brought back first by the next run\. Until then: Adding/,
    );
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report.outcome).toBe('aborted');
    expect(end.report.items[0]?.detail).toMatch(/it is in vTA Cluster again as \S+, but not verified/);
    expect((await ledgerOf(lab)).changes.map(({ kind }) => kind)).toContain('host-removed');
    const audit = await auditOf(run);
    expect(audit.map(({ what }) => what)).not.toContain('recovery: configuration');
    const warned = { what: 'warning', on: `host:${TA_1}`, why: `${late} (2 s) and goes on.` };
    expect(audit).toContainEqual(expect.objectContaining(warned));
  });
});
