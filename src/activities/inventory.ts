import type { BaseImageSource, UpgradeRequest } from '../model/request';
import type { Inventory, PrincipalFacts } from '../model/inventory';
import { scalePace, type Pace } from '../model/pace';
import { sha256 } from './archive';
import { readBaseImageFacts } from './base-image-facts';
import { BASE_IMAGES } from './base-images';
import { readClusterFacts, readHostByName } from './cluster-facts';
import { vCenterName } from './connections';
import type { Site } from './dependencies';
import { findMissingSecrets } from './not-restorable';
import { readLeftBehind } from './ledger';
import { findMissingPrivileges, forRecovery } from './privileges';
import { readTrustAuthorityFacts } from './trust-authority-facts';
import { readVCenterFacts } from './vcenter-facts';
import { readVtaConfiguration } from './vta-configuration';
import { callOptions } from './wait';

/**
 * Reads everything that planning needs, and changes nothing.
 * @param openChildren ids of children of an earlier run that are still open
 */
export async function readInventory(
  site: Site,
  request: Pick<UpgradeRequest, 'baseImage' | 'removeBaseImages' | 'recoverTrustedHosts'>,
  openChildren: string[],
): Promise<Inventory> {
  const { infrastructure } = site;
  const { baseImage: source, removeBaseImages, recoverTrustedHosts = false } = request;
  const pace = scalePace(infrastructure.paceScale);
  const configuration = await readVtaConfiguration(site, pace);
  const trusted = [];
  for (const { vCenter, clusters, referenceClusters } of infrastructure.trusted) {
    const name = vCenterName(vCenter);
    const read = [];
    for (const cluster of clusters)
      read.push(
        await readClusterFacts(site, name, cluster, { role: 'trusted', mayBeRemoved: recoverTrustedHosts }, pace),
      );
    const references = [];
    for (const cluster of referenceClusters ?? [])
      references.push(await readClusterFacts(site, name, cluster, { role: 'reference', mayBeRemoved: false }, pace));
    trusted.push({
      vCenter: await readVCenterFacts(site, name, 'trusted', pace),
      clusters: read,
      ...(referenceClusters === undefined ? {} : { referenceClusters: references }),
      principal: await readPrincipal(site, name, pace),
    });
  }
  const taName = vCenterName(infrastructure.trustAuthority.vCenter);
  return {
    readAt: new Date(site.now()).toISOString(),
    infrastructure: infrastructure.name,
    infrastructureDigest: site.digest,
    approvals: infrastructure.approvals,
    pace,
    trustAuthority: {
      vCenter: await readVCenterFacts(site, taName, 'trust-authority', pace),
      cluster: await readClusterFacts(
        site,
        taName,
        infrastructure.trustAuthority.cluster,
        { role: 'trust-authority', mayBeRemoved: true },
        pace,
      ),
      services: await readTrustAuthorityFacts(site, configuration, pace),
    },
    trusted,
    openChildren,
    ...(await readLeftBehind(site, pace)),
    canExportBaseImages: infrastructure.esxi !== undefined,
    recovery: infrastructure.recovery,
    holds: infrastructure.holds.map(({ name }) => name),
    ...(await readLackingForRecovery(site, recoverTrustedHosts, pace)),
    ...(await readSource(site, source, pace)),
    ...(removeBaseImages === undefined ? {} : { baseImageFacts: await readBaseImageFacts(site, pace) }),
    notRestorable: await findMissingSecrets(site, configuration),
  };
}

/** Nothing is lacking where a host could not be added again anyway: that is said already. */
async function readLackingForRecovery(
  site: Site,
  ofTrustedHosts: boolean,
  pace: Pace,
): Promise<Pick<Inventory, 'lackingForRecovery' | 'lackingForTrustedRecovery'>> {
  if (site.infrastructure.esxi === undefined) return {};
  const lacking = await findMissingPrivileges(site, pace, forRecovery('trust-authority'));
  const workload = site.infrastructure.trusted.map(({ vCenter }) => `vCenter ${vCenterName(vCenter)}`);
  const more = ofTrustedHosts ? await findMissingPrivileges(site, pace, forRecovery('trusted')) : [];
  const trusted = more.filter(({ subject }) => workload.includes(subject));
  return {
    ...(lacking.length === 0 ? {} : { lackingForRecovery: lacking.map(({ message }) => message) }),
    ...(trusted.length === 0 ? {} : { lackingForTrustedRecovery: trusted.map(({ message }) => message) }),
  };
}

async function readPrincipal(site: Site, name: string, pace: Pace): Promise<PrincipalFacts> {
  const { trustedClusters } = await site.connections.vCenter(name);
  const principal = await trustedClusters.principal(callOptions(pace));
  return { issuer: principal.issuer, name: principal.name };
}

async function readSource(
  site: Site,
  source: BaseImageSource,
  pace: Pace,
): Promise<Pick<Inventory, 'baseImageFile' | 'referenceHost'>> {
  if (source.from === 'file') {
    const bytes = await site.archive.read(`${BASE_IMAGES}/${source.name}`);
    return {
      baseImageFile:
        bytes === undefined
          ? { name: source.name, missing: `there is no file ${site.archive.path(BASE_IMAGES, source.name)}` }
          : { name: source.name, sha256: sha256(bytes), bytes: bytes.length },
    };
  }
  if (source.from === 'reference-host') {
    const host = await readHostByName(site, source.host, pace);
    return { referenceHost: host ?? { name: source.host, missing: 'no configured vCenter has a host of this name' } };
  }
  return {};
}
