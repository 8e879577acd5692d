import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ledgerWorkflowId } from '../../src/model/ids';
import {
  applyPolicyChangeId,
  draftChangeId,
  hostChangeId,
  type DraftChange,
  type LedgerEntry,
  type LedgerState,
} from '../../src/model/ledger';
import type { DigestedPlan } from '../../src/model/plan';
import type { planTrustAuthority } from '../../src/workflows';
import { commitSpec, createDraft } from '../../simulator/world/lifecycle-drafts';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, failureOf, progressOf, say, worldEvent } from '../support/people';
import {
  approve,
  approveEverything,
  approveUntil,
  decide,
  openGate,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

const POLICY = { enable_quick_boot: true, evacuate_offline_vms: true };
const TA_POLICY = 'apply-policy:ta-vc.lab.example/';
const TRUSTED_POLICY = 'apply-policy:workload-vc.lab.example/';
const TA_DRAFT = 'draft:ta-vc.lab.example/';
const TRUSTED_DRAFT = 'draft:workload-vc.lab.example/';

/** The hosts site with Quick Boot on in every cluster. */
function quickBootSite() {
  const site = hostsSite();
  for (const cluster of [site.trustAuthority.cluster, ...site.trusted.flatMap(({ clusters }) => clusters)])
    Object.assign(cluster, { policy: POLICY });
  return site;
}

function policiesOf({ simulator }: Rehearsal): unknown[] {
  return simulator.world.state.vCenters.flatMap(({ clusters }) => clusters.map(({ lifecycle }) => lifecycle.policy));
}

/** Owners of the drafts in all clusters. */
function draftsOf({ simulator }: Rehearsal): string[] {
  const clusters = simulator.world.state.vCenters.flatMap((vCenter) => vCenter.clusters);
  return clusters.flatMap(({ lifecycle }) => lifecycle.drafts.map(({ owner }) => owner));
}

/** The vCenter of that name, and its first cluster. */
function clusterAt({ simulator }: Rehearsal, name: string) {
  const vCenter = simulator.world.state.vCenters.find((each) => each.name === name);
  const cluster = vCenter?.clusters[0];
  if (vCenter === undefined || cluster === undefined) throw new Error(`no cluster at ${name}`);
  return { vCenter, cluster };
}

/** vLCM refuses the next draft that is to be committed at that vCenter. */
function refuseCommit({ simulator }: Rehearsal, vCenter: string): void {
  const operation = 'software.drafts.commit*';
  simulator.world.faults.add({ kind: 'error', operation, vCenter, error: 'INVALID_ARGUMENT' });
}

async function planOf({ client, taskQueue, infrastructure }: Rehearsal, changes: Record<string, unknown> = {}) {
  const workflowId = `plan-${randomUUID()}`;
  const args: Parameters<typeof planTrustAuthority> = [hostsRequest(infrastructure, changes)];
  return await client.workflow.execute<typeof planTrustAuthority>('planTrustAuthority', {
    workflowId,
    taskQueue,
    args,
  });
}

function hostOf({ simulator }: Rehearsal, name: string) {
  const host = simulator.world.state.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}

function ledgerOf({ client, infrastructure }: Rehearsal) {
  return client.workflow.getHandle(ledgerWorkflowId(infrastructure));
}

async function held(lab: Rehearsal): Promise<LedgerState> {
  return await ledgerOf(lab).query<LedgerState>('ledger');
}

/** Ids of what the ledger holds, those of clusters without their managed object id. */
async function heldIds(lab: Rehearsal): Promise<string[]> {
  return (await held(lab)).changes.map(({ id }) => id.replace(/domain-.*/, ''));
}

/** What is left over by the plan of a run: id and what becomes of it. */
async function leftoversOf(run: RunHandle): Promise<Record<string, string>> {
  const made = await run.query<DigestedPlan | undefined>('plan');
  if (made?.kind !== 'plan') throw new Error('there is no plan');
  for (const { action, sentence } of made.plan.leftovers)
    if (action !== 'settle') expect(made.plan.warnings).toContainEqual(expect.objectContaining({ message: sentence }));
  return Object.fromEntries(
    made.plan.leftovers.map(({ change, action }) => [change.id.replace(/domain-.*/, ''), action]),
  );
}

/** When the ledger was told of each change first, by the clock of the server. */
async function recordedAt(lab: Rehearsal): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const event of (await ledgerOf(lab).fetchHistory()).events ?? []) {
    const payloads =
      event.workflowExecutionSignaledEventAttributes?.input?.payloads ??
      event.workflowExecutionStartedEventAttributes?.input?.payloads ??
      [];
    for (const { data } of payloads) {
      const told = JSON.parse(Buffer.from(data ?? '').toString()) as LedgerEntry & { known?: LedgerState };
      const at = Number(event.eventTime?.seconds ?? 0) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6;
      for (const { id } of [...(told.record ?? []), ...(told.known?.changes ?? [])])
        if (!found.has(id)) found.set(id, at);
    }
  }
  return found;
}

/** A run of the hosts site until its first Trusted Host waits for its base image, in maintenance mode; then terminated. */
async function terminatedInPhase4(lab: Rehearsal): Promise<void> {
  const run = await lab.start(hostsRequest(lab.infrastructure));
  await approveUntil(lab, run, ({ id }) => id.startsWith('base-image-import:'));
  await run.terminate('somebody pressed the wrong button');
  expect([hostOf(lab, HOST_1).inMaintenanceMode, hostOf(lab, HOST_1).runningImage.build]).toEqual([true, NEW_BUILD]);
  expect(policiesOf(lab)).not.toContainEqual(POLICY);
}

/** A run whose Trusted Host has just entered maintenance mode; then it and the host's workflow are terminated. */
async function terminatedBeforeRemediation(lab: Rehearsal): Promise<void> {
  lab.simulator.world.faults.add({ kind: 'remediation-fails', host: HOST_1 });
  const run = await lab.start(hostsRequest(lab.infrastructure));
  await approve(run, await openGate(run, ({ id }) => id === 'plan'));
  await worldEvent(lab, 'maintenance-mode-entered', HOST_1);
  const operation = 'ExitMaintenanceMode_Task';
  lab.simulator.world.faults.add({ kind: 'error', operation, error: 'NotSupported', count: 1 });
  await approveUntil(lab, run, ({ step }) => step === `host:${HOST_1}`);
  await run.terminate('somebody pressed the wrong button');
  expect([hostOf(lab, HOST_1).inMaintenanceMode, hostOf(lab, HOST_1).runningImage.build]).toEqual([true, OLD_BUILD]);
}

async function warningsOf(run: RunHandle): Promise<string> {
  return JSON.stringify((await progressOf(run)).warnings);
}

const DRAFT_LEFT = /A draft of the desired image of .* may be left/;

const PHASE_2_ONLY = { phases: [2], reason: 'only what was left behind' };

describe.concurrent('the ledger', { timeout: 170_000 }, () => {
  it('has each change before it is made, and at the end of the run knows that nothing is left', async () => {
    await using lab = await startRehearsal(quickBootSite());
    const run = await lab.start(hostsRequest(lab.infrastructure, { approve: ['phase'] }));
    await approveUntil(lab, run, ({ id }) => id === 'phase:4');
    // What the open run has changed for a while is not left behind.
    expect(await heldIds(lab)).toEqual([TA_POLICY]);
    expect(await planOf(lab)).toMatchObject({ kind: 'plan', plan: { leftovers: [] } });

    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(policiesOf(lab)).toEqual([POLICY, POLICY]);
    const told = await recordedAt(lab);
    const events = lab.simulator.world.events.all();
    const happened = (what: string, where: object): number =>
      Date.parse(
        events.find(
          (event) =>
            event.what === what && Object.entries(where).every(([key, value]) => event[key as 'host'] === value),
        )?.time ?? '',
      );
    for (const host of lab.simulator.world.state.hosts)
      expect(told.get(hostChangeId('maintenance-mode', host.hardwareUuid))).toBeLessThan(
        happened('maintenance-mode-entering', { host: host.name }),
      );
    for (const { name, id: vCenter, clusters } of lab.simulator.world.state.vCenters)
      for (const { moid: id } of clusters) {
        const at = { vCenter: name, id };
        expect(told.get(applyPolicyChangeId(at))).toBeLessThan(happened('policy-changed', { vCenter }));
        expect(told.get(draftChangeId(at))).toBeLessThan(happened('draft-changed', { vCenter }));
      }
    const { boots, ...rest } = await held(lab);
    expect(boots?.map(({ subject, runs }) => [subject.name, runs.build])).toEqual([[HOST_1, NEW_BUILD]]);
    expect(rest).toEqual({
      changes: [],
      lastRun: { runId: run.firstExecutionRunId, outcome: 'completed', at: report.endedAt },
    });
  });

  it('lets a new run finish and undo what a terminated one left in the middle of phase 4', async () => {
    await using lab = await startRehearsal(quickBootSite());
    await terminatedInPhase4(lab);
    const left = hostChangeId('maintenance-mode', hostOf(lab, HOST_1).hardwareUuid);
    const expected = { [TA_POLICY]: 'restore', [TRUSTED_POLICY]: 'restore after', [left]: 'upgrade' };
    // One that is not approved leaves it as it is, and the ledger keeps it.
    const first = await lab.start(hostsRequest(lab.infrastructure));
    await openGate(first, ({ id }) => id === 'plan');
    expect(await leftoversOf(first)).toEqual(expected);
    await say(first, 'abort', { by: 'alice', reason: 'not now' });
    await first.result();
    expect(await heldIds(lab)).toEqual(Object.keys(expected));

    const run = await lab.start(hostsRequest(lab.infrastructure));
    const gate = await openGate(run, ({ id }) => id === 'plan');
    expect(await leftoversOf(run)).toEqual(expected);
    expect(gate.facts.join('\n')).toMatch(/VTA_LEFT_BEHIND: cluster vTA Cluster: .* It was: Quick Boot on,/);
    const { report } = await approveEverything(lab, run);
    expect(report).toMatchObject({ outcome: 'completed', items: [{ name: HOST_1, state: 'done' }] });
    expect(policiesOf(lab)).toEqual([POLICY, POLICY]);
    expect(lab.simulator.world.state.hosts.filter(({ inMaintenanceMode }) => inMaintenanceMode)).toEqual([]);
    const remediated = lab.simulator.world.events.all().filter(({ what }) => what === 'remediation-started');
    expect(remediated.map(({ host }) => host)).toEqual([TA_1, TA_2, HOST_1]);
    expect((await held(lab)).changes).toEqual([]);
  });

  it('that somebody terminated still tells; what its host finished by itself is struck off without asking', async () => {
    await using lab = await startRehearsal({
      ...quickBootSite(),
      durations: { ...hostsSite().durations, reboot: 3_000 },
    });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    await worldEvent(lab, 'reboot-started', TA_1);
    await run.terminate('somebody pressed the wrong button');
    await ledgerOf(lab).terminate('and that one, too');
    const next = await lab.start(hostsRequest(lab.infrastructure));
    await openGate(next, ({ id }) => id === 'plan');
    const left = hostChangeId('maintenance-mode', hostOf(lab, TA_1).hardwareUuid);
    expect(await leftoversOf(next)).toEqual({ [TA_POLICY]: 'restore after', [left]: 'settle' });
    expect(await auditOf(next)).toContainEqual(expect.objectContaining({ what: 'settled', on: left }));
    // It is started again, with what this run knows.
    expect(await heldIds(lab)).toEqual([TA_POLICY]);
    const { report } = await approveEverything(lab, next);
    expect(report.outcome).toBe('completed');
    expect(policiesOf(lab)).toEqual([POLICY, POLICY]);
  });

  it('terminated in the middle of a run is started again and has lost nothing that the run knows', async () => {
    await using lab = await startRehearsal(quickBootSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    await worldEvent(lab, 'maintenance-mode-entered', TA_1);
    await ledgerOf(lab).terminate('somebody pressed the wrong button');
    await worldEvent(lab, 'maintenance-mode-entered', TA_2);
    expect((await ledgerOf(lab).describe()).status.name).toBe('RUNNING');
    expect(await heldIds(lab)).toEqual([TA_POLICY, hostChangeId('maintenance-mode', hostOf(lab, TA_2).hardwareUuid)]);
    expect((await held(lab)).changes[0]?.before).toEqual({ policy: POLICY });
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect((await held(lab)).changes).toEqual([]);
  });

  it('lets a run that does not upgrade the host take it out, once it attests', async () => {
    await using lab = await startRehearsal(quickBootSite());
    await terminatedBeforeRemediation(lab);
    const run = await lab.start(hostsRequest(lab.infrastructure, PHASE_2_ONLY));
    await openGate(run, ({ id }) => id === 'plan');
    const left = hostChangeId('maintenance-mode', hostOf(lab, HOST_1).hardwareUuid);
    expect(await leftoversOf(run)).toEqual({ [TA_POLICY]: 'restore', [TRUSTED_POLICY]: 'restore', [left]: 'take out' });
    const { report } = await approveEverything(lab, run);
    expect(report.summary).toBe('Nothing had to be upgraded; what an earlier run left behind was seen to.');
    expect(hostOf(lab, HOST_1).inMaintenanceMode).toBe(false);
    expect(policiesOf(lab)).toEqual([POLICY, POLICY]);
    expect((await held(lab)).changes).toEqual([]);
  });

  it('keeps a Trusted Host that does not attest, and that nobody takes out (R26)', async () => {
    await using lab = await startRehearsal(quickBootSite());
    await terminatedInPhase4(lab);
    const left = hostChangeId('maintenance-mode', hostOf(lab, HOST_1).hardwareUuid);
    const run = await lab.start(hostsRequest(lab.infrastructure, PHASE_2_ONLY));
    const gate = await approveUntil(lab, run, ({ step }) => step !== undefined);
    expect([gate.step, gate.facts.join()]).toEqual([`leftover:${left}`, expect.stringContaining('VTA_NOT_ATTESTED')]);
    const open = await openGate(run, ({ actions }) => actions?.includes('skip') === true);
    await say(run, 'decide', { step: open.step, attempt: open.attempt, action: 'skip', by: 'alice', reason: 'later' });
    expect((await run.result()).outcome).toBe('completed');
    expect(hostOf(lab, HOST_1).inMaintenanceMode).toBe(true);
    expect(await heldIds(lab)).toEqual([left]);
  });

  it('lets a new run discard the draft that vLCM refused to commit, and no other', async () => {
    await using lab = await startRehearsal(hostsSite());
    const workload = clusterAt(lab, 'workload-vc.lab.example');
    createDraft(lab.simulator.world, workload.vCenter, workload.cluster, 'bob@vsphere.local');
    refuseCommit(lab, 'workload-vc.lab.example');
    const refused = await lab.start(hostsRequest(lab.infrastructure));
    const parked = await approveUntil(lab, refused, ({ step }) => step?.startsWith('desired-image:') === true);
    expect(await heldIds(lab)).toEqual([TA_POLICY, TRUSTED_POLICY, TRUSTED_DRAFT]);
    await decide(refused, parked, 'abort');
    expect((await refused.result()).outcome).toBe('aborted');
    expect(await warningsOf(refused)).toMatch(DRAFT_LEFT);
    expect(await heldIds(lab)).toEqual([TRUSTED_DRAFT]);
    const [left] = (await held(lab)).changes as DraftChange[];
    if (left === undefined) throw new Error('the ledger has no draft');
    expect(draftsOf(lab)).toHaveLength(2);

    const run = await lab.start(hostsRequest(lab.infrastructure, PHASE_2_ONLY));
    const gate = await openGate(run, ({ id }) => id === 'plan');
    expect(await leftoversOf(run)).toEqual({ [TRUSTED_DRAFT]: 'discard' });
    expect(gate.facts.join('\n')).toMatch(/VTA_LEFT_BEHIND: cluster .*It is discarded once the plan is approved;/);
    expect(draftsOf(lab)).toHaveLength(2);
    lab.simulator.world.faults.add({ kind: 'reply-lost', operation: 'software.drafts.delete' });
    const { report } = await approveEverything(lab, run);
    expect(report).toMatchObject({
      outcome: 'completed',
      restored: [{ what: expect.stringMatching(/^draft:/), restored: true }],
    });
    expect(draftsOf(lab)).toEqual(['bob@vsphere.local']);
    expect(JSON.stringify(workload.cluster.lifecycle.commits)).not.toContain(NEW_BUILD);
    expect((await held(lab)).changes).toEqual([]);

    // What is written there is looked at, each time.
    const elsewhere = { ...left.subject, id: 'domain-c99' };
    const unknown = { ...left.subject, vCenter: 'gone.lab.example' };
    const others = [elsewhere, unknown].map((subject) => ({ ...left, id: draftChangeId(subject), subject }));
    await ledgerOf(lab).signal('write', { record: [left, ...others] });
    const made = await planOf(lab, PHASE_2_ONLY);
    if (made.kind !== 'plan') throw new Error(JSON.stringify(made));
    expect(made.plan.leftovers.map(({ action }) => action)).toEqual(['settle', 'forget', 'forget']);
  });

  it('keeps the draft of a run when somebody else commits the approved image meanwhile', async () => {
    await using lab = await startRehearsal(hostsSite());
    refuseCommit(lab, 'ta-vc.lab.example');
    const run = await lab.start(hostsRequest(lab.infrastructure, PHASE_2_ONLY));
    const parked = await approveUntil(lab, run, ({ step }) => step?.startsWith('desired-image:') === true);
    const { vCenter, cluster } = clusterAt(lab, 'ta-vc.lab.example');
    const [drafted] = cluster.lifecycle.drafts;
    if (drafted === undefined) throw new Error('there is no draft');
    commitSpec(lab.simulator.world, vCenter, cluster, drafted.spec, { user: 'bob@vsphere.local', message: '' });
    await decide(run, parked, 'retry');
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(await warningsOf(run)).toMatch(DRAFT_LEFT);
    expect(await heldIds(lab)).toEqual([TA_DRAFT]);
    expect(draftsOf(lab)).toEqual([drafted.owner]);
  });

  it('that does not answer is not guessed', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { client, infrastructure } = lab;
    const taskQueue = `nobody-${infrastructure}`;
    const workflowId = ledgerWorkflowId(infrastructure);
    const ledger = await client.workflow.start('vtaLedger', { workflowId, taskQueue, args: [{ infrastructure }] });
    const failure = await failureOf((await lab.start(hostsRequest(infrastructure))).result());
    expect(failure).toMatch(/^VTA_LEDGER_SILENT: Nothing was changed. The ledger .* does not answer/);
    expect(failure).toContain(taskQueue);
    await ledger.terminate();
  });

  it('takes a change once, whatever it is sent, refuses another id, and does not end', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { client, infrastructure, taskQueue } = lab;
    const begin = async (workflowId: string, ...args: unknown[]) =>
      await client.workflow.start('vtaLedger', { workflowId, taskQueue, args });
    expect(await failureOf((await begin('my-ledger', { infrastructure })).result())).toMatch(
      /^VTA_WORKFLOW_ID_WRONG: /,
    );
    for (const args of [[], ['prod'], [{ infrastructure, known: { changes: [7] } }]])
      expect(await failureOf((await begin(ledgerWorkflowId(infrastructure), ...args)).result())).toMatch(
        /^VTA_REQUEST_INVALID: /,
      );

    const ledger = await begin(ledgerWorkflowId(infrastructure), { infrastructure });
    const change = (policy: object, runId: string) => {
      const subject = { name: 'vTA Cluster', id: 'domain-c8', vCenter: 'ta-vc' };
      return {
        kind: 'apply-policy',
        id: applyPolicyChangeId(subject),
        runId,
        at: '2026-01-01',
        subject,
        before: { policy },
      };
    };
    const draft = { ...change(POLICY, 'run-1'), kind: 'draft', before: {} };
    await ledger.signal('write', { record: [change(POLICY, 'run-1'), { kind: 'apply-policy', id: 'of nothing' }] });
    await ledger.signal('write', { record: [change({ enable_quick_boot: false }, 'run-2'), draft] });
    for (const nonsense of [undefined, null, 'x', 7, { record: 'x', settle: [7], ended: { outcome: 'well' } }])
      await ledger.signal('write', nonsense);
    await ledger.cancel();
    const state = await eventually('all signals taken', async () => {
      const now = await ledger.query<LedgerState>('ledger');
      return now.notTaken === 6 ? now : undefined;
    });
    expect(state).toEqual({ changes: [change(POLICY, 'run-1')], notTaken: 6 });
    await ledger.signal('write', { settle: [change(POLICY, 'run-1').id] });
    expect((await ledger.query<LedgerState>('ledger')).changes).toEqual([]);
    expect((await ledger.describe()).status.name).toBe('RUNNING');
    await ledger.terminate();
  });
});
