import { beforeAll, describe, inject, it } from 'vitest';
import { crashRun, type CrashOutcome } from '../support/crash/crash-run';
import { comparable } from '../support/crash/comparable';
import { expectSame } from '../support/crash/expect-same';
import { crashSeed, describeKillPoint, spreadKillPoints } from '../support/crash/kill-points';

const SEED = crashSeed();
/** Points over a whole run in which a Trust Authority Host is removed, reverted, added again and upgraded after all. */
const POINTS = 24;
const RUNS = 3;

describe.concurrent(
  `a worker killed while a host is brought back (CRASH_SEED=${SEED})`,
  { timeout: 300_000, retry: 0 },
  () => {
    const parts = () => ({
      address: inject('temporalAddress'),
      workflowBundle: inject('workflowBundlePath'),
      failedHost: true,
    });
    let undisturbed: CrashOutcome;

    beforeAll(async () => {
      undisturbed = comparable(await crashRun(parts()));
    }, 180_000);

    it('is compared with an undisturbed run, in which the host is removed and added once', ({ expect }) => {
      expect(undisturbed.wrong).toEqual([]);
      expect(undisturbed.report.outcome).toBe('completed');
      expect(undisturbed.world['counted']).toMatchObject({
        'host-removed ta-host-1.lab.example': 1,
        'host-added ta-host-1.lab.example': 1,
      });
    });

    it.for(Array.from({ length: RUNS }, (_, run) => run))(
      `leaves the world of an undisturbed run (${POINTS / RUNS} of ${POINTS} points, run %i)`,
      async (run, { expect }) => {
        const kills = spreadKillPoints(SEED, undisturbed.journal.length, POINTS, RUNS)[run] ?? [];
        const outcome = comparable(await crashRun({ ...parts(), kills }));
        const hit = outcome.journal.filter(({ killed }) => killed !== undefined);
        const where = kills.map((point, index) => `${describeKillPoint(point)} (${hit[index]?.activity ?? 'not hit'})`);
        console.log(`killed at ${hit.length} points, seed ${SEED}, ${outcome.milliseconds} ms: ${where.join(', ')}`);
        expectSame(expect, outcome, undisturbed);
      },
    );
  },
);
