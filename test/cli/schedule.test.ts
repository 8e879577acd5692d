import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { patchScheduleId, runWorkflowId } from '../../src/model/ids';
import type { Report } from '../../src/model/report';
import type { ScheduleStatus } from '../../src/cli/temporal/read-schedule';
import { hostsSite } from '../support/hosts-site';
import { lateWorker } from '../support/late-worker';
import { patchRequest, patchSite } from '../support/patch-site';
import { eventually } from '../support/people';
import { startRehearsal, type Rehearsal } from '../support/rehearsal';
import { lookAtWorld } from '../support/world-changes';
import { temporalCli } from './support/temporal-cli';
import { type, typeForJson } from './support/type-command';

/*
 * Schedules of patch runs on the real server, made by our commands and by the plain `temporal` CLI as
 * docs/operations/patching-on-a-schedule.md has them. Their times lie ahead; `trigger` brings one about.
 */
const directory = mkdtempSync(join(tmpdir(), 'vta-schedule-'));
afterAll(() => rmSync(directory, { recursive: true }));

const WHEN = ['--cron', '0 21 * * SAT', '--time-zone', 'Europe/Zurich'];

function fileOf(infrastructure: string, request: unknown): string {
  const file = join(directory, `${infrastructure}.json`);
  writeFileSync(file, JSON.stringify(request));
  return file;
}

async function create(lab: Rehearsal, request: unknown, ...more: string[]) {
  const { infrastructure, taskQueue } = lab;
  const words = ['schedule', 'create', infrastructure, '--request', fileOf(infrastructure, request), ...WHEN];
  return await type([...words, ...(more.includes('--task-queue') ? [] : ['--task-queue', taskQueue]), ...more]);
}

async function show(infrastructure: string): Promise<ScheduleStatus> {
  return (await typeForJson(['schedule', 'show', infrastructure])).json as ScheduleStatus;
}

/** The newest result of a schedule, once it is there. */
async function lastResult(infrastructure: string) {
  return await eventually(`a result of ${infrastructure}`, async () => {
    const [last] = (await show(infrastructure)).results;
    return last === undefined || last.outcome === 'under way' ? undefined : last;
  });
}

describe.concurrent('a schedule of patch runs', { timeout: 200_000 }, () => {
  it('is made, shown, paused, triggered, listed and deleted', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { infrastructure } = lab;
    const id = patchScheduleId(infrastructure);
    const request = { infrastructure, take: { vCenter: 'any' } };
    const made = await create(lab, request, '--by', 'alice', '--reason', 'CHG-4711');
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(made.stdout.split('\n').slice(0, 3)).toEqual([
      id,
      '  note: alice: CHG-4711',
      expect.stringMatching(/^ {2}next: Sat \d{4}-\d\d-\d\d 21:00 Europe\/Zurich \(\S+T(?:19|20):00:00\.000Z\)$/),
    ]);
    expect(made.stdout).toContain('  overlap skip, catch-up window 10m\n  0 started, 0 missed');
    expect(await create(lab, request)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`VTA_SCHEDULE_EXISTS: There is a schedule ${id} already; there can be one.`),
    });

    const { exitCode, stdout } = await type(['schedule', 'trigger', infrastructure]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`The patch run ${id}-2`)]);
    const last = await lastResult(infrastructure);
    expect(last).toMatchObject({ outcome: 'nothing to do', workflowId: expect.stringContaining(`${id}-2`) });
    expect(last.why).toContain('cluster vTA Cluster: all 2 hosts run its desired image, base image 8.0.2-0.0.22380479');

    const pause = await type(['schedule', 'pause', infrastructure, '--by', 'bob', '--reason', 'change freeze']);
    expect(pause).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('its times start nothing') });
    const shown = await type(['schedule', 'show', infrastructure]);
    expect(shown.stdout).toContain(`${id}: PAUSED, its times start nothing\n  note: bob: change freeze\n`);
    expect(shown.stdout).toContain(`: nothing to do\n  Nothing to do for ${infrastructure}; nothing was started.\n`);
    const listed = await eventually('it in the list', async () => {
      const { stdout: list } = await type(['schedule', 'list']);
      return list.split('\n').find((line) => line.startsWith(id) && line.includes('paused'));
    });
    expect(listed).toBe(`${id}  paused; 0 missed, 0 skipped`);
    expect((await type(['schedule', 'resume', infrastructure, '--by', 'bob'])).exitCode).toBe(0);
    expect(await show(infrastructure)).toMatchObject({ paused: false, note: 'bob: resumed', taken: 1, skipped: 0 });

    expect((await type(['schedule', 'delete', infrastructure])).exitCode).toBe(0);
    // The server's list may still have it.
    expect((await type(['schedule', 'list'])).stdout).not.toContain(id);
    for (const words of [['show'], ['trigger'], ['delete'], ['resume', '--by', 'bob']]) {
      const [verb = '', ...more] = words;
      expect(await type(['schedule', verb, infrastructure, ...more])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(`VTA_SCHEDULE_NOT_FOUND: There is no schedule ${id}`),
      });
    }
  });

  it('made with the plain temporal CLI starts the run, which goes through by its standing approval', async () => {
    const temporal = await temporalCli();
    await using lab = await startRehearsal(patchSite());
    const { infrastructure, taskQueue, client } = lab;
    const id = patchScheduleId(infrastructure);
    const schedule = (verb: string, ...more: string[]) => temporal('schedule', verb, '--schedule-id', id, ...more);
    const made = await schedule(
      'create',
      '--workflow-id',
      id,
      '--type',
      'patchTrustAuthority',
      '--task-queue',
      taskQueue,
      '--input-file',
      fileOf(infrastructure, patchRequest(infrastructure)),
      '--cron',
      '0 21 * * SAT',
      '--time-zone',
      'Europe/Zurich',
      '--overlap-policy',
      'Skip',
      '--catchup-window',
      '10m',
    );
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await show(infrastructure)).toMatchObject({
      overlap: 'SKIP',
      catchupMs: 600_000,
      timeZone: 'Europe/Zurich',
    });
    expect((await schedule('toggle', '--pause', '--reason', 'change freeze')).exitCode).toBe(0);
    expect(await show(infrastructure)).toMatchObject({ paused: true, note: 'change freeze' });
    // A trigger is a person's own decision, also while it is paused.
    expect((await schedule('trigger')).exitCode).toBe(0);
    const run = runWorkflowId(infrastructure);
    expect(await lastResult(infrastructure)).toMatchObject({ outcome: 'started', run: { workflowId: run } });
    const report = (await client.workflow.getHandle(run).result()) as Report;
    expect([report.outcome, report.items.map(({ state }) => state)]).toEqual([
      'completed',
      ['done', 'done', 'done', 'done', 'done'],
    ]);
    expect((await type(['audit', infrastructure])).stdout).toContain('approved by the standing approval of alice');
    await eventually('it among the workflows of the schedule', async () => {
      const { stdout: list } = await temporal('workflow', 'list', '--query', `TemporalScheduledById="${id}"`);
      return list.includes(`${id}-2`) ? true : undefined;
    });
    const { stdout } = await temporal('schedule', 'describe', '--schedule-id', id);
    expect(stdout).toMatch(/OverlapPolicy +Skip/);
    expect((await schedule('delete')).exitCode).toBe(0);
  });

  it('skips a time while no worker takes the one before; a window that was over by then is missed', async () => {
    await using lab = await startRehearsal(patchSite());
    const { infrastructure } = lab;
    const world = lookAtWorld(lab.simulator);
    // Opened a minute ago, closes when the next minute begins that is some seconds ahead.
    const closesAt = Math.ceil((Date.now() + 25_000) / 60_000) * 60_000;
    const at = (instant: number) => new Date(instant).toISOString().slice(11, 16);
    const window = { timeZone: 'UTC', from: at(closesAt - 120_000), to: at(closesAt) };
    const queue = `${infrastructure}-late`;
    expect((await create(lab, patchRequest(infrastructure, { window }), '--task-queue', queue)).exitCode).toBe(0);
    expect((await type(['schedule', 'trigger', infrastructure])).exitCode).toBe(0);
    const second = await type(['schedule', 'trigger', infrastructure]);
    expect([second.exitCode, second.stdout]).toEqual([
      3,
      expect.stringContaining('Skipped: the last patch run of this schedule is still open.'),
    ]);
    expect(await show(infrastructure)).toMatchObject({
      taken: 1,
      skipped: 1,
      results: [{ outcome: 'under way', summary: 'It reads what is pending, or waits for a worker.' }],
    });
    await eventually('the end of the window', () => Date.now() > closesAt || undefined);
    await using _worker = await lateWorker(lab, queue);
    const missed = await lastResult(infrastructure);
    expect(missed).toMatchObject({
      outcome: 'missed',
      summary: `The window of ${infrastructure} was missed, nothing was started. It opens next at ${new Date(closesAt + 86_280_000).toISOString().replace('.000', '')}.`,
      why: [expect.stringMatching(/^the window from \S+ to \S+ was over when a worker began with this, at /)],
    });
    await expect(lab.client.workflow.getHandle(runWorkflowId(infrastructure)).describe()).rejects.toThrow(/not found/);
    expect(world.changes()).toEqual([]);
    await type(['schedule', 'delete', infrastructure]);
  });

  it('shows a patch run that failed, with its code', async () => {
    const temporal = await temporalCli();
    await using lab = await startRehearsal(hostsSite());
    const { infrastructure, taskQueue } = lab;
    const id = patchScheduleId(infrastructure);
    // Our command would have refused this request; the server knows nothing of requests.
    await temporal(
      'schedule',
      'create',
      '--schedule-id',
      id,
      '--workflow-id',
      id,
      '--type',
      'patchTrustAuthority',
      '--task-queue',
      taskQueue,
      '--cron',
      '0 21 * * SAT',
      '--input',
      JSON.stringify({ infrastructure, take: { hosts: 'all' } }),
    );
    expect((await type(['schedule', 'trigger', infrastructure])).exitCode).toBe(0);
    expect(await lastResult(infrastructure)).toMatchObject({
      outcome: 'failed',
      summary:
        'VTA_REQUEST_INVALID: Nothing was changed. The request is not valid. take.hosts: must be "desired" or "nothing"',
    });
    await type(['schedule', 'delete', infrastructure]);
  });
});

describe('a schedule is not made', () => {
  const request = fileOf('prod', { infrastructure: 'prod' });
  const words = (cron: string, zone: string, file = request) =>
    ['schedule', 'create', 'prod', '--request', file, '--cron', cron, '--time-zone', zone] as const;

  it.each<[string, readonly string[], RegExp]>([
    [
      'at times that are none',
      words('61 * * * *', 'UTC'),
      /VTA_USAGE_WRONG: The server does not take this schedule: Minute is not in range/,
    ],
    [
      'in a zone that is none',
      words('0 21 * * SAT', 'Europe/Nowhere'),
      /VTA_USAGE_WRONG: The server does not take this schedule: unknown time zone/,
    ],
    ['to be caught up at once', [...words('0 21 * * SAT', 'UTC'), '--catchup', '5s'], /not shorter than 10s/],
    [
      'for another infrastructure than that of its request',
      words('0 21 * * SAT', 'UTC', fileOf('other', { infrastructure: 'other' })),
      /VTA_USAGE_WRONG: The request is for other, not for prod\./,
    ],
    [
      'with a request that is not valid',
      words('0 21 * * SAT', 'UTC', fileOf('invalid', { infrastructure: 'prod', take: { vcenter: 'any' } })),
      /VTA_REQUEST_INVALID[^]*invalid\.json:1:\d+: take\.vcenter: unknown key/,
    ],
  ])('%s', async (_what, typed, expected) => {
    const { exitCode, stderr } = await type(typed);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(expected)]);
  });
});
