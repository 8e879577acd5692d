import { expect, it } from 'vitest';
import { requirePart } from '../support/parts';
import { JAVA, MAVEN } from '../support/skipping-server';
import { judgeYear, trustedImages } from './judge-year';
import { monthsFrom, TIME_ZONE, yearSite, type Month } from './months';
import { patchMonth, type MonthEnded } from './patch-month';
import { SkippingLab } from './skipping-lab';

/** Trusted Hosts: more by hand, such as YEAR_HOSTS=8. */
const HOSTS = Number(process.env['YEAR_HOSTS'] ?? 2);
const LARGE = HOSTS >= 64;
const DEADLINE_MS = 240_000 + HOSTS * 60_000;

const WHAT = 'a year of monthly patches, with time that skips';
const IMAGE = /\d+\.\d+\.\d+-\S+/;

if ([JAVA, MAVEN].every((part) => requirePart(part, WHAT))) {
  it(
    'a year of monthly patches in windows: no image in use is removed, no host loses its attestation, nothing grows',
    { timeout: DEADLINE_MS },
    async () => {
      await using lab = await SkippingLab.start(yearSite({ trustAuthority: LARGE ? 8 : 2, trusted: HOSTS }));
      const { world } = lab.simulator;
      const [image = ''] = trustedImages(world);
      const trustedHosts = world.state.hosts.filter(({ trust }) => trust === null).map(({ name }) => name);
      const months = monthsFrom(await lab.now());
      const ended: MonthEnded[] = [];
      for (const month of months) ended.push(await patchMonth(lab, month));

      expect(judgeYear(world.events.all(), { image, trustedHosts }, TIME_ZONE)).toEqual([]);
      expect(ended.map(({ outcome, run }) => run?.outcome ?? outcome)).toEqual(
        months.map(({ worker }) => (worker === 'misses the window' ? 'missed' : 'completed')),
      );
      // What the last full boot was on, what ran before, and what runs.
      const [full, before, now] = [7, 10, 11].map((index) => months[index]?.baseImage);
      expect(trustedImages(world)).toEqual([full, before, now]);
      const removed = ended.flatMap(({ run }) => run?.removed.map((version) => IMAGE.exec(version)?.[0]) ?? []);
      expect(new Set(removed)).toEqual(new Set([image, ...months.filter(wentAgain).map((m) => m.baseImage)]));
      // The worker that left in the middle of the run took the next host in hand in another night, weeks later.
      const [first, next] = ended[2]?.run?.days ?? [];
      expect(Date.parse(next ?? '') - Date.parse(first ?? '')).toBeGreaterThan(14 * 24 * 3_600_000);
    },
  );
}

/** Trusted once, and no longer at the end. */
function wentAgain({ number, worker }: Month): boolean {
  return worker !== 'misses the window' && ![8, 11, 12].includes(number);
}
