import { beforeAll, describe, inject, it } from 'vitest';
import { crashRun, type CrashOutcome } from '../support/crash/crash-run';
import { comparable } from '../support/crash/comparable';
import { expectSame } from '../support/crash/expect-same';
import { FAILED_HOST_SITES, type FailedHostRole } from '../support/crash/failed-host-site';
import { crashSeed, describeKillPoint, spreadKillPoints } from '../support/crash/kill-points';

const SEED = crashSeed();

/** Whole runs in which a host is removed, reverted, added again and upgraded after all, and points spread over them. */
const CASES: { role: FailedHostRole; points: number; runs: number }[] = [
  { role: 'trust-authority', points: 16, runs: 2 },
  { role: 'trusted', points: 8, runs: 1 },
];

describe.concurrent.each(CASES)(
  `a worker killed while a $role host is brought back (CRASH_SEED=${SEED})`,
  { timeout: 300_000, retry: 0 },
  ({ role, points, runs }) => {
    const parts = () => ({
      address: inject('temporalAddress'),
      workflowBundle: inject('workflowBundlePath'),
      failedHost: role,
    });
    let undisturbed: CrashOutcome;

    beforeAll(async () => {
      undisturbed = comparable(await crashRun(parts()));
    }, 180_000);

    it('is compared with an undisturbed run, in which the host is removed and added once', ({ expect }) => {
      const { host } = FAILED_HOST_SITES[role].fault;
      expect(undisturbed.wrong).toEqual([]);
      expect(undisturbed.report.outcome).toBe('completed');
      expect(undisturbed.world['counted']).toMatchObject({ [`host-removed ${host}`]: 1, [`host-added ${host}`]: 1 });
    });

    it.for(Array.from({ length: runs }, (_, run) => run))(
      `leaves the world of an undisturbed run (${points / runs} of ${points} points, run %i)`,
      async (run, { expect }) => {
        const kills = spreadKillPoints(SEED, undisturbed.journal.length, points, runs)[run] ?? [];
        const outcome = comparable(await crashRun({ ...parts(), kills }));
        const hit = outcome.journal.filter(({ killed }) => killed !== undefined);
        const where = kills.map((point, index) => `${describeKillPoint(point)} (${hit[index]?.activity ?? 'not hit'})`);
        console.log(`killed at ${hit.length} points, seed ${SEED}, ${outcome.milliseconds} ms: ${where.join(', ')}`);
        // A kill may make a later call unnecessary; most must hit.
        expect(hit.length).toBeGreaterThan(kills.length / 2);
        expectSame(expect, outcome, undisturbed);
      },
    );
  },
);
