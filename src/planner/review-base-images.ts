import type {
  AttestingHost,
  BaseImageFacts,
  BaseImageRemoval,
  BaseImageReview,
  BaseImageVerdict,
  TrustedImageFacts,
} from '../model/base-image-review';
import type { BootedImage } from '../model/boots';
import { formatDuration } from '../model/duration';
import { mayAttestWith } from './boots';
import { instant } from './instant';
import { nameList } from './name-list';
import { esxiOf } from './versions';

/** A build as vLCM writes it in the version of a base image, or with the word before it; other numbers may be anything. */
const BUILD = /\d+\.\d+\.\d+-\d+\.\d+\.(\d+)|build[ :-]*(\d+)/gi;

/** Clocks of two vCenters may differ by so much before one would take the other's times wrongly. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

/**
 * Which trusted base images nothing needs any more (R13, R15, R30). Every doubt keeps an image: a host that cannot be
 * asked, a boot that nobody observed, a consumer that is not known.
 */
export function reviewBaseImages(facts: BaseImageFacts, removal: BaseImageRemoval): BaseImageReview {
  const blocked = whyNothingMayGo(facts);
  const verdicts = facts.images.map((image) => judge(image, facts, removal, blocked));
  // The API would let a cluster without any image be; its hosts could never attest again (R31).
  const allWouldGo = verdicts.length > 0 && verdicts.every(({ mayGo }) => mayGo);
  if (!allWouldGo) return { blocked, images: verdicts };
  const all = 'no trusted image would be left';
  return {
    blocked: [...blocked, `Of all trusted images none is known to be in use, and ${all}: what hosts use is unclear.`],
    images: verdicts.map((verdict) => ({ ...verdict, mayGo: false, why: [`it stays: ${all}`] })),
  };
}

function whyNothingMayGo({ hosts, unknownConsumers, trustAuthorityHostsAway, openRecoveries }: BaseImageFacts) {
  return [
    ...(hosts.length === 0 ? ['No Trusted Host was found, so it is not known which images are in use.'] : []),
    ...unknownConsumers.map(
      (name) => `A vCenter that the infrastructure file does not name uses this Trust Authority Cluster: ${name}.`,
    ),
    ...trustAuthorityHostsAway.map((name) => `Trust Authority Host ${name} is not connected.`),
    ...openRecoveries.map((name) => `The recovery of host ${name} is not over.`),
    ...hosts.flatMap(whyHostIsUnclear),
  ];
}

function whyHostIsUnclear(host: AttestingHost): string[] {
  const { name, connection, attestation, record } = host;
  if (connection !== 'connected') return [`Trusted Host ${name} is ${connection}: what it attests with is not known.`];
  if (attestation !== 'attested') return [`Trusted Host ${name} does not attest now (${attestation}).`];
  if (record === undefined)
    return [`Which image ${name} last booted fully is not known: no run of ours has observed it. A full reboot tells.`];
  if (host.bootTime !== record.bootTime)
    return [
      `Which image ${name} last booted fully is not known: it booted at ${host.bootTime ?? 'an unknown time'}, which no run of ours has observed. A full reboot by a run tells.`,
    ];
  return record.lastFullBoot.length > 0 ? [] : [`Which image ${name} last booted fully is not known.`];
}

function judge(
  image: TrustedImageFacts,
  facts: BaseImageFacts,
  removal: BaseImageRemoval,
  blocked: string[],
): BaseImageVerdict {
  const { version, displayName, lastAttested, file } = image;
  const stays = [
    ...(blocked.length > 0 ? ['nothing may be removed now'] : []),
    ...whyDesired(image, facts),
    ...whyHostsNeed(image, facts, removal.keepForMs),
    ...whyAttestedLately(image, facts, removal.keepForMs),
    ...(image.health === 'OK' ? [] : [`its health is ${image.health}: the Trust Authority Hosts may differ in it`]),
    ...(file === undefined && !removal.withoutFile.includes(version)
      ? ['the archive holds no file of it, so it could not be imported again; name it in "withoutFile" to accept that']
      : []),
  ];
  return {
    version,
    displayName,
    ...(lastAttested === undefined ? {} : { lastAttested }),
    ...(file === undefined ? {} : { file }),
    mayGo: stays.length === 0,
    why: stays.length > 0 ? stays : whyItMayGo(image, facts),
  };
}

function whyDesired(image: TrustedImageFacts, { desired }: BaseImageFacts): string[] {
  return desired.flatMap(({ cluster, baseImage }) => {
    const build = esxiOf(baseImage)?.build;
    return build === undefined || mayBe(image, { build })
      ? [`it may be that of the desired image ${baseImage} of cluster ${cluster}`]
      : [];
  });
}

/** Hosts are many: those with one reason stand in one sentence. */
function whyHostsNeed(image: TrustedImageFacts, facts: BaseImageFacts, keepForMs: number): string[] {
  const needs = facts.hosts.flatMap((host) => needOf(image, host, facts, keepForMs) ?? []);
  const of = (kind: Need['kind']) => needs.filter((need) => need.kind === kind);
  const names = (some: Need[]) => nameList(some.map(({ name }) => name));
  const ran = of('ran');
  const until =
    ran
      .flatMap((need) => need.until ?? [])
      .toSorted()
      .at(-1) ?? '';
  return [
    ...sentence(of('runs'), (some) => `it runs on ${names(some)}`),
    ...sentence(of('booted'), (some) => `${names(some)} last booted it fully`),
    ...sentence(of('may have booted'), (some) => `${names(some)} may have booted it fully last`),
    ...sentence(ran, (some) => `${names(some)} ran it until ${until}; ${kept(keepForMs)} for a revert`),
  ];
}

function sentence(needs: Need[], words: (needs: Need[]) => string): string[] {
  return needs.length === 0 ? [] : [words(needs)];
}

function kept(keepForMs: number): string {
  return `it is kept for ${formatDuration(keepForMs)} after that`;
}

/** What a host needs an image for. */
interface Need {
  name: string;
  kind: 'runs' | 'booted' | 'may have booted' | 'ran';
  until?: string;
}

function needOf(
  image: TrustedImageFacts,
  host: AttestingHost,
  facts: BaseImageFacts,
  keepForMs: number,
): Need | undefined {
  const { name, record } = host;
  if (mayBe(image, host)) return { name, kind: 'runs' };
  const booted = narrowed(mayAttestWith(record, host), host, facts.images);
  if (booted.some((one) => mayBe(image, one)))
    return { name, kind: booted.length === 1 ? 'booted' : 'may have booted' };
  const ran = record?.before.find(
    (one) => mayBe(image, one) && !(instant(facts.readAt) - instant(one.until) >= keepForMs),
  );
  return ran === undefined ? undefined : { name, kind: 'ran', until: ran.until };
}

/**
 * Where a host may have booted one of several images, the Trust Authority Cluster tells which (R15): the one that it
 * last attested with was attested no earlier than the host. Without any such image nothing is concluded.
 */
function narrowed(possible: BootedImage[], host: AttestingHost, images: TrustedImageFacts[]): BootedImage[] {
  const { attestedAt, bootTime } = host;
  if (possible.length < 2 || attestedAt === undefined || bootTime === undefined) return possible;
  if (instant(attestedAt) <= instant(bootTime)) return possible;
  const latest = (one: BootedImage): number =>
    Math.max(
      ...images.filter((image) => mayBe(image, one)).map(({ lastAttested }) => instant(lastAttested ?? '') || 0),
      0,
    );
  const proved = possible.some((one) => latest(one) >= instant(attestedAt));
  return proved ? possible.filter((one) => latest(one) >= instant(attestedAt) - CLOCKS_DIFFER_MS) : possible;
}

function whyAttestedLately({ lastAttested }: TrustedImageFacts, { readAt }: BaseImageFacts, keepForMs: number) {
  if (lastAttested === undefined || instant(readAt) - instant(lastAttested) >= keepForMs) return [];
  return [`a host attested with it at ${lastAttested}; ${kept(keepForMs)}`];
}

function whyItMayGo({ lastAttested }: TrustedImageFacts, { hosts }: BaseImageFacts): string[] {
  return [
    `none of ${hosts.length} Trusted Hosts runs it or last booted it fully`,
    lastAttested === undefined ? 'no host is known to have attested with it' : `last attested with at ${lastAttested}`,
  ];
}

/**
 * Whether a trusted image may be the one that a host booted. How the Trust Authority names images is not documented: an
 * image whose name shows no build may be any.
 */
function mayBe({ version, displayName }: TrustedImageFacts, { build }: { build: string }): boolean {
  const builds = [...`${version} ${displayName}`.matchAll(BUILD)].map(([, vlcm, worded]) => vlcm ?? worded);
  return builds.length === 0 || builds.includes(build);
}
