import type { BootedImage, BootRecord, ObservedBoot, SeenBoot } from '../model/boots';

/** How many images a record names; older ones are left out, and with them what a revert would find. */
const MOST_BEFORE = 24;

/** So many possible images of the last full boot are as good as none known. */
const MOST_POSSIBLE = 24;

/**
 * The images that a host may attest with: those that may be the one of its last full boot (R12, R13).
 * @param now the host as it is seen now
 * @returns empty when nothing is known: it was never observed, or has booted since, by whomever and however
 */
export function mayAttestWith(record: BootRecord | undefined, now: SeenBoot): BootedImage[] {
  // A full boot never leaves the boot time as it was, so the same time says: none since.
  return record !== undefined && now.bootTime === record.bootTime ? record.lastFullBoot : [];
}

/**
 * The record of a host after a run brought it to its image.
 * @param record what was known before; anything unobserved in between makes it worthless
 */
export function recordBoot(record: BootRecord | undefined, observed: ObservedBoot): BootRecord {
  const { subject, at, runId, now } = observed;
  // Told twice it is one observation.
  if (record?.at === at && record.runId === runId) return record;
  return {
    subject,
    runs: imageOf(now),
    bootTime: now.bootTime,
    at,
    runId,
    lastFullBoot: lastFullBoot(record, observed),
    before: ranBefore(record, observed),
  };
}

function lastFullBoot(
  record: BootRecord | undefined,
  { baseline, now, bootedFully, severalTries }: ObservedBoot,
): BootedImage[] {
  const before = mayAttestWith(record, baseline);
  if (now.bootTime === baseline.bootTime) return before;
  if (bootedFully) return [imageOf(now)];
  // Tried several times, it may have booted in between, by whomever and whatever.
  if (before.length === 0 || severalTries === true) return [];
  const others = [imageOf(baseline), ...before].filter(({ build }) => build !== now.build);
  const all = [
    imageOf(now),
    ...others.filter((one, at) => others.findIndex(({ build }) => build === one.build) === at),
  ];
  return all.length > MOST_POSSIBLE ? [] : all;
}

function ranBefore(record: BootRecord | undefined, { baseline, now, at }: ObservedBoot): BootRecord['before'] {
  const known = record?.before ?? [];
  if (baseline.build === now.build) return known;
  return [{ ...imageOf(baseline), until: at }, ...known].slice(0, MOST_BEFORE);
}

function imageOf({ version, build }: SeenBoot): BootedImage {
  return { version, build };
}
