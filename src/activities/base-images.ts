import type { Activities } from './activities';
import type { BaseImageFile, ImportedBaseImage } from '../model/work';
import type { ImageSpecification } from '../model/image';
import type { Pace } from '../model/pace';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import { esxiOf } from '../planner/versions';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import { pollTask, runTask } from '../vsphere/task-poll';
import { sha256 } from './archive';
import { requireSharedArchive } from './audit-file';
import { vCenterName } from './connections';
import type { FindSite, Site } from './dependencies';
import { describeDrift } from './desired-image';
import { seeHost } from './host-facts';
import { hasDesiredImage } from './host-image';
import { readServiceHealth } from './trust-authority-health';
import { refuse } from './to-failure';
import { callOptions, pollTools, waitUntil } from './wait';

type BaseImageActivities = Pick<
  Activities,
  'vtaEnsureBaseImageExported' | 'vtaReadBaseImageFile' | 'vtaReadBeforeImport' | 'vtaEnsureBaseImageImported'
>;

/** Folder of the archive with everything that was or may be imported. */
export const BASE_IMAGES = 'base-images';

/** Base images: exported from hosts, kept in the archive, imported into the Trust Authority Cluster (R4, R5, R28, R29). */
export function createBaseImageActivities(findSite: FindSite): BaseImageActivities {
  return {
    async vtaEnsureBaseImageExported({ host, known, reference, image, pace, runId, ...ref }) {
      const site = findSite(ref);
      await requireSharedArchive(site.archive, runId);
      if (reference !== undefined) await requireReference(site, reference, pace);
      const esxi = await site.connections.esxi(host);
      try {
        const { bytes } = await waitUntil({
          what: `The export of the base image of ${host}`,
          code: 'VTA_BASE_IMAGE_EXPORT_FAILED',
          pace,
          deadlineMs: pace.baseImage.deadlineMs,
          remedy: `Nothing was imported. See that the worker reaches the host over HTTPS, then decide "retry".`,
          look: async () => ({
            done: await esxi.imageDatabase({ signal: callOptions(pace).signal, deadlineMs: 5 * pace.callMs }),
          }),
        });
        // What it ran while the file came is what counts.
        const proved = reference === undefined ? [] : await requireReference(site, reference, pace);
        const digest = sha256(bytes);
        const name = `${digest.replace(':', '-')}.tgz`;
        await site.archive.write(`${BASE_IMAGES}/${name}`, bytes);
        const facts = [...(await factsFor(site, { name: host, known }, image, pace)), ...proved];
        // Exported once more, it is still the image that is trusted under that version.
        const version = await keptVersion(site, { name });
        await site.archive.write(
          `${BASE_IMAGES}/${name}.json`,
          JSON.stringify({ sha256: digest, bytes: bytes.length, fromHost: host, runId, facts, version }, undefined, 2),
        );
        return { name, sha256: digest, bytes: bytes.length, fromHost: host, facts };
      } finally {
        esxi.close();
      }
    },

    async vtaReadBaseImageFile({ name, sha256: approved, ...ref }) {
      const site = findSite(ref);
      const bytes = await site.archive.read(`${BASE_IMAGES}/${name}`);
      if (bytes === undefined)
        throw refuse(
          'VTA_BASE_IMAGE_UNOBTAINABLE',
          `The base image file ${site.archive.path(BASE_IMAGES, name)} is gone. Nothing was imported. Put it back, then decide "retry".`,
        );
      const digest = sha256(bytes);
      if (digest !== approved)
        throw refuse(
          'VTA_DIGEST_STALE',
          `The base image file ${name} was changed after it was approved: it is ${digest}, approved was ${approved}. Nothing was imported. Put the approved file back and decide "retry", or abort.`,
        );
      return { name, sha256: digest, bytes: bytes.length, facts: [] };
    },

    async vtaReadBeforeImport({ pace, ...ref }) {
      const site = findSite(ref);
      const clocks: Record<string, string> = {};
      for (const { vCenter } of site.infrastructure.trusted) {
        const name = vCenterName(vCenter);
        clocks[name] = await (await site.connections.vCenter(name)).vim.server.currentTime(callOptions(pace));
      }
      return { clocks, versions: (await knownImages(site, pace)).map(({ version }) => version) };
    },

    async vtaEnsureBaseImageImported({ file, before, pace, ...ref }) {
      const site = findSite(ref);
      const bytes = await site.archive.read(`${BASE_IMAGES}/${file.name}`);
      if (bytes === undefined || sha256(bytes) !== file.sha256)
        throw refuse(
          'VTA_BASE_IMAGE_IMPORT_FAILED',
          `The file ${site.archive.path(BASE_IMAGES, file.name)} is ${bytes === undefined ? 'gone' : 'not the one that was approved'}. Nothing was imported. Put it back, then decide "retry".`,
        );
      return await waitUntil({
        what: `The import of the base image ${file.name}`,
        code: 'VTA_BASE_IMAGE_IMPORT_FAILED',
        pace,
        deadlineMs: pace.baseImage.deadlineMs,
        remedy:
          'Imports need every Trust Authority Host connected and consistent. Mend what is named, then decide "retry".',
        async look() {
          const trouble = [...(await hostsAway(site, pace)), ...(await readServiceHealth(site, pace))];
          if (trouble.length > 0) return { pending: trouble.join(', ') };
          const imported = await importImage(site, bytes, file, before.versions, pace);
          if (imported.version !== undefined) {
            const health = await imageHealth(site, imported.version, pace);
            if (health !== 'OK') return { pending: `imported as ${imported.version}, but its health is ${health}` };
            await keepVersion(site, file, imported.version);
          }
          // A version was known that is not found again: whether it is this image, nobody can tell from here.
          const version = imported.version ?? 'a version that was trusted before';
          return { done: { ...imported, version, before: before.clocks } };
        },
      });
    },
  };
}

/**
 * A reference host vouches for an image only while it is connected, on the target build, and compliant with the desired
 * image that was approved (R5, R6): what it exports otherwise is an image that nobody asked for.
 * @returns what was proved, for people
 */
async function requireReference(
  site: Site,
  { host, cluster }: { host: PlannedHost; cluster: PlannedCluster },
  pace: Pace,
): Promise<string[]> {
  const drift = await describeDrift(site, cluster, pace, undefined);
  if (drift !== undefined) throw refuse('VTA_DESIRED_IMAGE_DRIFTED', `Nothing of ${host.name} was imported. ${drift}`);
  const { host: seen } = await seeHost(site, host, pace);
  const wrong = [
    ...(seen.connectionState === 'connected' ? [] : [`it is ${seen.connectionState}`]),
    ...(seen.build === host.to.build ? [] : [`it runs build ${seen.build ?? 'unknown'} instead of ${host.to.build}`]),
  ];
  if (wrong.length === 0 && !(await hasDesiredImage(site, host, cluster, pace)))
    wrong.push('a fresh scan of vLCM does not call it compliant with the desired image');
  if (wrong.length === 0)
    return [
      `a fresh scan of vLCM calls it compliant with the desired image of ${cluster.name}, which is the approved one`,
    ];
  throw refuse(
    'VTA_BASE_IMAGE_NOT_DESIRED',
    `Reference host ${host.name} does not run the desired image of ${cluster.name} now: ${wrong.join(', ')}. What it would export is not the image that was approved, so nothing was imported. Bring it back to the desired image (vSphere Client: Updates of ${cluster.name}), then decide "retry": it is looked at and exported anew. Or "abort".`,
  );
}

/** What a person needs to approve what a host says of itself; only what was really compared is said to agree. */
async function factsFor(
  site: Site,
  host: { name: string; known: { vCenter: string; id: string } | undefined },
  image: ImageSpecification,
  pace: Pace,
): Promise<string[]> {
  const approved = `approved image: ${image.baseImage}${image.addOn === undefined ? '' : `, add-on ${image.addOn.name} ${image.addOn.version}`}`;
  const found = await findHost(site, host, pace);
  if (found === undefined)
    return [approved, `${host.name} is in no vCenter of this infrastructure; nothing more is known of it`];
  const { vCenter, seen } = found;
  const build = esxiOf(image.baseImage)?.build;
  const installed = await vCenter.installedComponents.get(seen.id, callOptions(pace));
  return [
    approved,
    `${host.name} runs ESXi ${seen.version ?? 'unknown'} build ${seen.build ?? 'unknown'}, booted ${seen.bootTime ?? 'unknown'}, hardware UUID ${seen.uuid ?? 'unknown'}`,
    seen.build === build
      ? 'its build is that of the approved base image'
      : `its build is NOT ${build ?? 'known'}, that of the approved base image`,
    componentFact(image, installed),
    `TPM attestation by its vCenter: ${seen.tpmAttestation?.status ?? 'unknown'}; Secure Boot: not told by the API, see the host's attestation in the vSphere Client`,
  ];
}

function componentFact(image: ImageSpecification, installed: Record<string, { version: string }>): string {
  const named = Object.entries(image.components ?? {});
  const count = `${Object.keys(installed).length} components are installed`;
  if (named.length === 0) return `${count}; the approved image names none besides its base image, so none was compared`;
  const differing = named.filter(([id, version]) => installed[id]?.version !== version);
  if (differing.length === 0) return `${count}; the ${named.length} that the approved image names agree`;
  const told = differing.map(([id, version]) => `${id} is ${installed[id]?.version ?? 'missing'}, approved ${version}`);
  return `components that DIFFER from the approved image: ${told.join('; ')}`;
}

/** A host of the plan by its vCenter and id; a reference host by its name, if only one vCenter has it. */
async function findHost(
  site: Site,
  { name, known }: { name: string; known: { vCenter: string; id: string } | undefined },
  pace: Pace,
) {
  if (known !== undefined) {
    const vCenter = await site.connections.vCenter(known.vCenter);
    return { vCenter, seen: await vCenter.vim.hosts.read(known.id, callOptions(pace)) };
  }
  const all = [];
  for (const endpoint of site.connections.endpoints()) {
    const vCenter = await site.connections.vCenter(vCenterName(endpoint));
    const hosts = await vCenter.vim.hosts.all(callOptions(pace));
    all.push(...hosts.filter((seen) => seen.name === name).map((seen) => ({ vCenter, seen })));
  }
  return all.length === 1 ? all[0] : undefined;
}

/** Trust Authority Hosts that cannot be asked now. */
export async function hostsAway(site: Site, pace: Pace): Promise<string[]> {
  const vCenter = await site.connections.trustAuthorityVCenter();
  const hosts = await vCenter.vim.hosts.ofCluster(await site.connections.trustAuthorityClusterId(), callOptions(pace));
  return hosts
    .filter((host) => host.connectionState !== 'connected')
    .map((host) => `${host.name} is ${host.connectionState}`);
}

/**
 * ALREADY_EXISTS means that this version is known: before us, or by an attempt of ours whose answer was lost. Which
 * version it is, is found in what stands beside the file, or by comparing the lists from before and after.
 */
async function importImage(
  site: Site,
  bytes: Buffer,
  file: BaseImageFile,
  versionsBefore: string[],
  pace: Pace,
): Promise<Pick<ImportedBaseImage, 'sha256' | 'alreadyKnown'> & { version: string | undefined }> {
  const vCenter = await site.connections.trustAuthorityVCenter();
  const cluster = await site.connections.trustAuthorityClusterId();
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.baseImage.deadlineMs };
  const options = { signal: callOptions(pace).signal, deadlineMs: 5 * pace.callMs };
  try {
    const task = await vCenter.baseImages.importFromImgdb(cluster, bytes, options);
    const version = await pollTask(vCenter.tasks, task, poll, pollTools(), options.signal);
    return { version, sha256: file.sha256, alreadyKnown: false };
  } catch (error) {
    if (!(error instanceof ApiFault) || remedyOf(error) !== 'already-done') throw error;
    const added = (await knownImages(site, pace)).filter(({ version }) => !versionsBefore.includes(version));
    const ours = added.length === 1 ? added[0]?.version : undefined;
    const version = ours ?? (await keptVersion(site, file));
    return { version, sha256: file.sha256, alreadyKnown: ours === undefined };
  }
}

async function imageHealth(site: Site, version: string, pace: Pace): Promise<string> {
  return (await knownImages(site, pace)).find((image) => image.version === version)?.health ?? 'unknown';
}

async function knownImages(site: Site, pace: Pace) {
  const vCenter = await site.connections.trustAuthorityVCenter();
  const cluster = await site.connections.trustAuthorityClusterId();
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
  return await runTask(vCenter.tasks, (o) => vCenter.baseImages.list(cluster, o), poll, pollTools());
}

/** The file beside an image says under which version it was imported: how removal finds it, and a backup its file. */
async function keepVersion(site: Site, file: BaseImageFile, version: string): Promise<void> {
  const { name, ...rest } = file;
  await site.archive.write(`${BASE_IMAGES}/${name}.json`, JSON.stringify({ ...rest, version }, undefined, 2));
}

async function keptVersion(site: Site, file: Pick<BaseImageFile, 'name'>): Promise<string | undefined> {
  const kept = await site.archive.read(`${BASE_IMAGES}/${file.name}.json`);
  if (kept === undefined) return undefined;
  const parsed: unknown = JSON.parse(kept.toString('utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string'
    ? parsed.version
    : undefined;
}
