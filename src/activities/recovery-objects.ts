import { sha256 } from './archive';
import { BASE_IMAGES } from './base-images';
import { keptBaseImages } from './kept-base-images';
import type { Restoration } from './recovery-restoration';
import type { VtaConfigurationCopy } from './vta-configuration';

/**
 * Creates again what is not OK of the objects without secrets. The content is the backup's, or for what came after it
 * the healthy hosts'. What no host has any more was removed by somebody, and stays so.
 */
export async function restoreObjects(restoration: Restoration, backup: VtaConfigurationCopy): Promise<void> {
  await restoreTpm2Trust(restoration, backup);
  await restoreBaseImages(restoration, backup);
  await restorePrincipals(restoration, backup);
}

async function restoreTpm2Trust(restoration: Restoration, { tpm2 }: VtaConfigurationCopy): Promise<void> {
  const { site, read } = restoration;
  const { api, cluster, run } = read;
  const { vtaConfigurationWrites: writes } = await site.connections.trustAuthorityVCenter();
  if ((await run((o) => api.tpm2Settings(cluster, o))).health !== 'OK')
    await restoration.write('TPM 2.0 settings', (o) => writes.setTpm2Settings(cluster, tpm2.settings, o));

  const authorities = await run((o) => api.caCertificates(cluster, o));
  for (const { name } of authorities.filter(notOk)) {
    const content = tpm2.caCertificates[name] ?? (await run((o) => api.caCertificate(cluster, name, o)));
    await restoration.write(`CA certificate ${name}`, (o) => writes.createCaCertificate(cluster, name, content, o));
  }
  noteRemoved(restoration, 'CA certificate', Object.keys(tpm2.caCertificates), authorities, ({ name }) => name);

  const keys = await run((o) => api.endorsementKeys(cluster, o));
  for (const { name } of keys.filter(notOk)) {
    const content = tpm2.endorsementKeys[name] ?? (await run((o) => api.endorsementKey(cluster, name, o)));
    await restoration.write(`endorsement key ${name}`, (o) => writes.createEndorsementKey(cluster, name, content, o));
  }
  noteRemoved(restoration, 'endorsement key', Object.keys(tpm2.endorsementKeys), keys, ({ name }) => name);
}

async function restorePrincipals(restoration: Restoration, backup: VtaConfigurationCopy): Promise<void> {
  const { api, cluster, run } = restoration.read;
  const { vtaConfigurationWrites: writes } = await restoration.site.connections.trustAuthorityVCenter();
  const principals = await run((o) => api.consumerPrincipals(cluster, o));
  for (const { id, issuer } of principals) {
    const now = await run((o) => api.consumerPrincipal(cluster, id, o));
    if (now.health === 'OK') continue;
    const content = backup.consumerPrincipals.find((one) => one.id === id) ?? now;
    await restoration.write(`consumer principal ${issuer}`, (o) => writes.createConsumerPrincipal(cluster, content, o));
  }
  const before = backup.consumerPrincipals.map(({ issuer }) => issuer);
  noteRemoved(restoration, 'consumer principal', before, principals, ({ issuer }) => issuer);
}

async function restoreBaseImages(restoration: Restoration, backup: VtaConfigurationCopy): Promise<void> {
  const { baseImages } = await restoration.site.connections.trustAuthorityVCenter();
  const { cluster, run } = restoration.read;
  const images = await run((o) => baseImages.list(cluster, o));
  for (const { version } of images.filter(notOk)) {
    const what = `base image ${version}`;
    const file = await fileOf(restoration, version);
    if (file === undefined) {
      restoration.problems.add(
        `${what}: the archive has no file of it. Put its boot_imgdb.tgz into ${restoration.site.archive.path(BASE_IMAGES)} with a file NAME.json beside it that holds {"version": "${version}"}; a host that runs this image gives it (https://HOST/boot_imgdb.tgz)`,
      );
      continue;
    }
    const known = await restoration.write(what, (o) => baseImages.importFromImgdb(cluster, file, o));
    if (known !== undefined && known !== version)
      restoration.problems.add(
        `${what}: the file that the archive keeps for it is another image. It is now trusted as ${known}; remove that if it is not wanted`,
      );
  }
  noteRemoved(restoration, 'base image', Object.keys(backup.baseImages), images, ({ version }) => version);
}

/** The file of a version, by what stands beside the files; one that was changed since is none. */
async function fileOf(restoration: Restoration, version: string): Promise<Buffer | undefined> {
  const { site, problems } = restoration;
  for (const kept of (await keptBaseImages(site)).filter((one) => one.version === version)) {
    const bytes = await site.archive.read(`${BASE_IMAGES}/${kept.name}`);
    if (bytes === undefined) continue;
    if (kept.sha256 === undefined || kept.sha256 === sha256(bytes)) return bytes;
    problems.add(`base image ${version}: its file ${kept.name} was changed since`);
  }
  return undefined;
}

function noteRemoved<T>(
  { notes }: Restoration,
  kind: string,
  before: readonly string[],
  now: readonly T[],
  nameOf: (one: T) => string,
): void {
  const names = now.map(nameOf);
  for (const name of before.filter((one) => !names.includes(one)))
    notes.add(`${kind} ${name} is in the backup and no host has it: somebody removed it since, and it was not created`);
}

function notOk({ health }: { health: string }): boolean {
  return health !== 'OK';
}
