import { describe, expect, it } from 'vitest';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say, worldEvent } from '../support/people';
import { approve, approveUntil, openGate, startRehearsal } from '../support/rehearsal';

describe.concurrent('pause and abort take effect at safe points', { timeout: 150_000 }, () => {
  it('a pause in the middle of a host waits for its end, and is told so; then an abort ends the run', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    await worldEvent(lab, 'remediation-started', TA_1);
    expect(await say(run, 'pause', { by: 'alice', reason: 'storage alarm' })).toMatch(
      /^The run pauses as soon as host:ta-host-1\.lab\.example is done, before anything else is begun\. Until then: Phase 2/,
    );
    expect(await refused(run, 'pause', { by: 'bob', reason: 'me too' })).toMatch(
      /paused already, by alice: storage alarm/,
    );
    const paused = await eventually('paused', async () => {
      const now = await progressOf(run);
      return now.state === 'paused' && now.now.startsWith('Paused') ? now : undefined;
    });
    expect(paused.now).toBe('Paused by alice: storage alarm. Nothing is being changed. Waiting for "resume".');
    expect(paused.paused).toEqual({ by: 'alice', reason: 'storage alarm' });
    expect(paused.phases[1]?.items.map(({ state }) => state)).toEqual(['done', 'pending']);
    const before = lab.simulator.world.events.all().length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const since = lab.simulator.world.events.all().slice(before);
    expect(since.filter(({ what }) => what !== 'attested' && what !== 'logout')).toEqual([]);

    expect(await say(run, 'resume', { by: 'bob', reason: 'storage is fine' })).toBe('The run goes on.');
    await worldEvent(lab, 'remediation-started', TA_2);
    expect(await say(run, 'abort', { by: 'bob', reason: 'the window is over' })).toMatch(
      /^The run ends as soon as host:ta-host-2\.lab\.example is done, never in the middle of it\./,
    );
    expect(await refused(run, 'abort', { by: 'alice', reason: 'me too' })).toMatch(/is being ended, by bob/);
    expect(await refused(run, 'pause', { by: 'alice', reason: 'wait' })).toMatch(/is being ended, by bob/);
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    expect(report.items.map(({ name, state }) => [name, state])).toEqual([
      [TA_1, 'done'],
      [TA_2, 'done'],
      [HOST_1, 'pending'],
    ]);
    expect(report.restored.every(({ restored }) => restored)).toBe(true);
    const { hosts } = lab.simulator.world.state;
    expect(
      hosts.map(({ name, inMaintenanceMode, runningImage }) => [name, inMaintenanceMode, runningImage.build]),
    ).toEqual([
      [TA_1, false, NEW_BUILD],
      [TA_2, false, NEW_BUILD],
      [HOST_1, false, OLD_BUILD],
    ]);
    const told = (await auditOf(run)).map(({ by, what, on, why }) => `${by}: ${what} ${on}${why ? ` (${why})` : ''}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'alice: pause run (storage alarm)',
        'bob: resume run (storage is fine)',
        'bob: abort run (the window is over)',
        'run: aborted run (bob: the window is over)',
      ]),
    );
  });

  it('a pause while a gate is open lets it be answered, and begins nothing', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const plan = await openGate(run, ({ id }) => id === 'plan');
    expect(await say(run, 'pause', { by: 'alice', reason: 'not today' })).toMatch(
      /^The run is paused from now on: it begins nothing before "resume"\. Open gates can be answered/,
    );
    await approve(run, plan);
    await eventually('paused', async () => ((await progressOf(run)).now.startsWith('Paused') ? true : undefined));
    // An abort wakes a paused run.
    expect(await say(run, 'abort', { by: 'alice', reason: 'nor tomorrow' })).toMatch(/^The run ends now\./);
    const report = await run.result();
    expect(report).toMatchObject({ outcome: 'aborted', summary: 'The run was aborted before anything was upgraded.' });
    expect(lab.simulator.world.events.all().filter(({ what }) => what === 'policy-changed')).toEqual([]);
  });

  it('"retry" of a parked host waits while the run is paused', async () => {
    await using lab = await startRehearsal(hostsSite());
    lab.simulator.world.faults.add({ kind: 'remediation-fails', host: TA_1 });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const parked = await approveUntil(lab, run, ({ step }) => step !== undefined);
    expect(await say(run, 'pause', { by: 'alice', reason: 'shift change' })).toMatch(/^The run is paused from now on/);
    const { step, attempt } = parked;
    await say(run, 'decide', { step, attempt, action: 'retry', by: 'bob', reason: 'mended' });
    await eventually('paused', async () => ((await progressOf(run)).now.startsWith('Paused') ? true : undefined));
    await say(run, 'resume', { by: 'alice' });
    await eventually('the second attempt', async () =>
      (await progressOf(run)).phases[1]?.items.find(({ detail }) => detail === 'attempt 2'),
    );
    await say(run, 'abort', { by: 'alice', reason: 'seen enough' });
    expect((await run.result()).items[0]).toMatchObject({ name: TA_1, state: 'done' });
  });

  it('an abort of a parked host takes it out of maintenance mode if it was not changed, and names what is true', async () => {
    await using lab = await startRehearsal(hostsSite());
    // vLCM does not even begin: the host waits in maintenance mode, as it was.
    lab.simulator.world.faults.add({ kind: 'error', operation: 'clusters.software.apply', error: 'INVALID_ARGUMENT' });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approveUntil(lab, run, ({ step }) => step !== undefined);
    expect(lab.simulator.world.state.hosts[0]?.inMaintenanceMode).toBe(true);
    expect(await say(run, 'abort', { by: 'alice', reason: 'we look at it' })).toMatch(
      /^The run ends now, since it waits/,
    );
    const report = await run.result();
    expect(report.items[0]).toMatchObject({ name: TA_1, state: 'failed' });
    expect(report.items[0]?.detail).toMatch(
      /Now it is on 8\.0\.2 build 22380479, connected, not in maintenance mode\.$/,
    );
    expect(report.summary).toContain(`${TA_1} (failed)`);
    expect(lab.simulator.world.state.hosts.map(({ inMaintenanceMode }) => inMaintenanceMode)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('an abort while the image of the canary is asked for leaves the host out of service, and says so', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approveUntil(lab, run, ({ id }) => id.startsWith('base-image-import:'));
    expect(await say(run, 'abort', { by: 'alice', reason: 'that image is not ours' })).toMatch(
      /^The run ends now, since it waits for people; host:host-1\.lab\.example is left as it is\./,
    );
    const report = await run.result();
    expect(report.items.at(-1)).toMatchObject({ name: HOST_1, state: 'failed' });
    expect(report.items.at(-1)?.detail).toMatch(
      /^the run was aborted before it was done Now it is on 8\.0\.3 build 24674464, connected, in maintenance mode\.$/,
    );
    // R26: not attested, so it stays out of service whatever happens to the run.
    const host = lab.simulator.world.state.hosts.find(({ name }) => name === HOST_1);
    expect(host?.inMaintenanceMode).toBe(true);
  });
});
