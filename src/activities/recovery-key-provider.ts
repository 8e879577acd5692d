import { createPrivateKey, X509Certificate } from 'node:crypto';
import { canonicalJson } from '../planner/canonical';
import type { Restoration } from './recovery-restoration';
import { readKeyProvider, type KeyProviderCopy, type VtaConfigurationCopy } from './vta-configuration';
import { serverTrouble } from './vta-health';

/**
 * Gives one key provider after the other to the host, step by step and only as far as health asks for it, so that
 * secrets are sent no more than is needed.
 * @returns what is not OK of the first provider that is not; empty when all are: nothing is sent for those after it
 */
export async function restoreKeyProviders(restoration: Restoration, backup: VtaConfigurationCopy): Promise<string[]> {
  const { api, cluster, run } = restoration.read;
  const now = await run((o) => api.keyProviders(cluster, o));
  for (const { id } of backup.keyProviders.filter((one) => !now.some(({ provider }) => provider === one.id)))
    restoration.notes.add(
      `key provider ${id} is in the backup and no host has it: somebody removed it since, and it was not created`,
    );
  for (const { provider } of now) {
    const trouble = await restoreOne(restoration, provider, backup);
    if (trouble.length > 0) return trouble;
  }
  return [];
}

async function restoreOne(restoration: Restoration, id: string, backup: VtaConfigurationCopy): Promise<string[]> {
  const { cluster } = restoration.read;
  const { vtaConfigurationWrites: writes } = await restoration.site.connections.trustAuthorityVCenter();
  const current = await readKeyProvider(restoration.read, id);
  const copy = backup.keyProviders.find((one) => one.id === id) ?? current;
  const what = `key provider ${id}`;
  const steps = [
    async () => {
      await restoration.write(what, (o) => writes.createKeyProvider(cluster, id, copy.provider, o));
    },
    async () => {
      if (copy.trustedPeers.length === 0) return;
      const part = `${what}: trusted certificates of its servers`;
      await restoration.write(part, (o) => writes.setTrustedPeers(cluster, id, copy.trustedPeers, o));
    },
    async () => {
      const { clientCertificate: certificate } = copy;
      if (certificate === undefined) return;
      const privateKey = await clientKey(restoration, id, certificate);
      if (privateKey === undefined) return;
      const part = `${what}: client certificate and key`;
      await restoration.write(part, (o) => writes.setClientCertificate(cluster, id, { certificate, privateKey }, o));
    },
    async () => {
      if (copy.provider.key_server.kmip_server?.username === undefined) return;
      const password = await kmipPassword(restoration, id);
      if (password === undefined) return;
      await restoration.write(`${what}: password`, (o) => writes.setCredential(cluster, id, password, o));
    },
  ];
  const changed = changedSince(copy, current);
  for (const step of steps) {
    const trouble = await troubleOf(restoration, id);
    if (trouble.length === 0) return [];
    if (changed.length > 0) {
      // What the healthy hosts have would be replaced by what they had.
      restoration.problems.add(
        `${what} is not as in the backup (${changed.join(', ')}), so nothing of it was sent: it would replace what the other hosts have. Give the host the present one by hand, or put back what was changed`,
      );
      return trouble;
    }
    await step();
  }
  return await troubleOf(restoration, id);
}

async function troubleOf({ read: { api, cluster, run } }: Restoration, id: string): Promise<string[]> {
  const provider = await run((o) => api.keyProvider(cluster, id, o));
  const { health } = provider.status;
  return [...(health === 'OK' ? [] : [`key provider ${id} is ${health}`]), ...serverTrouble(id, provider)];
}

/** What the healthy hosts have otherwise than the backup says. Nothing at all is what a host has that was just given it. */
function changedSince(copy: KeyProviderCopy, now: KeyProviderCopy): string[] {
  const changed: string[] = [];
  if (canonicalJson(specOf(copy)) !== canonicalJson(specOf(now))) changed.push('its servers, account or master key');
  const { clientCertificate } = now;
  if (clientCertificate !== undefined && plain(clientCertificate) !== plain(copy.clientCertificate ?? ''))
    changed.push('its client certificate');
  const peers = (one: KeyProviderCopy) => one.trustedPeers.map(plain).sort().join();
  if (now.trustedPeers.length > 0 && peers(now) !== peers(copy)) changed.push('the certificates of its servers');
  return changed;
}

function specOf({ provider: { master_key_id, key_server } }: KeyProviderCopy) {
  return { master_key_id, key_server };
}

function plain(pem: string): string {
  return pem.replace(/\s+/g, '');
}

/** A secret; looked up when it is sent and kept nowhere. */
async function clientKey(restoration: Restoration, id: string, certificate: string): Promise<string | undefined> {
  const { site, problems } = restoration;
  const what = `private key of the client certificate of key provider ${id}`;
  const reference = site.infrastructure.keyProviders[id]?.clientKey;
  if (reference === undefined) {
    problems.add(
      `${what}: the configuration names none, and no API returns it. Name its file in "keyProviders.${id}.clientKey", or, where the key exists only on the hosts, give the provider a new client certificate and have its key servers trust that`,
    );
    return undefined;
  }
  const pem = await site.resolveSecret(reference, what);
  if (belongs(pem, certificate)) return pem;
  problems.add(`${what}: the configured key does not belong to the certificate in use, so it was not sent`);
  return undefined;
}

function belongs(pem: string, certificate: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}

async function kmipPassword({ site, problems }: Restoration, id: string): Promise<string | undefined> {
  const what = `KMIP password of key provider ${id}`;
  const reference = site.infrastructure.keyProviders[id]?.password;
  if (reference !== undefined) return await site.resolveSecret(reference, what);
  problems.add(
    `${what}: the configuration names none, and no API returns it. Name it in "keyProviders.${id}.password"`,
  );
  return undefined;
}
