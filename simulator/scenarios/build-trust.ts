import { selfSigned } from '../world/certificates';
import type { Cluster, Host, KeyServer, VCenter } from '../world/state';
import { baseImageDisplayName, baseImageVersion, emptyTrustCopy } from '../world/trust-authority';
import type { KeyProvider, RegisteredService, TrustCopy } from '../world/trust-state';
import { siteImage, type Site } from './site';
import { stableUuid } from './stable-id';

/** Key servers that the key providers of the scenario name; each trusts their clients. */
export function buildKeyServers(site: Site, providers: readonly KeyProvider[]): KeyServer[] {
  return [...new Set(providers.flatMap((provider) => provider.servers.map((server) => server.address.hostname)))].map(
    (hostname) => {
      const clients = providers.filter((provider) =>
        provider.servers.some((server) => server.address.hostname === hostname),
      );
      const account = clients.find((provider) => provider.username !== undefined);
      return {
        hostname,
        certificate:
          clients[0]?.trustedCertificates[clients[0].servers.findIndex((s) => s.address.hostname === hostname)] ?? '',
        reachable: true,
        trustedClients: clients.flatMap((provider) => provider.clientCertificate ?? []),
        ...(account?.username === undefined ? {} : { username: account.username, password: site.passwords.kmip }),
      };
    },
  );
}

/** Key providers of the scenario, certificates included; their private keys are noted in the site. */
export function buildKeyProviders(site: Site): KeyProvider[] {
  const serverCertificates = new Map<string, string>();
  return site.scenario.trustAuthority.keyProviders.map((spec) => {
    const client = selfSigned({ commonName: `KMIP client ${spec.name}`, now: site.now });
    if (spec.clientKey === 'uploaded') site.clientKeys.set(spec.name, client.key);
    for (const hostname of spec.servers) {
      if (serverCertificates.has(hostname)) continue;
      const tls = site.authority.issue({ commonName: hostname, altNames: [hostname], now: site.now });
      serverCertificates.set(hostname, tls.pem);
    }
    return {
      provider: spec.name,
      masterKeyId: spec.masterKeyId,
      description: `Key provider ${spec.name}`,
      servers: spec.servers.map((hostname, index) => ({ name: `kms-${index + 1}`, address: { hostname, port: 5696 } })),
      ...(spec.username === undefined ? {} : { username: spec.username, password: site.passwords.kmip }),
      clientCertificate: client.pem,
      clientKey: client.key,
      clientKeyGenerated: spec.clientKey === 'generated',
      trustedCertificates: spec.servers.map((hostname) => serverCertificates.get(hostname) ?? ''),
    };
  });
}

/** The vTA configuration that every host of the Trust Authority Cluster gets a copy of. */
export function buildTrustCopy(site: Site, workloads: readonly VCenter[], keyProviders: KeyProvider[]): TrustCopy {
  const { trustAuthority, domain } = site.scenario;
  return {
    ...emptyTrustCopy(),
    baseImages: trustAuthority.trustedImages.map((name) => {
      const image = siteImage(site, name);
      return { version: baseImageVersion(image), displayName: baseImageDisplayName(image), image };
    }),
    caCertificates: [{ name: 'tpm-manufacturer', certChain: [site.tpmAuthority.certificate.pem] }],
    tpm2Settings: {
      requireEndorsementKeys: trustAuthority.requireEndorsementKeys,
      requireCertificateValidation: trustAuthority.requireCertificateValidation,
    },
    consumerPrincipals: [
      ...workloads.map((vCenter) => ({
        id: stableUuid(`principal of ${vCenter.name}`),
        principal: vCenter.principal.principal,
        issuerAlias: vCenter.name,
        issuer: vCenter.principal.issuer,
        certificates: vCenter.principal.certificates,
      })),
      ...trustAuthority.unknownConsumers.map((name) => ({
        id: stableUuid(`principal of ${name}`),
        principal: {
          id: { name: `vpxd-extension-${stableUuid(name)}`, domain: 'vsphere.local' },
          type: 'STS_USER' as const,
        },
        issuerAlias: name,
        issuer: `https://${name.includes('.') ? name : `${name}.${domain}`}/openidconnect/vsphere.local`,
        certificates: [[site.stsAuthority.certificate.pem]],
      })),
    ],
    keyProviders,
  };
}

/** Gives every configured host of the Trust Authority Cluster its own copy. */
export function enableTrustAuthority(
  cluster: Cluster,
  hosts: readonly Host[],
  copy: TrustCopy,
  skip: Set<string>,
): void {
  cluster.trustAuthority = 'ENABLE';
  for (const host of hosts) {
    if (skip.has(host.name)) continue;
    const own = structuredClone(copy);
    // Endorsement keys are listed for the hosts that are to attest; nothing in the scenario needs them one by one.
    host.trust = own;
  }
}

/** Registers the Trust Authority Hosts as services of a workload vCenter, and its Trusted Clusters and hosts with them. */
export function configureTrustedClusters(
  site: Site,
  vCenter: VCenter,
  { clusters, hosts }: { clusters: readonly Cluster[]; hosts: readonly Host[] },
  authorityCluster: Cluster,
  authorityHosts: readonly Host[],
  skip: Set<string>,
): void {
  const services = (kind: 'attestation' | 'kms'): RegisteredService[] =>
    authorityHosts.map((host) => ({
      service: stableUuid(`${kind} of ${host.name} for ${vCenter.name}`),
      address: { hostname: host.name, port: 443 },
      trustedCA: [site.authority.certificate.pem],
      group: authorityCluster.moid,
      trustAuthorityCluster: authorityCluster.moid,
    }));
  vCenter.attestationServices = services('attestation');
  vCenter.kmsServices = services('kms');
  for (const cluster of clusters) {
    cluster.trustServices = { attestation: services('attestation'), kms: services('kms') };
  }
  for (const host of hosts) {
    if (!skip.has(host.name)) host.appliedTrust = { attestation: services('attestation'), kms: services('kms') };
  }
}
