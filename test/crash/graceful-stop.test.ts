import { beforeAll, describe, inject, it } from 'vitest';
import { crashRun, type CrashOutcome, type CrashParts } from '../support/crash/crash-run';
import { expectSame } from '../support/crash/expect-same';

const HOST = 'ta-host-2.lab.example';

/** A worker that is asked to stop (SIGTERM) in the middle of a remediation; the next one is there at once. */
describe.concurrent('a worker that is asked to stop', { timeout: 300_000 }, () => {
  const parts = () => ({ address: inject('temporalAddress'), workflowBundle: inject('workflowBundlePath') });
  let undisturbed: CrashOutcome;

  beforeAll(async () => {
    undisturbed = await crashRun(parts());
  }, 180_000);

  it('finishes what ends within its grace, and says so with exit code 0', async ({ expect }) => {
    const stop = stopWhenRemediating();
    const outcome = await crashRun({
      ...parts(),
      asInstalled: true,
      durations: { reboot: 1_500 },
      disturb: stop.disturb,
    });
    expect(stop.asked).toBe(1);
    expect(outcome.exits).toEqual([0]);
    expectSame(expect, outcome, undisturbed);
  });

  it('leaves a longer remediation to vLCM, and the next worker goes on with it', async ({ expect }) => {
    const stop = stopWhenRemediating();
    const durations = { reboot: 5_000 };
    const outcome = await crashRun({ ...parts(), graceMs: 200, durations, disturb: stop.disturb });
    expect(stop.asked).toBe(1);
    expect(outcome.exits).toEqual([0]);
    const [, first, second] = outcome.journal.filter(({ activity }) => activity === 'vtaEnsureRemediation');
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(first?.pid).not.toBe(second?.pid);
    expectSame(expect, outcome, undisturbed);
  });
});

/** SIGTERM for the worker when vLCM begins to remediate the second Trust Authority Host. */
function stopWhenRemediating() {
  const stop = {
    asked: 0,
    disturb({ simulator: { world }, workers }: CrashParts): void {
      world.events.subscribe(({ what, host }) => {
        if (what !== 'reboot-started' || host !== HOST || stop.asked > 0) return;
        if (workers.signal('SIGTERM')) stop.asked += 1;
      });
    },
  };
  return stop;
}
