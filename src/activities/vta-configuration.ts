import type { Pace } from '../model/pace';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import type * as vta from '../vsphere/vta-configuration';
import type { BaseImageInfo } from '../vsphere/base-images';
import type { Site } from './dependencies';
import { trustAuthorityReader, type TrustAuthorityReader } from './trust-authority-reader';

/** All that the API returns of the configuration of a Trust Authority Cluster (R32). Secrets are never among it. */
export interface VtaConfigurationCopy {
  cluster: string;
  keyProviders: KeyProviderCopy[];
  tpm2: {
    settings: vta.Tpm2Settings;
    caCertificates: Record<string, vta.CaCertificate>;
    endorsementKeys: Record<string, vta.EndorsementKey>;
  };
  consumerPrincipals: vta.ConsumerPrincipal[];
  baseImages: Record<string, BaseImageInfo>;
}

export interface KeyProviderCopy {
  id: string;
  provider: vta.KeyProvider;
  /** PEM; undefined when it has none. */
  clientCertificate?: string;
  trustedPeers: string[];
}

/** Reads it whole, one object after the other: every read is a task of the Trust Authority vCenter. */
export async function readVtaConfiguration(site: Site, pace: Pace): Promise<VtaConfigurationCopy> {
  const reader = await trustAuthorityReader(site, pace);
  const { api, baseImages, cluster, run } = reader;
  const each = async <T>(names: readonly string[], read: (name: string) => Promise<T>): Promise<Record<string, T>> => {
    const all: Record<string, T> = {};
    for (const name of names) all[name] = await read(name);
    return all;
  };

  const keyProviders: KeyProviderCopy[] = [];
  for (const { provider } of await run((o) => api.keyProviders(cluster, o)))
    keyProviders.push(await readKeyProvider(reader, provider));
  const caNames = (await run((o) => api.caCertificates(cluster, o))).map(({ name }) => name);
  const keyNames = (await run((o) => api.endorsementKeys(cluster, o))).map(({ name }) => name);
  const profiles = (await run((o) => api.consumerPrincipals(cluster, o))).map(({ id }) => id);
  const versions = (await run((o) => baseImages.list(cluster, o))).map(({ version }) => version);
  return {
    cluster,
    keyProviders,
    tpm2: {
      settings: await run((o) => api.tpm2Settings(cluster, o)),
      caCertificates: await each(caNames, (name) => run((o) => api.caCertificate(cluster, name, o))),
      endorsementKeys: await each(keyNames, (name) => run((o) => api.endorsementKey(cluster, name, o))),
    },
    consumerPrincipals: Object.values(
      await each(profiles, (profile) => run((o) => api.consumerPrincipal(cluster, profile, o))),
    ),
    baseImages: await each(versions, (version) => run((o) => baseImages.get(cluster, version, o))),
  };
}

/** One key provider, as some host has it: the API does not say which. */
export async function readKeyProvider(
  { api, cluster, run }: TrustAuthorityReader,
  id: string,
): Promise<KeyProviderCopy> {
  const certificate = await run((o) => api.clientCertificate(cluster, id, o)).then(
    (found) => found.certificate,
    noneIfGone,
  );
  return {
    id,
    provider: await run((o) => api.keyProvider(cluster, id, o)),
    ...(certificate === '' ? {} : { clientCertificate: certificate }),
    trustedPeers: [...(await run((o) => api.trustedPeers(cluster, id, o))).certificates],
  };
}

/** The certificate of a provider that has none is not found (contract), on some servers it is empty. */
function noneIfGone(error: unknown): string {
  if (error instanceof ApiFault && remedyOf(error) === 'gone') return '';
  throw error;
}
