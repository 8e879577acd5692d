import type { Pace } from '../model/pace';
import type { KeyProvider } from '../vsphere/vta-configuration';
import type { Site } from './dependencies';
import { trustAuthorityReader } from './trust-authority-reader';

/**
 * What is not alike on all hosts of the Trust Authority Cluster, or does not work, a sentence each; empty when every
 * object of its configuration is OK (R23: consistency is health, as "Check Trusted Cluster Health" means it).
 */
export async function inconsistencies(site: Site, pace: Pace): Promise<string[]> {
  const { api, baseImages, cluster, run } = await trustAuthorityReader(site, pace);
  const trouble: string[] = [];
  const judge = (what: string, { health }: { health: string }, details = '') => {
    if (health !== 'OK') trouble.push(`${what} is ${health}${details === '' ? '' : `: ${details}`}`);
  };
  for (const { provider } of await run((o) => api.keyProviders(cluster, o))) {
    const found = await run((o) => api.keyProvider(cluster, provider, o));
    judge(`key provider ${provider}`, found.status, texts(found.status));
    trouble.push(...serverTrouble(provider, found));
  }
  const settings = await run((o) => api.tpm2Settings(cluster, o));
  judge('the TPM 2.0 settings', settings, texts(settings));
  for (const one of await run((o) => api.caCertificates(cluster, o))) judge(`CA certificate ${one.name}`, one);
  for (const one of await run((o) => api.endorsementKeys(cluster, o))) judge(`endorsement key ${one.name}`, one);
  for (const one of await run((o) => baseImages.list(cluster, o))) judge(`base image ${one.version}`, one);
  for (const { id, issuer } of await run((o) => api.consumerPrincipals(cluster, o)))
    judge(`consumer principal ${issuer}`, await run((o) => api.consumerPrincipal(cluster, id, o)));
  return trouble;
}

/** Key servers of a provider that are not OK, or do not trust and are trusted. */
export function serverTrouble(provider: string, { status }: KeyProvider): string[] {
  return status.servers.flatMap((server) => {
    if (server.health === 'OK' && server.client_trust_server && server.server_trust_client) return [];
    const flags = `client trusts server: ${yes(server.client_trust_server)}, server trusts client: ${yes(server.server_trust_client)}`;
    return [`key server ${server.name} of ${provider} is ${server.health} (${flags}): ${texts(server)}`];
  });
}

function yes(flag: boolean): string {
  return flag ? 'yes' : 'no';
}

function texts({ details }: { details: readonly { text: string }[] }): string {
  // Sentences of the server; the last full stop is ours to set.
  return details
    .map(({ text }) => text)
    .join(' ')
    .replace(/\.$/, '');
}
