import { describe, expect, it } from 'vitest';
import { GO, prometheusAnswer, startCheckServer, type CheckServer } from '../support/check-server';
import { HOST_1, hostsRequest, hostsSite, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, eventually, progressOf, say } from '../support/people';
import {
  approve,
  approveEverything,
  approveUntil,
  openGate,
  startRehearsal,
  type Rehearsal,
} from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

const FREEZE = { status: 423, body: 'change freeze until Monday' };

async function rehearsal(servers: object[], expireAfter = '72h'): Promise<Rehearsal> {
  return await startRehearsal(hostsSite(), (infrastructure) => {
    infrastructure.holds = servers;
    infrastructure.approvals.expireAfter = expireAfter;
  });
}

function freeze({ url, thumbprint }: CheckServer): object {
  return { name: 'freeze', url: `${url}/go`, tls: { thumbprint } };
}

function alerts({ url, thumbprint }: CheckServer): object {
  return { name: 'alerts', prometheus: { url, query: 'ALERTS{alertstate="firing"}' }, tls: { thumbprint } };
}

async function startApproved(lab: Rehearsal): Promise<RunHandle> {
  const run = await lab.start(hostsRequest(lab.infrastructure));
  await approve(run, await openGate(run, ({ id }) => id === 'plan'));
  return run;
}

async function heldBy(run: RunHandle, what: RegExp): Promise<string> {
  return await eventually(`held: ${String(what)}`, async () => {
    const { now } = await progressOf(run);
    return now.startsWith('Held before') && what.test(now) ? now : undefined;
  });
}

async function told(run: RunHandle, ...kinds: string[]): Promise<string[]> {
  const audit = await auditOf(run);
  return audit.filter(({ what }) => kinds.includes(what)).map(({ what, on, why }) => `${what} ${on}: ${why ?? ''}`);
}

async function historyLength(run: RunHandle): Promise<number> {
  return (await run.describe()).historyLength;
}

function touched(lab: Rehearsal): string[] {
  const events = lab.simulator.world.events.all();
  return events.flatMap(({ what, host = '' }) => (what.includes('maintenance') ? [host] : []));
}

const wait = async (milliseconds: number) => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
};

describe.concurrent('a run with checks that may hold it', { timeout: 150_000 }, () => {
  it('is held before a host until the check lets go, at the price of few events', async () => {
    await using server = await startCheckServer(FREEZE);
    await using lab = await rehearsal([freeze(server)]);
    const run = await startApproved(lab);
    const now = await heldBy(run, /freeze/);
    expect(now).toMatch(
      /^Held before ta-host-1\.lab\.example since 20\S+Z: freeze: change freeze until Monday \(HTTP 423\)\. Nothing is in work; /,
    );
    expect(await say(run, 'pause', { by: 'alice', reason: 'look' })).toMatch(/^The run is paused from now on/);
    await eventually('paused', async () => (await progressOf(run)).state === 'paused');
    await wait(4_000); // until the wait that was given up learns of it, with its next heartbeat
    const askedBefore = server.asked.length;
    await wait(1_000);
    expect(server.asked.length).toBe(askedBefore);
    await say(run, 'resume', { by: 'alice', reason: 'seen' });
    await heldBy(run, /freeze/);

    await wait(1_000); // the events of the resume
    const [events, asked] = [await historyLength(run), server.asked.length];
    await wait(8_000);
    expect(server.asked.length - asked).toBeGreaterThan(20);
    expect((await historyLength(run)) - events).toBeLessThan(3);
    expect(touched(lab)).toEqual([]);

    server.answer = GO;
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    expect(await told(run, 'held', 'no longer held', 'reminder')).toEqual([
      `held ${TA_1}: freeze: change freeze until Monday (HTTP 423)`,
      expect.stringMatching(
        /^no longer held ta-host-1\.lab\.example: held since 20\S+; nothing holds the run any more$/,
      ),
    ]);
    // Each host is asked about, and nothing else.
    const asks = (await told(run, 'host begun')).map((line) => line.split(/[ :]/)[2]);
    expect(asks).toEqual([TA_1, TA_2, HOST_1, HOST_1]);
  });

  it('ends at once when it is aborted while it is held', async () => {
    await using server = await startCheckServer(FREEZE);
    await using lab = await rehearsal([freeze(server)]);
    const run = await startApproved(lab);
    await heldBy(run, /freeze/);
    expect(await say(run, 'abort', { by: 'bob', reason: 'the window is over' })).toMatch(/^The run ends now/);
    const report = await run.result();
    expect(report.outcome).toBe('aborted');
    expect(report.items.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
    expect(report.restored.every(({ restored }) => restored)).toBe(true);
    expect(touched(lab)).toEqual([]);
    expect((await told(run, 'no longer held'))[0]).toMatch(/the run was ended while it was held/);
  });

  it('is held by a check that cannot be reached, and reminds once per expiry', async () => {
    const gone = { name: 'gone', url: 'https://127.0.0.1:9/go' };
    await using lab = await rehearsal([gone], '2s');
    const run = await startApproved(lab);
    expect(await heldBy(run, /gone/)).toMatch(/gone: unknown: .*127\.0\.0\.1:9/);
    const reminders = await eventually('two reminders', async () => {
      const lines = await told(run, 'reminder');
      return lines.length >= 2 ? lines : undefined;
    });
    expect(reminders[0]).toMatch(/^reminder ta-host-1\.lab\.example: held since \S+ \(reminder 1\): gone: unknown/);
    expect(reminders[1]).toMatch(/\(reminder 2\)/);
    const times = (await auditOf(run)).flatMap(({ what, at }) =>
      ['held', 'reminder'].includes(what) ? [Date.parse(at)] : [],
    );
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
    await say(run, 'abort', { by: 'bob', reason: 'seen enough' });
    await run.result();
  });

  it('shows what holds it now, and is held by alerts of Prometheus in the middle of a run', async () => {
    await using endpoint = await startCheckServer(GO);
    await using prometheus = await startCheckServer(prometheusAnswer());
    await using lab = await rehearsal([freeze(endpoint), alerts(prometheus)]);
    const run = await lab.start(hostsRequest(lab.infrastructure, { approve: ['host'] }));
    const gate = await approveUntil(lab, run, ({ id }) => id === `host:${TA_2}`);
    expect(gate.id).toBe(`host:${TA_2}`);
    expect(await told(run, 'held')).toEqual([]);

    prometheus.answer = prometheusAnswer({ __name__: 'ALERTS', alertname: 'DatastoreLatency' });
    await approve(run, gate);
    expect(await heldBy(run, /alerts/)).toMatch(
      /^Held before ta-host-2\.lab\.example since \S+: alerts: DatastoreLatency\./,
    );
    endpoint.answer = FREEZE;
    await heldBy(run, /freeze: change freeze until Monday \(HTTP 423\); alerts: DatastoreLatency/);
    endpoint.answer = GO;
    prometheus.answer = prometheusAnswer();
    const { report } = await approveEverything(lab, run);
    expect(report.items.every(({ state }) => state === 'done')).toBe(true);
    expect((await told(run, 'held', 'no longer held', 'reminder')).map((line) => line.split(':')[0])).toEqual([
      `held ${TA_2}`,
      `no longer held ${TA_2}`,
    ]);
  });
});
