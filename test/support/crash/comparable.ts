import type { CrashOutcome } from './crash-run';

/**
 * What is compared of a run in which a host is brought back. How often the configuration of the cluster was written is no measure here: what a dead worker may have sent is sent
 * again as long as health asks for it, and says the same.
 */
export function comparable(outcome: CrashOutcome): CrashOutcome {
  const counted = Object.entries(outcome.world['counted'] as Record<string, number>);
  const world = {
    ...outcome.world,
    counted: Object.fromEntries(counted.filter(([what]) => !what.startsWith('trust-'))),
  };
  return { ...outcome, world };
}
