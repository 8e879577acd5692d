import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damageJson } from './support/fuzz/damage-json';
import { damageXml } from './support/fuzz/damage-xml';
import { dice, type Dice } from '../support/dice';
import { restSpecimens } from './support/fuzz/rest-specimens';
import { soapSpecimens } from './support/fuzz/soap-specimens';
import { newTally, tryMutant, type Specimen } from './support/fuzz/tally';
import { startSimulatedVCenters, type SimulatedVCenters } from './vim/support/simulated-vcenters';

/*
 * Both readers of answers, whole: a client is given a damaged answer in the place of a good one. It gives a value that
 * has the declared shape, or one of the errors of `errors.ts`, which names what is wrong. `FUZZ_MUTANTS` makes more of
 * them; `FUZZ_SEED` makes the same ones again.
 */

const SEED = wholeNumber('FUZZ_SEED', Date.now() % 1_000_000);
const MUTANTS = wholeNumber('FUZZ_MUTANTS', 100_000);
/** XML costs more time for each mutant. */
const XML_SHARE = 0.15;
/** What a mutant may take; most take a tenth of a millisecond, and the machine may be busy. */
const HANGS_MS = 5_000;

interface Readable extends Specimen {
  read: (bytes: Buffer, how?: { delimited: boolean }) => Promise<unknown>;
}

async function fuzz<S extends Readable>(
  what: string,
  specimens: readonly S[],
  count: number,
  damage: (specimen: S, dice: Dice) => Buffer,
): Promise<void> {
  const tally = newTally();
  const began = performance.now();
  for (let number = 0; number < count; number += 1) {
    const chosen = dice(SEED + number * 7_919);
    const specimen = chosen.pick(specimens);
    const bytes = damage(specimen, chosen);
    const how = { delimited: !chosen.chance(0.1) };
    await tryMutant(specimen, `#${number}`, bytes, () => specimen.read(bytes, how), tally);
    if (tally.wrong.length >= 5) break;
  }
  const { asBefore, changed, refused, wrong, slowest } = tally;
  const refusals = Object.values(refused).reduce((sum, each) => sum + each, 0);
  console.log(
    `${what}, FUZZ_SEED=${SEED}: ${asBefore + changed + refusals} mutants of ${specimens.length} answers in ` +
      `${Math.round(performance.now() - began)} ms: ${asBefore} read as before, ${changed} with a changed value, ` +
      `${refusals} refused (${JSON.stringify(refused)}); the slowest took ${Math.round(slowest)} ms`,
  );
  expect(wrong.join('\n\n')).toBe('');
  expect(slowest).toBeLessThan(HANGS_MS);
  // Damage that is always or never noticed would prove nothing.
  expect(Math.min(asBefore, changed, refusals)).toBeGreaterThan(count / 100);
}

describe(`damaged answers (FUZZ_SEED=${SEED})`, { timeout: 60_000 + MUTANTS }, () => {
  let vCenters: SimulatedVCenters;

  beforeAll(async () => {
    vCenters = await startSimulatedVCenters();
  });
  afterAll(() => vCenters[Symbol.asyncDispose]());

  it('of the REST API are read in their declared shape, or refused by name', async () => {
    const specimens = await restSpecimens(SEED);
    await fuzz('REST', specimens, Math.round(MUTANTS * (1 - XML_SHARE)), ({ answer }, chosen) =>
      damageJson(answer, chosen),
    );
  });

  it('of vim25 are read in their declared shape, or refused by name', async () => {
    const specimens = await soapSpecimens(vCenters);
    await fuzz('SOAP', specimens, Math.round(MUTANTS * XML_SHARE), ({ document }, chosen) =>
      damageXml(document, chosen),
    );
  });
});

function wholeNumber(variable: string, otherwise: number): number {
  const given = process.env[variable] ?? '';
  const number = given === '' ? otherwise : Number(given);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`${variable} must be a whole number, not "${given}"`);
  return number;
}
