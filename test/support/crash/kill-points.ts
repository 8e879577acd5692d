/**
 * When a worker dies: before the n-th activity of a run is called, while it is at work, after its effect but before its
 * answer is recorded, or when its answer was recorded.
 */
export type Moment = 'before' | 'during' | 'after' | 'recorded';

/** A point at which a worker kills itself. */
export interface KillPoint {
  /** Counts every activity that is executed in a run, over all its workers, from 1; in a matrix, first attempts only. */
  execution: number;
  moment: Moment;
  /** For `during`: milliseconds after the call. */
  delayMs: number;
}

const MOMENTS: readonly Moment[] = ['before', 'during', 'after'];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** The seed of this run of the tests: CRASH_SEED, or one from the clock. It is printed, so that a failure can be had again. */
export function crashSeed(env: NodeJS.ProcessEnv = process.env): number {
  const given = env['CRASH_SEED'];
  if (given === undefined || given === '') return Date.now() % 1_000_000;
  const seed = Number(given);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`CRASH_SEED must be a whole number, not "${given}"`);
  return seed;
}

/**
 * Spreads kill points over a run: one in each of `count` stretches of equal length, with every moment as often as the
 * others, dealt to `runs` runs in turn so that the points of one run lie apart.
 * @param executions how many activities an undisturbed run executes
 */
export function spreadKillPoints(seed: number, executions: number, count: number, runs: number): KillPoint[][] {
  const random = seededRandom(seed);
  const dealt: KillPoint[][] = Array.from({ length: runs }, () => []);
  for (let index = 0; index < count; index += 1) {
    const execution = 1 + Math.floor(((index + random()) * executions) / count);
    // The shift by round keeps one run from getting the same moment every time.
    const moment = MOMENTS[(index + Math.floor(index / runs)) % MOMENTS.length] ?? 'before';
    dealt[index % runs]?.push({ execution, moment, delayMs: Math.ceil(random() * 80) });
  }
  return dealt;
}

/** Moments of a matrix: the boundaries of an activity. */
const BOUNDARIES: readonly Moment[] = ['before', 'after', 'recorded'];

/**
 * All boundaries of all activities of a run, dealt to as few runs as have at most `perRun` of them each; the points of
 * one run lie as far apart as can be.
 * @param activities how many an undisturbed run calls
 */
export function allKillPoints(activities: number, perRun: number): KillPoint[][] {
  const apart = Math.ceil(activities / perRun);
  return BOUNDARIES.flatMap((moment) =>
    Array.from({ length: apart }, (_, from) =>
      Array.from({ length: Math.ceil((activities - from) / apart) }, (_each, index) => ({
        execution: 1 + from + index * apart,
        moment,
        delayMs: 0,
      })),
    ),
  );
}

export function describeKillPoint({ execution, moment, delayMs }: KillPoint): string {
  return moment === 'during' ? `${execution} +${delayMs} ms` : `${moment} ${execution}`;
}
