import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import type { AuditLine } from '../../src/model/audit';
import { hostWorkflowId, ledgerWorkflowId, runWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import type { OpenGate, Progress } from '../../src/model/progress';
import type { Report } from '../../src/model/report';
import { hostsRequest, hostsSite } from '../support/hosts-site';
import { eventually } from '../support/people';
import { startRehearsal, type Rehearsal } from '../support/rehearsal';
import { temporalCli, type TemporalCli } from './support/temporal-cli';
import { type } from './support/type-command';

/*
 * An upgrade with nothing but the plain `temporal` CLI, in the order of docs/operating-with-temporal.md, on a site that is
 * no scenario of the package. The worker is the product's; every question and answer goes through the binary.
 */
const SITE: ScenarioInput = {
  ...hostsSite(),
  name: 'harbour',
  domain: 'harbour.example',
  durations: { ...hostsSite().durations, reboot: 1_500 },
};
const TA_1 = 'ta-host-1.harbour.example';

let lab: Rehearsal;
let temporal: TemporalCli;
let directory: string;
let run: string;
let world: () => number;

beforeAll(async () => {
  temporal = await temporalCli();
  lab = await startRehearsal(SITE);
  directory = mkdtempSync(join(tmpdir(), 'vta-temporal-'));
  run = runWorkflowId(lab.infrastructure);
  writeFileSync(
    join(directory, 'request.json'),
    JSON.stringify(hostsRequest(lab.infrastructure, { approve: ['host'] })),
  );
  world = () => lab.simulator.world.events.all().filter(({ what }) => !/^(log|attested)/.test(what)).length;
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const start = (verb: 'start' | 'execute', type: string, id: string, ...more: string[]) =>
  temporal('workflow', verb, '--type', type, '--task-queue', lab.taskQueue, '--workflow-id', id, ...more);
const input = () => ['--input-file', join(directory, 'request.json')];

async function query<T>(type: string, id = run): Promise<T> {
  const { stdout, stderr, exitCode } = await temporal(
    'workflow',
    'query',
    '--workflow-id',
    id,
    '--type',
    type,
    '--output',
    'json',
  );
  if (exitCode !== 0) throw new Error(stderr);
  const { queryResult } = JSON.parse(stdout) as { queryResult: [T] };
  return queryResult[0];
}

const progress = () => query<Progress>('progress');

async function gate(id: string): Promise<OpenGate> {
  return await eventually(`gate ${id}`, async () => (await progress()).gates?.find((open) => open.id === id));
}

const update = (name: string, payload: object, ...more: string[]) =>
  temporal(
    'workflow',
    'update',
    'execute',
    '--workflow-id',
    run,
    '--name',
    name,
    '--input',
    JSON.stringify(payload),
    ...more,
  );
const signal = (name: string, payload: object, ...more: string[]) =>
  temporal('workflow', 'signal', '--workflow-id', run, '--name', name, '--input', JSON.stringify(payload), ...more);

describe('with nothing but the temporal CLI', { timeout: 120_000 }, () => {
  it('a run is started by JSON', async () => {
    const { exitCode, stdout } = await start(
      'start',
      'upgradeTrustAuthority',
      run,
      '--fail-existing',
      ...input(),
      '--static-summary',
      'CHG-4711',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(run);
  });

  it('a second one on the same infrastructure is refused by the server', async () => {
    const { exitCode, stderr } = await start('start', 'upgradeTrustAuthority', run, '--fail-existing', ...input());
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Workflow execution is already running');
  });

  it('one under another id is refused, with the id to use', async () => {
    const { exitCode, stdout } = await start('execute', 'upgradeTrustAuthority', `${run}-again`, ...input());
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`A run of "${lab.infrastructure}" must have the workflow id "${run}"`);
    expect(stdout).toContain('Start it again with that id.');
  });

  it.each([
    ['without input', []],
    ['with an input that looks right', ['--input', '{"infrastructure":"x","host":{"name":"y"}}']],
  ])('the workflow of a host refuses to be started by hand, %s', async (_what, more) => {
    const id = hostWorkflowId(lab.infrastructure, TA_1);
    const { exitCode, stdout } = await start('execute', 'vtaUpgradeHost', id, ...more);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('refuses to be started by anybody else. Nothing was changed. Start the run instead');
  });

  it('queries show what is true, what is planned and what was done; metadata shows a summary and every message', async () => {
    const open = await gate('plan');
    expect((await progress()).state).toBe('waiting for approval');
    expect(await query('plan')).toMatchObject({ digest: open.digest, plan: { infrastructure: lab.infrastructure } });
    expect((await query<AuditLine[]>('audit')).map(({ what }) => what)).toEqual(['planned', 'gate opened']);
    const { stdout } = await temporal('workflow', 'metadata', '--workflow-id', run);
    expect(stdout).toContain(`### ${lab.infrastructure}: waiting for approval`);
    expect(stdout).toContain('**Open: `plan`**');
    expect(stdout).toContain(`"digest":"${open.digest}"`);
    for (const name of ['approve', 'reject', 'decide', 'pause', 'resume', 'abort'])
      expect(stdout).toMatch(new RegExp(`\\n +${name} +One JSON object, for example \\{"`));
  });

  it('a stale digest is refused with a reason', async () => {
    const { exitCode, stderr } = await update('approve', { gate: 'plan', digest: 'sha256:of-yesterday', by: 'alice' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/The digest is not the one of gate .*plan.*: got sha256:of-yesterday, current is sha256:/);
    expect(stderr).toContain('(type: VTA_DIGEST_STALE, retryable: false)');
  });

  it('an approval by update is taken once, however often it is sent', async () => {
    expect(world()).toBe(0);
    const { digest } = await gate('plan');
    const payload = { gate: 'plan', digest, by: 'alice', reason: 'CHG-4711' };
    for (const _ of [1, 2]) {
      const { exitCode, stdout } = await update('approve', payload, '--update-id', 'approve-plan-alice');
      expect(exitCode).toBe(0);
      expect(stdout).toContain('plan is approved by alice; the run goes on.');
    }
    const { exitCode, stderr } = await update('approve', payload);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Gate .*plan.* is not open\. It was answered: approved by alice at /);
  });

  it('a stale approval by signal stands in the audit, a good one opens the gate', async () => {
    const open = await gate(`host:${TA_1}`);
    const { payload } = open.examples.find(({ message }) => message === 'approve') ?? { payload: {} };
    const stale = await signal('approve', { ...payload, by: 'alice', digest: 'sha256:of-yesterday' });
    expect([stale.exitCode, stale.stdout]).toEqual([0, 'Signal workflow succeeded\n']);
    const refusal = await eventually('the refusal', async () =>
      (await query<AuditLine[]>('audit')).find(({ what }) => what === 'refused approve'),
    );
    expect(refusal).toMatchObject({ by: 'alice', why: expect.stringMatching(/^VTA_DIGEST_STALE: /) });

    const { exitCode } = await signal('approve', { ...payload, by: 'bob', reason: 'go' }, '--identity', 'bob@corp');
    expect(exitCode).toBe(0);
    await eventually('the host', async () =>
      (await progress()).phases?.[1]?.items.find(({ name, state }) => name === TA_1 && state === 'running'),
    );
  });

  it('what the host at work does is seen, by its own workflow and its pending activity', async () => {
    const host = hostWorkflowId(lab.infrastructure, TA_1);
    // A child that was started a moment ago does not tell its stage yet.
    const shown = await eventually('the stage of the host', async () => {
      const { stdout } = await type(['status', lab.infrastructure]);
      return /▶ ta-host-1\.harbour\.example  \w.*\./.test(stdout) ? stdout : undefined;
    });
    expect(shown).toMatch(/Phase 2, Trust Authority Hosts: \[░{20}\] 0\/2 running/);
    await eventually('remediation', async () =>
      (await query<string>('stage', host).catch(() => '')) === 'Being remediated by vLCM.' ? true : undefined,
    );
    const { stdout } = await temporal('workflow', 'describe', '--workflow-id', host);
    expect(stdout).toMatch(/Pending Activities: 1/);
    expect(stdout).toMatch(/Type +vtaEnsureRemediation/);
  });

  it('what is changed for a while is seen in the ledger, by the product too', async () => {
    const ledger = await query<LedgerState>('ledger', ledgerWorkflowId(lab.infrastructure));
    expect(ledger.changes.map(({ kind, subject }) => [kind, subject.name])).toEqual([
      ['apply-policy', 'vTA Cluster'],
      ['maintenance-mode', TA_1],
    ]);
    const { exitCode, stdout } = await type(['ledger', lab.infrastructure]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`maintenance mode of host ${TA_1} on ta-vc.`)]);
    expect(stdout).toContain('apply policy of cluster vTA Cluster on ta-vc.harbour.example: was {}');
  });

  it('a pause says when it takes effect', async () => {
    const { exitCode, stdout } = await update('pause', { by: 'alice', reason: 'storage alarm' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`The run pauses as soon as host:${TA_1} is done`);
  });

  it('cancel ends the run in order: the host is finished, the report is its result', async () => {
    const { exitCode } = await temporal('workflow', 'cancel', '--workflow-id', run);
    expect(exitCode).toBe(0);
    const { stdout } = await temporal('workflow', 'result', '--workflow-id', run, '--output', 'json');
    const { result, status } = JSON.parse(stdout) as { status: string; result: Report };
    expect(status).toBe('COMPLETED');
    expect(result.outcome).toBe('aborted');
    expect(result.items.map(({ name, state }) => [name, state])).toContainEqual([TA_1, 'done']);
    expect((await progress()).state).toBe('ended');
    const { stdout: ledger } = await type(['ledger', lab.infrastructure]);
    expect(ledger).toMatch(/^No temporary change is open\.\nThe last upgrade ended \S+: aborted/);
  });
});
