import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { Site } from './dependencies';
import { keptBaseImages } from './kept-base-images';
import type { KeyProviderCopy, VtaConfigurationCopy } from './vta-configuration';

export interface NotRestorable {
  what: string;
  why: string;
}

/**
 * What a re-added Trust Authority Host could not be given back, because no API returns it and it is not at hand (R33):
 * passwords, private keys, image files.
 */
export async function findNotRestorable(site: Site, copy: VtaConfigurationCopy): Promise<NotRestorable[]> {
  const found = await findMissingSecrets(site, copy);
  const kept = new Set((await keptBaseImages(site)).map(({ version }) => version));
  for (const version of Object.keys(copy.baseImages))
    if (!kept.has(version))
      found.push({
        what: `base image ${version}`,
        why: 'its file is not in the archive; a re-added host needs it while hosts attest with it',
      });
  return found;
}

/** Passwords and private keys of key providers. They are looked at here and never leave this file. */
export async function findMissingSecrets(site: Site, copy: VtaConfigurationCopy): Promise<NotRestorable[]> {
  const found: NotRestorable[] = [];
  for (const provider of copy.keyProviders) {
    found.push(...(await passwordTrouble(site, provider)), ...(await clientKeyTrouble(site, provider)));
  }
  return found;
}

async function passwordTrouble(site: Site, { id, provider }: KeyProviderCopy): Promise<NotRestorable[]> {
  if (provider.key_server.kmip_server?.username === undefined) return [];
  const what = `KMIP password of key provider ${id}`;
  const reference = site.infrastructure.keyProviders[id]?.password;
  if (reference === undefined) return [{ what, why: 'the configuration names none' }];
  return await resolves(site, reference, what);
}

async function clientKeyTrouble(site: Site, { id, clientCertificate }: KeyProviderCopy): Promise<NotRestorable[]> {
  if (clientCertificate === undefined) return [];
  const what = `private key of the client certificate of key provider ${id}`;
  const reference = site.infrastructure.keyProviders[id]?.clientKey;
  if (reference === undefined)
    return [{ what, why: 'the configuration names none; a key made by a CSR exists only on the hosts' }];
  try {
    const key = createPrivateKey(await site.resolveSecret(reference, what));
    const ours = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const theirs = new X509Certificate(clientCertificate).publicKey.export({ type: 'spki', format: 'der' });
    return ours.equals(theirs) ? [] : [{ what, why: 'the configured key does not belong to the certificate in use' }];
  } catch {
    return [{ what, why: `"${reference}" cannot be read as a private key` }];
  }
}

async function resolves(site: Site, reference: string, what: string): Promise<NotRestorable[]> {
  try {
    return (await site.resolveSecret(reference, what)) === '' ? [{ what, why: `"${reference}" is empty` }] : [];
  } catch {
    return [{ what, why: `"${reference}" cannot be resolved` }];
  }
}
