import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLine } from '../../src/model/audit';
import type { OpenGate, Progress } from '../../src/model/progress';
import { type Rehearsal, startRehearsal } from '../support/rehearsal';
import { type, typeForJson } from './support/type-command';

/*
 * One infrastructure, commands as an operator types them, in the order of a working day: plan, start, ask, answer, end.
 * Server, worker and vCenters are real or speak the real protocols.
 */
let lab: Rehearsal;
let name: string;
let directory: string;
let requestFile: string;

beforeAll(async () => {
  lab = await startRehearsal('smallest');
  name = lab.infrastructure;
  directory = mkdtempSync(join(tmpdir(), 'vta-cli-'));
  requestFile = join(directory, 'request.json');
  writeFileSync(requestFile, JSON.stringify(lab.request));
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const onQueue = (...words: string[]) => [...words, '--task-queue', lab.taskQueue];

async function progress(): Promise<Progress> {
  const { json } = await typeForJson(['status', name]);
  return (json as { progress: Progress }).progress;
}

async function openGate(id: string): Promise<OpenGate> {
  let found: OpenGate | undefined;
  await expect
    .poll(async () => (found = (await progress()).gates.find((gate) => gate.id === id)), { timeout: 20_000 })
    .toBeDefined();
  if (found === undefined) throw new Error(`gate ${id} does not open`);
  return found;
}

describe('before a run', () => {
  it('plan shows what would happen, and changes nothing', async () => {
    const before = structuredClone(lab.simulator.world.state.hosts.map(({ name: host, up }) => ({ host, up })));
    const { exitCode, stdout, stderr } = await type(onQueue('plan', '--request', requestFile));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `Reading ${name}; nothing is changed.\n` });
    expect(stdout).toContain(`Plan for ${name}`);
    expect(stdout).toMatch(/Digest \S{20,}/);
    expect(lab.simulator.world.state.hosts.map(({ name: host, up }) => ({ host, up }))).toEqual(before);
  });

  it('plan gives a script the plan and its digest', async () => {
    const { exitCode, json } = await typeForJson(onQueue('plan', '--request', requestFile));
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ kind: 'plan', digest: expect.any(String), plan: { infrastructure: name } });
  });

  it('plan ends with exit code 3 and all reasons when the upgrade is refused', async () => {
    const words = onQueue('plan', '--infrastructure', name, '--vcenter', '9.0.0.00100');
    const { exitCode, stdout } = await type(words);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('This upgrade is refused. Nothing was changed.');
    expect(stdout).toContain('VTA_TARGET_REMOVES_TRUST_AUTHORITY');
  });

  it('plan names an infrastructure that the worker does not know', async () => {
    const { exitCode, stderr } = await type(onQueue('plan', '--infrastructure', 'unheard-of'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VTA_INFRASTRUCTURE_UNKNOWN');
  });
});

describe('a run', () => {
  it('starts detached and tells how to follow and approve it', async () => {
    const { exitCode, stdout } = await type(onQueue('start', '--request', requestFile, '--detach'));
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`vta-upgrade status ${name} --follow`);
    expect(stdout).toContain(`vta-upgrade approve ${name} --gate plan --by NAME`);
  });

  it('is the only one: a second start is refused and says what to type', async () => {
    const { exitCode, stderr } = await type(onQueue('start', '--request', requestFile, '--detach'));
    expect(exitCode).toBe(3);
    expect(stderr).toContain('VTA_RUN_STILL_OPEN');
    expect(stderr).toContain(`vta-upgrade status ${name}`);
  });

  it('shows its open gate with the commands that answer it, and exit code 4', async () => {
    const { digest } = await openGate('plan');
    const { exitCode, stdout } = await type(['status', name]);
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`${name}: waiting for approval`);
    expect(stdout).toContain('Open gate plan');
    expect(stdout).toContain(`vta-upgrade approve ${name} --gate plan --digest ${digest} --by NAME`);
    expect(stdout).toContain(`vta-upgrade reject ${name} --gate plan --digest ${digest} --by NAME`);
  });

  it('stands in the list of all', async () => {
    await expect
      .poll(async () => (await type(['status'])).stdout, { timeout: 10_000 })
      .toContain(`open gate plan: vta-upgrade status ${name}`);
  });

  it('refuses an approval of something else, says what is asked now, and exits with 3', async () => {
    const { digest } = await openGate('plan');
    const { exitCode, stdout, stderr } = await type([
      'approve',
      name,
      '--gate',
      'plan',
      '--digest',
      'sha256:stale',
      '--by',
      'alice',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('VTA_DIGEST_STALE');
    expect(stderr).toContain(`${name} is waiting for approval`);
    expect(stderr).toContain(`vta-upgrade approve ${name} --gate plan --digest ${digest} --by NAME`);
    expect(stderr).toContain('docs/errors.md#vta_digest_stale');
  });

  it('refuses an approver whom nobody named', async () => {
    const { digest } = await openGate('plan');
    const words = ['approve', name, '--gate', 'plan', '--digest', digest ?? '', '--by', 'mallory'];
    await expect(typeForJson(words)).resolves.toMatchObject({
      exitCode: 3,
      json: { error: { code: 'VTA_APPROVER_UNKNOWN' } },
    });
  });

  it('is not answered without a digest where nobody can be asked', async () => {
    const { exitCode, stderr } = await type(['approve', name, '--gate', 'plan', '--by', 'alice']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--digest is required');
  });

  it('is not answered when the person at the terminal does not confirm', async () => {
    const { exitCode, stderr } = await type(['approve', name, '--gate', 'plan', '--by', 'alice'], { types: 'no' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Not confirmed; nothing was sent.');
    expect((await progress()).gates.map((gate) => gate.id)).toEqual(['plan']);
  });

  it('says which gates are open when another one is answered', async () => {
    const { exitCode, stderr } = await type(['approve', name, '--gate', 'phase:2', '--by', 'alice'], {
      types: 'approve',
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('VTA_GATE_NOT_OPEN: Gate phase:2 is not open.');
    expect(stderr).toContain('Open gate plan');
  });

  it('refuses a decision about a step that did not fail', async () => {
    const words = ['decide', name, '--step', 'backup', '--attempt', '1', '--action', 'retry', '--by', 'alice'];
    const { exitCode, stderr } = await type([...words, '--reason', 'because']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('VTA_GATE_NOT_OPEN');
  });

  it('refuses to resume when it is not paused', async () => {
    const { exitCode, stderr } = await type(['resume', name, '--by', 'alice']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('not paused');
  });

  it('is followed until Ctrl-C, and goes on', async () => {
    const ctrlC = new AbortController();
    const { exitCode, stdout, stderr } = await type(['status', name, '--follow'], {
      interrupt: ctrlC.signal,
      onOutput: () => ctrlC.abort(),
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Open gate plan');
    expect(stderr).toContain(`Detached. The upgrade of ${name} goes on.`);
    expect((await progress()).gates).toHaveLength(1);
  });

  it('is drawn in place on a terminal, within its size', async () => {
    const ctrlC = new AbortController();
    const screen = { columns: 60, rows: 10 };
    const { stdout } = await type(['status', name, '--follow'], {
      screen,
      interrupt: ctrlC.signal,
      onOutput: () => ctrlC.abort(),
    });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(screen.rows);
    for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(screen.columns);
    expect(stdout).toContain('lines more');
  });

  it('shows the question, and takes an answer that is confirmed', async () => {
    const { digest } = await openGate('plan');
    const { exitCode, stdout, stderr } = await type(
      ['reject', name, '--gate', 'plan', '--by', 'alice', '--reason', 'wrong week'],
      { types: 'reject' },
    );
    expect(stderr).toContain(`digest ${digest}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'plan is rejected.\n' });
  });

  it('that has ended shows its report, and exit code 1 when it was rejected', async () => {
    await expect.poll(async () => (await type(['status', name])).stdout, { timeout: 20_000 }).toContain(': rejected');
    const { exitCode, json } = await typeForJson(['status', name]);
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ kind: 'ended', report: { outcome: 'rejected', infrastructure: name } });
  });

  it('that has ended takes no message any more', async () => {
    const { exitCode, stderr } = await type(['pause', name, '--by', 'alice', '--reason', 'late']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`No run of ${name} is open: the last one has ended.`);
  });

  it('leaves an audit that names who did what, refusals included', async () => {
    const { exitCode, stdout } = await type(['audit', name]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\d+ {2}\S+ {2}alice: rejected plan \(wrong week\)/);
    await expect(typeForJson(['audit', name])).resolves.toMatchObject({ json: { lines: expect.any(Array) } });
  });
});

describe('a run in trouble', () => {
  const fault = { kind: 'error', operation: '*update.pending.precheck', error: 'UNAUTHORIZED', count: null } as const;
  const audited = async (what: string) =>
    ((await typeForJson(['audit', name])).json as { lines: AuditLine[] }).lines.filter((line) => line.what === what);

  it('is paused before it begins, and says so', async () => {
    await type(onQueue('start', '--request', requestFile, '--detach'));
    await openGate('plan');
    const { exitCode, stdout } = await type(['pause', name, '--by', 'bob', '--reason', 'storage alarm']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('is paused from now on');
  });

  it('takes an approval once, however often it is sent', async () => {
    const { digest } = await openGate('plan');
    const words = ['approve', name, '--gate', 'plan', '--digest', digest ?? '', '--by', 'alice'];
    const twice = await Promise.all([type(words), type(words)]);
    expect(twice.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(twice[0].stdout).toBe('plan is approved by alice; the run goes on.\n');
    expect(twice[1].stdout).toBe(twice[0].stdout);
    await expect(audited('approved')).resolves.toHaveLength(1);
    await expect.poll(async () => (await type(['status', name])).stdout).toContain(`${name}: paused`);
  });

  it('goes on when it is resumed, parks at a failure, and shows the actions as commands', async () => {
    lab.simulator.world.faults.add(fault);
    const { exitCode, stdout } = await type(['resume', name, '--by', 'bob']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'The run goes on.\n' });
    const decision = `vta-upgrade decide ${name} --step vcenter:ta-vc.lab.example --attempt 1 --action retry`;
    await expect
      .poll(async () => (await type(['status', name])).stdout, { timeout: 60_000 })
      .toContain(`${decision} --by NAME --reason TEXT`);
  }, 90_000);

  it('takes a decision about the attempt that failed, and no other', async () => {
    const gate = (await progress()).gates[0];
    const words = (attempt: number) =>
      `decide ${name} --step ${gate?.step} --attempt ${attempt} --action abort --by alice --reason late`.split(' ');
    const late = await type(words((gate?.attempt ?? 0) + 1));
    expect(late.exitCode).toBe(3);
    expect(late.stderr).toContain('VTA_GATE_NOT_OPEN');
    const { exitCode, stdout } = await type(words(gate?.attempt ?? 0));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${gate?.step}, attempt ${gate?.attempt}: abort.\n` });
  });

  it('is followed line by line to its report, with exit code 1 because it was aborted', async () => {
    const { exitCode, stdout } = await type(['status', name, '--follow']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${name}: aborted`);
    lab.simulator.world.faults.clear();
  });
});

describe('a run that is refused', () => {
  it('is followed to its end, with every reason and exit code 3', async () => {
    const words = onQueue('start', '--infrastructure', name, '--vcenter', '9.0.0.00100');
    const { exitCode, stderr } = await type(words);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('VTA_PLAN_REFUSED');
    expect(stderr).toContain('VTA_TARGET_REMOVES_TRUST_AUTHORITY');
  });

  it('is shown so by status afterwards, for a script too', async () => {
    await expect(typeForJson(['status', name])).resolves.toMatchObject({
      exitCode: 3,
      json: { error: { code: 'VTA_PLAN_REFUSED', details: expect.any(Array) } },
    });
  });
});
