import { seededRandom } from './crash/kill-points';

/** Choices of one mutant: the same for the same seed. */
export interface Dice {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
  /** True so often: `chance(0.1)` once in ten times. */
  chance(share: number): boolean;
}

export function dice(seed: number): Dice {
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  return {
    below,
    pick: <T>(from: readonly T[]): T => {
      const [picked] = from.slice(below(from.length));
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    chance: (share) => random() < share,
  };
}
