import { cpus } from 'node:os';
import { render, type Figure } from './figure';
import { measureLarge } from './measure-large';
import { measureSimulator } from './measure-simulator';
import { measureWallTime } from './measure-wall-time';
import { measureWorker } from './measure-worker';

/** By the name that selects one on the command line. */
const MEASUREMENTS: Record<string, () => Promise<Figure[]>> = {
  simulator: measureSimulator,
  worker: measureWorker,
  'wall-time': measureWallTime,
  large: measureLarge,
};

/*
 * `npm run bench`, `npm run bench -- worker`: measures what docs/limits.md states, on this machine, and says how. Nothing
 * else should run beside it.
 */
async function main(chosen: string[]): Promise<void> {
  const unknown = chosen.filter((name) => MEASUREMENTS[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`no ${unknown.join(', ')}; there are ${Object.keys(MEASUREMENTS).join(', ')}`);
  const [cpu] = cpus();
  console.log(`${new Date().toISOString()}, Node ${process.version}, ${cpus().length} x ${cpu?.model ?? 'unknown'}`);
  let missed = 0;
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const figures = await measure();
    for (const figure of figures) console.log(render(figure));
    missed += figures.filter(({ ok }) => !ok).length;
  }
  console.log(missed === 0 ? 'Every limit is kept.' : `${missed} limits are missed.`);
  process.exit(missed === 0 ? 0 : 1); // the SDK's native part would keep the process
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});
