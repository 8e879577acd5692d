import { X509Certificate } from 'node:crypto';
import type { ServiceDifference } from '../model/recovery';
import type { PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';
import type { Site } from './dependencies';
import type { HostService, HostServiceSummary } from '../vsphere/trust-authority';
import type { KnownService, TrustedServiceKind } from '../vsphere/trusted-services';
import { vCenterName } from './connections';
import { callOptions } from './wait';

/** A service of this host that one workload vCenter knows otherwise, with what mends it. */
export interface KnownOtherwise {
  difference: ServiceDifference;
  kind: TrustedServiceKind;
  /** What the host presents now. */
  presented: HostService;
  /** Services that are this host's under an address or authority that is not its any more. */
  stale: KnownService[];
}

/** Both kinds, by their names in the API and for people. */
const SERVICE_KINDS = [
  { kind: 'attestation', service: 'attestation' },
  { kind: 'kms', service: 'key provider' },
] as const satisfies readonly { kind: TrustedServiceKind; service: ServiceDifference['service'] }[];

/**
 * Compares what the workload vCenters know of the services of one Trust Authority Host with what it presents. A vCenter
 * that uses no service of this Trust Authority Cluster is no concern of it.
 */
export async function readKnownOtherwise(site: Site, host: PlannedHost, pace: Pace): Promise<KnownOtherwise[]> {
  const { trustAuthority } = await site.connections.trustAuthorityVCenter();
  const cluster = await site.connections.trustAuthorityClusterId();
  const options = callOptions(pace);
  const found: KnownOtherwise[] = [];
  for (const { kind, service } of SERVICE_KINDS) {
    const attests = kind === 'attestation';
    const presented = await presentedService(site, kind, host, pace);
    const all = attests
      ? await trustAuthority.attestationHosts(cluster, options)
      : await trustAuthority.keyProviderHosts(cluster, options);
    for (const { vCenter } of site.infrastructure.trusted) {
      const name = vCenterName(vCenter);
      const one = await compare(site, name, kind, { presented, all }, pace);
      if (one === undefined) continue;
      const { id, what, stale } = one;
      const users = (await clustersOf(site, name, kind, pace)).filter(({ uses }) =>
        uses.some((used) => stale.some((known) => known.service === used.service)),
      );
      const usedBy = users.map((cluster) => cluster.id);
      const presents = presentedText(presented);
      found.push({ difference: { vCenter: name, id, service, what, presents, usedBy }, kind, presented, stale });
    }
  }
  return found;
}

/** A service as the host presents it. */
export async function presentedService(
  site: Site,
  kind: TrustedServiceKind,
  host: PlannedHost,
  pace: Pace,
): Promise<HostService> {
  const { trustAuthority } = await site.connections.trustAuthorityVCenter();
  return kind === 'attestation'
    ? await trustAuthority.attestationHost(host.id, callOptions(pace))
    : await trustAuthority.keyProviderHost(host.id, callOptions(pace));
}

async function compare(
  site: Site,
  vCenter: string,
  kind: TrustedServiceKind,
  now: { presented: HostService; all: HostServiceSummary[] },
  pace: Pace,
): Promise<{ id: string; what: string; stale: KnownService[] } | undefined> {
  const { trustedServices } = await site.connections.vCenter(vCenter);
  const { address } = now.presented;
  const known = (await trustedServices.list(kind, callOptions(pace))).filter(
    (one) => one.trust_authority_cluster === now.presented.cluster,
  );
  if (known.length === 0) return undefined;
  const own = known.find((one) => sameAddress(one.address, address));
  if (own !== undefined) {
    const { trusted_CA } = await trustedServices.get(kind, own.service, callOptions(pace));
    if (vouches(trusted_CA.cert_chain, now.presented.trusted_CA.cert_chain)) return undefined;
    const what = `${addressText(address)} presents a certificate that none of the authorities vouches for by which ${vCenter} trusts it`;
    return { id: own.service, what, stale: [own] };
  }
  // A service at an address that no Trust Authority Host has any more can only be what this one was before.
  const stale = known.filter((one) => !now.all.some((current) => sameAddress(current.address, one.address)));
  const before = stale.map((one) => addressText(one.address)).join(', ');
  const what = `${vCenter} does not know the address ${addressText(address)}${before === '' ? '' : `; it knows ${before}, where no Trust Authority Host is`}`;
  return { id: stale[0]?.service ?? '', what, stale };
}

/** The Trusted Clusters of the configuration, and the services that they use. */
export async function clustersOf(site: Site, vCenter: string, kind: TrustedServiceKind, pace: Pace) {
  const { trustedClusters } = await site.connections.vCenter(vCenter);
  const found = [];
  for (const { vCenter: endpoint, clusters } of site.infrastructure.trusted) {
    if (vCenterName(endpoint) !== vCenter) continue;
    for (const name of clusters) {
      const id = await site.connections.clusterId(vCenter, name);
      const uses =
        kind === 'attestation'
          ? await trustedClusters.attestationServices(id, callOptions(pace))
          : await trustedClusters.keyProviderServices(id, callOptions(pace));
      found.push({ id, uses });
    }
  }
  return found;
}

/** As people compare it. */
function presentedText({ address, trusted_CA }: HostService): string {
  const [pem] = trusted_CA.cert_chain;
  return `${addressText(address)}, certificate ${pem === undefined ? 'unknown' : new X509Certificate(pem).fingerprint256}`;
}

/** True when one of the known certificates is one of the presented ones, or has issued one of them. */
function vouches(known: readonly string[], presented: readonly string[]): boolean {
  const authorities = known.map((pem) => new X509Certificate(pem));
  return presented.some((pem) => {
    const certificate = new X509Certificate(pem);
    return authorities.some(
      (authority) =>
        authority.fingerprint256 === certificate.fingerprint256 ||
        (certificate.checkIssued(authority) && certificate.verify(authority.publicKey)),
    );
  });
}

interface Address {
  hostname: string;
  port?: number | undefined;
}

/** A port that is left out is 443 (vSphere API, `NetworkAddress` of these services). */
export function sameAddress(a: Address, b: Address): boolean {
  return a.hostname.toLowerCase() === b.hostname.toLowerCase() && (a.port ?? 443) === (b.port ?? 443);
}

function addressText({ hostname, port = 443 }: Address): string {
  return `${hostname}:${port}`;
}
