import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttestingHost, BaseImageFacts, TrustedImageFacts } from '../../src/model/base-image-review';
import type { BootRecord } from '../../src/model/boots';
import { recordBoot } from '../../src/planner/boots';
import { reviewBaseImages } from '../../src/planner/review-base-images';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-01T00:00:00Z');
const KEPT = 7 * DAY;

/** Images in the order in which vLCM gets them. */
const BUILDS = ['22380479', '23305546', '24022510', '24280767', '24674464', '24859861'];

/** A Trusted Host as it really is, beside what the product has observed of it. */
interface TrueHost {
  name: string;
  runs: string;
  bootedFully: string;
  bootTime: number;
  attestedAt: number;
  connected: boolean;
  attests: boolean;
  record?: BootRecord;
}

interface TrueWorld {
  now: number;
  hosts: TrueHost[];
  /** By build: when a host last attested with it. */
  trusted: Map<string, number | undefined>;
  desired: string;
  /** Whether a Quick Boot shows in the boot time, which is not documented. */
  quickBootShows: boolean;
}

const iso = (at: number) => new Date(at).toISOString();

function imageOf(build: string, lastAttested: number | undefined): TrustedImageFacts {
  const version = `ESXi 8.0.3-0.0.${build}`;
  return {
    version,
    displayName: version,
    health: 'OK',
    file: { name: `${build}.tgz`, sha256: build },
    ...(lastAttested === undefined ? {} : { lastAttested: iso(lastAttested) }),
  };
}

function seen({ name, runs, bootTime, attestedAt, connected, attests, record }: TrueHost): AttestingHost {
  return {
    name,
    uuid: name,
    vCenter: 'vc',
    connection: connected ? 'connected' : 'notResponding',
    version: '8.0.3',
    build: runs,
    bootTime: iso(bootTime),
    attestation: !connected ? 'unknown' : attests ? 'attested' : 'notAttested',
    attestedAt: iso(attestedAt),
    ...(record === undefined ? {} : { record }),
  };
}

function factsOf({ now, hosts, trusted, desired }: TrueWorld): BaseImageFacts {
  return {
    readAt: iso(now),
    images: [...trusted].map(([build, at]) => imageOf(build, at)),
    hosts: hosts.map(seen),
    desired: [{ cluster: 'Trusted Cluster', baseImage: `8.0.3-0.0.${desired}` }],
    unknownConsumers: [],
    trustAuthorityHostsAway: [],
    openRecoveries: [],
  };
}

function review(facts: BaseImageFacts, keepForMs = KEPT) {
  return reviewBaseImages(facts, { keepForMs, withoutFile: [] });
}

/** Hosts attest now, each with the image of its last full boot (R12). */
function attest(world: TrueWorld): void {
  world.now += 60_000;
  for (const host of world.hosts.filter(({ connected }) => connected)) {
    host.attests = world.trusted.has(host.bootedFully);
    if (!host.attests) continue;
    host.attestedAt = world.now;
    world.trusted.set(host.bootedFully, world.now);
  }
}

/** A boot, as it happens. */
function boot(world: TrueWorld, host: TrueHost, build: string, quick: boolean): void {
  host.runs = build;
  if (!quick) host.bootedFully = build;
  if (!quick || world.quickBootShows) host.bootTime = world.now;
}

/** A run of the product upgrades a host: it observes the boot. */
function upgrade(
  world: TrueWorld,
  host: TrueHost,
  build: string,
  how: 'disable' | 'keep',
  quickBootOn: boolean,
  between?: { build: string; quick: boolean },
): void {
  const baseline = { version: '8.0.3', build: host.runs, bootTime: iso(host.bootTime) };
  // The first try failed, and the host booted before the second.
  if (between !== undefined) {
    boot(world, host, between.build, between.quick);
    world.now += HOUR;
  }
  const bootedFully = how === 'disable' || !quickBootOn;
  boot(world, host, build, !bootedFully);
  world.trusted.set(build, world.trusted.get(build));
  const observed = {
    subject: { name: host.name, uuid: host.name, cluster: 'Trusted Cluster', vCenter: 'vc' },
    at: iso(world.now),
    runId: `run at ${world.now}`,
    baseline,
    now: { version: '8.0.3', build, bootTime: iso(host.bootTime) },
    bootedFully,
    ...(between === undefined ? {} : { severalTries: true as const }),
  };
  host.record = recordBoot(recordBoot(host.record, observed), observed);
}

type Step =
  | {
      kind: 'upgrade';
      host: number;
      build: number;
      how: 'disable' | 'keep';
      quickBootOn: boolean;
      between: { build: number; quick: boolean } | undefined;
    }
  | { kind: 'round'; build: number; how: 'disable' | 'keep'; quickBootOn: boolean; days: number }
  | { kind: 'stranger boots'; host: number; build: number; quick: boolean }
  | { kind: 'crash'; host: number }
  | { kind: 'back'; host: number }
  | { kind: 'ledger lost'; host: number }
  | { kind: 'attest' }
  | { kind: 'days'; days: number }
  | { kind: 'desired'; build: number }
  | { kind: 'remove' };

const index = (of: readonly unknown[]) => fc.nat({ max: of.length - 1 });
const hostIndex = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('upgrade' as const),
      host: hostIndex,
      build: index(BUILDS),
      how: fc.constantFrom('disable' as const, 'keep' as const),
      quickBootOn: fc.boolean(),
      between: fc.option(fc.record({ build: index(BUILDS), quick: fc.boolean() }), { nil: undefined }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('round' as const),
      build: index(BUILDS),
      how: fc.constantFrom('disable' as const, 'keep' as const),
      quickBootOn: fc.boolean(),
      days: fc.integer({ min: 0, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stranger boots' as const),
      host: hostIndex,
      build: index(BUILDS),
      quick: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), host: hostIndex }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('back' as const), host: hostIndex }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ledger lost' as const), host: hostIndex }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'attest' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('desired' as const), build: index(BUILDS) }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'remove' as const }) },
);

function newWorld(quickBootShows: boolean): TrueWorld {
  const [first = ''] = BUILDS;
  const hosts = ['host-1', 'host-2', 'host-3'].map((name) => ({
    name,
    runs: first,
    bootedFully: first,
    bootTime: START - DAY,
    attestedAt: START,
    connected: true,
    attests: true,
  }));
  return { now: START, hosts, trusted: new Map([[first, START]]), desired: first, quickBootShows };
}

/** Lets one thing happen. Returns the builds that were removed. */
function happen(world: TrueWorld, what: Step): string[] {
  world.now += HOUR;
  const host = 'host' in what ? world.hosts[what.host] : undefined;
  const build = 'build' in what ? (BUILDS[what.build] ?? '') : '';
  switch (what.kind) {
    case 'upgrade':
      if (host?.connected === true) {
        const { between } = what;
        const other = between && { build: BUILDS[between.build] ?? '', quick: between.quick };
        upgrade(world, host, build, what.how, what.quickBootOn, other);
      }
      return [];
    case 'round':
      world.desired = build;
      for (const one of world.hosts.filter(({ connected }) => connected))
        upgrade(world, one, build, what.how, what.quickBootOn);
      attest(world);
      world.now += what.days * DAY;
      return [];
    case 'stranger boots':
      if (host?.connected === true) boot(world, host, build, what.quick);
      return [];
    case 'crash':
      if (host !== undefined) host.connected = false;
      return [];
    case 'back':
      if (host?.connected === false) {
        host.connected = true;
        boot(world, host, host.runs, false);
      }
      return [];
    case 'ledger lost':
      delete host?.record;
      return [];
    case 'attest':
      attest(world);
      return [];
    case 'days':
      world.now += what.days * DAY;
      return [];
    case 'desired':
      world.desired = build;
      world.trusted.set(build, world.trusted.get(build));
      return [];
    case 'remove': {
      const gone = review(factsOf(world))
        .images.filter(({ mayGo }) => mayGo)
        .map(({ version }) => version.slice(-8));
      for (const one of gone) world.trusted.delete(one);
      return gone;
    }
  }
}

describe('base images that may go', () => {
  it('are never in use, whatever boots, Quick Boots, crashes and losses came before', () => {
    let removed = 0;
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 60 }), (quickBootShows, steps) => {
        const world = newWorld(quickBootShows);
        for (const what of steps) {
          const gone = happen(world, what);
          removed += gone.length;
          for (const { name, runs, bootedFully } of world.hosts)
            expect({ name, gone: gone.filter((build) => build === runs || build === bootedFully) }).toEqual({
              name,
              gone: [],
            });
          expect(gone).not.toContain(world.desired);
          expect(world.trusted.size).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
    // The property must not hold for want of removals.
    expect(removed).toBeGreaterThan(100);
  });

  it('are not all that were, month by month, with Quick Boot kept: their number does not grow', () => {
    const world = newWorld(true);
    const sizes: number[] = [];
    BUILDS.slice(1).forEach((build, month) => {
      world.now += 30 * DAY;
      world.desired = build;
      for (const host of world.hosts) upgrade(world, host, build, month === 0 ? 'disable' : 'keep', true);
      world.now += HOUR;
      attest(world);
      happen(world, { kind: 'remove' });
      sizes.push(world.trusted.size);
    });
    // The first full boot's image stays in use all the time; the month's and the last month's are kept beside it.
    expect(sizes).toEqual([2, 2, 3, 3, 3]);
    expect([...world.trusted.keys()]).toEqual([BUILDS[1], BUILDS[4], BUILDS[5]]);
  });

  const facts = (changes: Partial<BaseImageFacts> = {}): BaseImageFacts => {
    const world = newWorld(true);
    for (const host of world.hosts) upgrade(world, host, BUILDS[1] ?? '', 'disable', false);
    world.desired = BUILDS[1] ?? '';
    world.now += 30 * DAY;
    attest(world);
    return { ...factsOf(world), ...changes };
  };
  const goes = (of: BaseImageFacts) =>
    review(of)
      .images.filter(({ mayGo }) => mayGo)
      .map(({ version }) => version);
  const OLD = `ESXi 8.0.3-0.0.${BUILDS[0] ?? ''}`;

  it('go when nothing needs them', () => {
    expect(goes(facts())).toEqual([OLD]);
    expect(review(facts()).images[0]?.why[0]).toBe('none of 3 Trusted Hosts runs it or last booted it fully');
  });

  it.each<[string, Partial<BaseImageFacts>, string]>([
    ['a consumer that is not known', { unknownConsumers: ['other-vc@vsphere.local'] }, 'does not name uses'],
    ['a Trust Authority Host that is away', { trustAuthorityHostsAway: ['ta-host-1'] }, 'ta-host-1 is not connected'],
    ['a recovery that is not over', { openRecoveries: ['ta-host-1'] }, 'The recovery of host ta-host-1'],
    ['no host at all', { hosts: [] }, 'No Trusted Host was found'],
  ])('all stay while there is %s', (_what, changes, why) => {
    expect(goes(facts(changes))).toEqual([]);
    expect(review(facts(changes)).blocked.join()).toContain(why);
  });

  it.each<[string, Partial<AttestingHost>, string]>([
    ['is not connected', { connection: 'notResponding' }, 'is notResponding'],
    ['does not attest', { attestation: 'notAttested' }, 'does not attest now'],
    ['is not known to attest', { attestation: 'unknown' }, 'does not attest now (unknown)'],
    ['has booted since', { bootTime: '2026-01-20T00:00:00Z' }, 'which no run of ours has observed'],
    ['tells no boot time', { bootTime: '' }, 'which no run of ours has observed'],
  ])('all stay while a host %s', (_what, change, why) => {
    const all = facts();
    const hosts = all.hosts.map((host, at) => (at === 1 ? { ...host, ...change } : host));
    expect(goes({ ...all, hosts })).toEqual([]);
    expect(review({ ...all, hosts }).blocked.join()).toContain(why);
  });

  it.each(['b', 'released 20240605', '8.0.3 (22380479)'])(
    'do not go while their names tell no build, for they may be any: %s',
    (displayName) => {
      const all = facts();
      const images = all.images.map((image, at) => (at === 0 ? { ...image, version: 'a', displayName } : image));
      expect(goes({ ...all, images })).toEqual([]);
    },
  );

  it('go by a build that is told in words', () => {
    const all = facts();
    const displayName = `ESXi 8.0.2 build-${BUILDS[0] ?? ''}`;
    const images = all.images.map((image, at) => (at === 0 ? { ...image, version: 'a', displayName } : image));
    expect(goes({ ...all, images })).toEqual(['a']);
  });

  it('do not go for want of a file, of health, or of the time they are kept', () => {
    const all = facts();
    const changed = (change: Partial<TrustedImageFacts>) =>
      all.images.map((image, at) => (at === 0 ? { ...image, ...change } : image));
    const [old] = all.images;
    const { file: _file, ...withoutFile } = old ?? imageOf('', undefined);
    expect(goes({ ...all, images: [withoutFile, ...all.images.slice(1)] })).toEqual([]);
    expect(goes({ ...all, images: changed({ health: 'ERROR' }) })).toEqual([]);
    expect(goes({ ...all, images: changed({ lastAttested: all.readAt }) })).toEqual([]);
    expect(review(all, 60 * DAY).images[0]?.why.join()).toContain('it is kept for 1440h after that for a revert');
  });

  it('never leave none', () => {
    const all = facts();
    const images = all.images.slice(0, 1);
    expect(goes({ ...all, images })).toEqual([]);
    expect(review({ ...all, images }).blocked.join()).toContain('no trusted image would be left');
  });
});
