import { beforeAll, describe, inject, it } from 'vitest';
import type { WorldEvent, WorldEventKind } from '../../simulator/world/events';
import { crashRun, type CrashOutcome, type CrashParts } from '../support/crash/crash-run';
import { expectSame } from '../support/crash/expect-same';
import { crashSeed, describeKillPoint, spreadKillPoints } from '../support/crash/kill-points';

const SEED = crashSeed();
/** Points by number of activity, spread over a run, and over how many runs they are dealt. */
const POINTS = 30;
const RUNS = 3;

/** What the simulator logs when a request had its effect; the answer has not been sent at that moment. */
const EFFECTS: readonly WorldEventKind[] = [
  'backup-started',
  'vcenter-staged',
  'vcenter-update-started',
  'vcenter-back',
  'policy-changed',
  'draft-changed',
  'desired-image-changed',
  'maintenance-mode-entering',
  'maintenance-mode-entered',
  'remediation-started',
  'reboot-started',
  'attested',
  'base-image-imported',
  'maintenance-mode-left',
];

describe.concurrent(`a killed worker (CRASH_SEED=${SEED})`, { timeout: 300_000, retry: 0 }, () => {
  const parts = () => ({ address: inject('temporalAddress'), workflowBundle: inject('workflowBundlePath') });
  let undisturbed: CrashOutcome;

  beforeAll(async () => {
    undisturbed = await crashRun(parts());
  }, 180_000);

  it('is compared with an undisturbed run, which does everything once', ({ expect }) => {
    expect(undisturbed.wrong).toEqual([]);
    expect(undisturbed.exits).toEqual([]);
    expect(undisturbed.report.outcome).toBe('completed');
    expect(Object.entries(undisturbed.world['counted'] as Record<string, number>).filter(([, n]) => n !== 1)).toEqual(
      [],
    );
    expect(undisturbed.journal.length).toBeGreaterThan(POINTS);
  });

  it.for(Array.from({ length: RUNS }, (_, run) => run))(
    `leaves the world of an undisturbed run (${POINTS / RUNS} of ${POINTS} points, run %i)`,
    async (run, { expect }) => {
      const kills = spreadKillPoints(SEED, undisturbed.journal.length, POINTS, RUNS)[run] ?? [];
      const outcome = await crashRun({ ...parts(), kills });
      const hit = outcome.journal.filter(({ killed }) => killed !== undefined);
      const where = kills.map((point, index) => `${describeKillPoint(point)} (${hit[index]?.activity ?? 'not hit'})`);
      console.log(`killed at ${hit.length} points, seed ${SEED}, ${outcome.milliseconds} ms: ${where.join(', ')}`);
      expect(hit.map(({ execution }) => execution)).toEqual(kills.map(({ execution }) => execution));
      expectSame(expect, outcome, undisturbed);
    },
  );

  it.for([0, 1, 2])(
    'leaves the same world when it dies at the moment of an effect, before the answer reaches it (every third, from %i)',
    async (from, { expect }) => {
      const killed: string[] = [];
      const outcome = await crashRun({ ...parts(), disturb: killAtEffects(3, from, killed) });
      console.log(`killed at ${killed.length} effects, ${outcome.milliseconds} ms: ${killed.join(', ')}`);
      expect(killed.length).toBeGreaterThan(5);
      expect(outcome.exits).toEqual(killed.map(() => null));
      expectSame(expect, outcome, undisturbed);
    },
  );
});

/** Kills the worker at every n-th effect, each of them once. */
function killAtEffects(every: number, from: number, killed: string[]) {
  return ({ simulator: { world }, workers }: CrashParts) => {
    const seen = new Set<string>();
    world.events.subscribe((event) => {
      const effect = nameOf(event);
      if (effect === undefined || seen.has(effect)) return;
      seen.add(effect);
      if (seen.size % every === from && workers.signal('SIGKILL')) killed.push(effect);
    });
  };
}

function nameOf({ what, host, vCenter }: WorldEvent): string | undefined {
  return EFFECTS.includes(what) ? `${what} ${host ?? vCenter ?? ''}` : undefined;
}
