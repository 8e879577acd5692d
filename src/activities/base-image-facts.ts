import type { AttestingHost, BaseImageFacts, TrustedImageFacts } from '../model/base-image-review';
import type { BootRecord } from '../model/boots';
import type { LedgerState } from '../model/ledger';
import type { Pace } from '../model/pace';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { HostSystem } from '../vsphere/vim/hosts';
import { sha256 } from './archive';
import { BASE_IMAGES, hostsAway } from './base-images';
import { bestAttestation } from './cluster-facts';
import { vCenterName } from './connections';
import type { Site } from './dependencies';
import { keptBaseImages, type KeptBaseImage } from './kept-base-images';
import { readLedger } from './ledger';
import { healthOf } from './trust-authority-facts';
import { trustAuthorityReader } from './trust-authority-reader';
import { callOptions } from './wait';

/** Reads what decides whether trusted base images may go (R13, R15), and changes nothing. */
export async function readBaseImageFacts(site: Site, pace: Pace): Promise<BaseImageFacts> {
  const ledger = await readLedger(site.infrastructure.name, pace);
  const desired = await readDesired(site, pace);
  // Images are read after the hosts: what a host attests with meanwhile then shows as attested later, never as unused.
  const hosts = await readAttestingHosts(site, pace, ledger?.boots);
  return {
    hosts,
    desired,
    images: await readImages(site, pace),
    unknownConsumers: await unknownConsumers(site, pace),
    trustAuthorityHostsAway: await hostsAway(site, pace),
    openRecoveries: openRecoveries(ledger),
    readAt: new Date(site.now()).toISOString(),
  };
}

async function readDesired(site: Site, pace: Pace): Promise<BaseImageFacts['desired']> {
  const desired: BaseImageFacts['desired'] = [];
  for (const { vCenter, clusters, referenceClusters = [] } of site.infrastructure.trusted) {
    // What a reference host was upgraded for is about to be the image of Trusted Hosts, though none has it yet.
    for (const cluster of [...clusters, ...referenceClusters]) {
      const baseImage = await desiredBaseImage(site, vCenterName(vCenter), cluster, pace);
      if (baseImage !== undefined) desired.push({ cluster, baseImage });
    }
  }
  return desired;
}

/**
 * Every host that attests with the Trust Authority Cluster, or should.
 * @param boots what the ledger knows of their boots
 */
export async function readAttestingHosts(site: Site, pace: Pace, boots: BootRecord[] = []): Promise<AttestingHost[]> {
  const hosts: AttestingHost[] = [];
  for (const { vCenter: endpoint, clusters } of site.infrastructure.trusted) {
    const name = vCenterName(endpoint);
    const { vim } = await site.connections.vCenter(name);
    const ids = new Map<string, string>();
    for (const cluster of clusters) ids.set(await site.connections.clusterId(name, cluster), cluster);
    const all = await vim.hosts.all(callOptions(pace));
    // A cluster that the file does not name may be a Trusted Cluster too: all its hosts attest with the same images.
    const attesting = new Set(all.flatMap((one) => (attests(one) ? [one.cluster] : [])));
    for (const host of all) {
      const cluster = ids.get(host.cluster ?? '');
      const trusted = attests(host) || (host.cluster !== undefined && attesting.has(host.cluster));
      if (cluster === undefined && !trusted) continue;
      hosts.push(attestingHost(host, name, cluster, boots));
    }
  }
  return hosts;
}

function attests({ trustAuthorityAttestations: told = [] }: HostSystem): boolean {
  return told.length > 0;
}

/** Without a desired image a cluster asks for none; managed by baselines it has none. */
async function desiredBaseImage(site: Site, vCenter: string, cluster: string, pace: Pace): Promise<string | undefined> {
  const { lifecycle } = await site.connections.vCenter(vCenter);
  const id = await site.connections.clusterId(vCenter, cluster);
  if (!(await lifecycle.isImageManaged(id, callOptions(pace)))) return undefined;
  try {
    return (await lifecycle.software(id, callOptions(pace))).base_image.version;
  } catch (error) {
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return undefined;
    throw error;
  }
}

function attestingHost(
  host: HostSystem,
  vCenter: string,
  cluster: string | undefined,
  boots: BootRecord[],
): AttestingHost {
  const record = boots.find(({ subject }) => subject.uuid === host.uuid);
  const attested = (host.trustAuthorityAttestations ?? []).flatMap(({ status, attestedAt }) =>
    status === 'attested' && attestedAt !== undefined ? [attestedAt] : [],
  );
  const attestedAt = attested.sort((one, other) => Date.parse(other) - Date.parse(one))[0];
  return {
    name: host.name,
    uuid: host.uuid ?? 'unknown',
    vCenter,
    ...(cluster === undefined ? {} : { cluster }),
    connection: host.connectionState,
    version: host.version ?? 'unknown',
    build: host.build ?? 'unknown',
    ...(host.bootTime === undefined ? {} : { bootTime: host.bootTime }),
    attestation: bestAttestation(host),
    refusedBySome: (host.trustAuthorityAttestations ?? []).some(({ status }) => status === 'notAttested'),
    ...(attestedAt === undefined ? {} : { attestedAt }),
    ...(record === undefined ? {} : { record }),
  };
}

async function readImages(site: Site, pace: Pace): Promise<TrustedImageFacts[]> {
  const { baseImages, cluster, run } = await trustAuthorityReader(site, pace);
  const kept = await keptBaseImages(site);
  const images: TrustedImageFacts[] = [];
  for (const { version } of await run((o) => baseImages.list(cluster, o))) {
    const image = await run((o) => baseImages.get(cluster, version, o));
    const file = await wholeFile(site, kept, version);
    images.push({
      version,
      displayName: image.display_name,
      health: healthOf(image.health),
      ...(image.last_attested_time === undefined ? {} : { lastAttested: image.last_attested_time }),
      ...(file === undefined ? {} : { file }),
    });
  }
  return images;
}

/** A file in the archive by which an image could be imported again: there, and as it was when it was imported. */
async function wholeFile(
  site: Site,
  kept: KeptBaseImage[],
  version: string,
): Promise<TrustedImageFacts['file'] | undefined> {
  for (const { name, sha256: digest } of kept.filter((one) => one.version === version)) {
    const bytes = digest === undefined ? undefined : await site.archive.read(`${BASE_IMAGES}/${name}`);
    if (bytes !== undefined && digest !== undefined && sha256(bytes) === digest) return { name, sha256: digest };
  }
  return undefined;
}

/** Consumers of the Trust Authority Cluster that are none of the configured vCenters (R13). */
async function unknownConsumers(site: Site, pace: Pace): Promise<string[]> {
  const { api, cluster, run } = await trustAuthorityReader(site, pace);
  const known: string[] = [];
  for (const { vCenter } of site.infrastructure.trusted) {
    const { trustedClusters } = await site.connections.vCenter(vCenterName(vCenter));
    known.push((await trustedClusters.principal(callOptions(pace))).issuer);
  }
  const profiles = await run((o) => api.consumerPrincipals(cluster, o));
  const consumers: string[] = [];
  for (const { id } of profiles) {
    const { issuer, principal } = await run((o) => api.consumerPrincipal(cluster, id, o));
    if (!known.includes(issuer)) consumers.push(`${principal.id.name}@${principal.id.domain} (issuer ${issuer})`);
  }
  return consumers;
}

function openRecoveries(ledger: LedgerState | undefined): string[] {
  return (ledger?.changes ?? []).flatMap(({ kind, subject }) => (kind === 'host-removed' ? [subject.name] : []));
}
