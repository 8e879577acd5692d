import { beforeAll, describe, inject, it } from 'vitest';
import type { WorldEvent, WorldEventKind } from '../../simulator/world/events';
import { pauseSignal, resumeSignal } from '../../src/workflows/message-definitions';
import { crashRun, DISTURBER, type CrashOutcome, type CrashParts } from '../support/crash/crash-run';
import { expectSame } from '../support/crash/expect-same';
import { crashSeed, seededRandom } from '../support/crash/kill-points';
import { ServerKeeper } from '../support/crash/server-keeper';

const SEED = crashSeed();

/** Moments of a run, one of each host or vCenter that it happens to; a seeded delay follows. */
const MOMENTS: readonly WorldEventKind[] = [
  'backup-started',
  'vcenter-back',
  'policy-changed',
  'maintenance-mode-entering',
  'remediation-started',
  'attested',
  'base-image-imported',
  'maintenance-mode-left',
];

/**
 * Two minutes at the pace of tests: an outage longer than the heartbeat timeout, as two minutes are in production (the
 * timeout is 2 min there and 3 s here), and much shorter than any deadline. What ends during the outage is done again
 * from the server's point of view; the step reads the state first and finds it done.
 */
const TWO_MINUTES = 20_000;

describe.concurrent(`a killed Temporal server (CRASH_SEED=${SEED})`, { timeout: 300_000, retry: 0 }, () => {
  const workflowBundle = inject('workflowBundlePath');
  let undisturbed: CrashOutcome;

  beforeAll(async () => {
    undisturbed = await crashRun({ address: inject('temporalAddress'), workflowBundle });
  }, 180_000);

  it.for([0, 1])(
    'loses nothing of a run, nor a message that it acknowledged (every second moment, from %i)',
    async (from, { expect }) => {
      await using server = await ServerKeeper.start();
      const random = seededRandom(SEED + from);
      const killed: string[] = [];
      const outcome = await crashRun({
        address: server.address,
        workflowBundle,
        disturb: async (parts) => {
          const messages = sendMessages(parts);
          const kill = async (moment: string) => {
            const delay = Math.floor(random() * 150);
            await sleep(delay);
            killed.push(`${moment} +${delay} ms`);
            // Now and then both go at once.
            if (killed.length % 3 === 0) parts.workers.signal('SIGKILL');
            await server.kill(0);
          };
          atMoments(parts, from, kill);
          await messages;
        },
      });
      console.log(
        `server killed ${server.kills} times, ${outcome.acknowledged} messages acknowledged, ${outcome.milliseconds} ms: ${killed.join(', ')}`,
      );
      // Ten by both together.
      expect(server.kills).toBeGreaterThanOrEqual(5);
      expect(outcome.acknowledged).toBeGreaterThanOrEqual(10);
      expectSame(expect, outcome, undisturbed);
    },
  );

  it('may be away for two minutes in the middle of a remediation', async ({ expect }) => {
    await using server = await ServerKeeper.start();
    let back: Promise<void> | undefined;
    const outcome = await crashRun({
      address: server.address,
      workflowBundle,
      durations: { reboot: 3_000 },
      disturb: ({ simulator: { world } }) => {
        world.events.subscribe(({ what, host }) => {
          if (what === 'reboot-started' && host === 'ta-host-2.lab.example') back ??= server.kill(TWO_MINUTES);
        });
      },
    });
    await back;
    expect(server.kills).toBe(1);
    expect(outcome.exits).toEqual([]);
    const remediations = outcome.journal.filter(({ activity }) => activity === 'vtaEnsureRemediation');
    console.log(
      `server away for ${TWO_MINUTES} ms; attempts of the remediations: ${remediations.map(({ attempt }) => attempt).join()}`,
    );
    expectSame(expect, outcome, undisturbed);
  });
});

/** Calls at every second moment, unless a call is under way. */
function atMoments({ simulator: { world } }: CrashParts, from: number, call: (moment: string) => Promise<void>): void {
  const seen = new Set<string>();
  let busy = false;
  world.events.subscribe(({ what, host, vCenter }: WorldEvent) => {
    const moment = `${what} ${host ?? vCenter ?? ''}`;
    if (!MOMENTS.includes(what) || seen.has(moment)) return;
    seen.add(moment);
    if (seen.size % 2 !== from || busy) return;
    busy = true;
    void call(moment).finally(() => {
      busy = false;
    });
  });
}

/** Pauses and resumes the run by signals over and over, until its last host is being upgraded; keeps what was acknowledged. */
async function sendMessages({ simulator: { world }, people, workflowId }: CrashParts): Promise<void> {
  const handle = people.client.workflow.getHandle(workflowId);
  const began = () => world.events.all().some(({ what }) => what === 'backup-started');
  while (!began()) await sleep(50); // before there is a plan nobody is known who may pause it
  const over = () =>
    world.events
      .all()
      .some(
        ({ what, host }) =>
          what === 'base-image-imported' || (what === 'maintenance-mode-left' && host === 'host-1.lab.example'),
      );
  for (let number = 1; !over(); number += 1) {
    const why = `disturbance ${number}`;
    if (await acknowledges(() => handle.signal(pauseSignal, { by: DISTURBER, reason: why })))
      people.acknowledged.push({ by: DISTURBER, what: 'pause', on: 'run', why });
    await sleep(20);
    while (!(await acknowledges(() => handle.signal(resumeSignal, { by: DISTURBER })))) await sleep(200);
    await sleep(400);
  }
}

async function acknowledges(send: () => Promise<void>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch {
    return false;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
