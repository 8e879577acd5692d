import { describe, inject, it } from 'vitest';
import { crashSeed } from '../support/crash/kill-points';
import { randomOrder, type RandomOrder } from '../support/crash/random-order';

/**
 * Random orders: faults, decisions of people and kills of the worker, all by a seed. One that fails is had again with
 * `CRASH_SEED=<seed> RANDOM_ORDERS=1 npm test -- test/crash/random-orders`; `RANDOM_ORDERS=200` makes more of them.
 */
// `npm test` has the same orders each time; others are had with a seed of one's own.
const FIRST = process.env['CRASH_SEED'] === undefined ? 3000 : crashSeed();
const ORDERS = Number(process.env['RANDOM_ORDERS'] ?? 25);
/** Side by side: an order waits most of its time. */
const AT_ONCE = 8;

/** Looks at a run, a third of a second each, until people mend the world; a longer run may leave them more time. */
const PATIENCE = ORDERS > 25 ? 400 : 150;

describe(`random orders, CRASH_SEED=${FIRST}`, { timeout: 400_000 + ORDERS * 60_000, retry: 0 }, () => {
  it(`${ORDERS} of them keep the rules, and end with a true report and an audit that explains the world`, async ({
    expect,
  }) => {
    const began = Date.now();
    const seeds = Array.from({ length: ORDERS }, (_, index) => FIRST + index);
    const orders: RandomOrder[] = [];
    const work = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const order = await randomOrder(seed, {
          address: inject('temporalAddress'),
          workflowBundle: inject('workflowBundlePath'),
          patience: PATIENCE,
        });
        orders.push(order);
        const { end, faults, differs, gaveUpOn, kills, removal, told, milliseconds, wrong } = order;
        console.log(
          `seed ${seed}: ${end} in ${milliseconds} ms; ${kills} kills; ${faults.join(', ')}; ${told.length} answers; ${differs.join(', ')}` +
            (removal === undefined ? '' : `\n  base images: ${removal}`) +
            gaveUpOn.map((step) => `\n  gave up on ${step}`).join('') +
            (wrong.length === 0 ? '' : `\n  WRONG: ${wrong.join('\n  ')}`),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    console.log(summary(orders, Date.now() - began));
    const wrong = orders.filter((order) => order.wrong.length > 0);
    expect(wrong.map(({ seed, wrong: rules }) => `CRASH_SEED=${seed} RANDOM_ORDERS=1: ${rules.join('\n')}`)).toEqual(
      [],
    );
    // Orders in which nothing happens would prove nothing.
    if (ORDERS >= 10) expect(new Set(orders.flatMap(({ faults }) => faults)).size).toBeGreaterThan(4);
    if (ORDERS >= 10) expect(orders.filter(({ removed }) => removed > 0).length).toBeGreaterThan(0);
  });
});

function summary(orders: readonly RandomOrder[], milliseconds: number): string {
  const count = (of: readonly string[]): string => {
    const counts = new Map<string, number>();
    for (const each of of) counts.set(each, (counts.get(each) ?? 0) + 1);
    return [...counts].map(([what, times]) => `${what} ${times}`).join(', ');
  };
  return [
    `${orders.length} orders in ${Math.round(milliseconds / 1000)} s: ${count(orders.map(({ end }) => end))}`,
    `faults: ${count(orders.flatMap(({ faults }) => faults))}`,
    `base images removed: ${orders.reduce((sum, { removed }) => sum + removed, 0)}`,
    `sites and requests: ${count(orders.flatMap(({ differs }) => differs))}`,
    `kills: ${orders.reduce((sum, { kills }) => sum + kills, 0)}`,
    `said: ${count(orders.flatMap(({ told }) => told.map((each) => each.replace(/^(decided \w+|\w+).*/, '$1'))))}`,
  ].join('\n');
}
