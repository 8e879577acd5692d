import type { BaseImageFile, ImportedBaseImage } from '../model/work';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import { longWork } from './proxies';
import type { Run } from './run';
import type { ImageState } from './run-state';
import { fail } from './failures';

/**
 * How the Trust Authority Cluster learns an image before the second host with it is touched (R4, R5, R25, R28, R29).
 * What a host of ours exported is imported only after people approved its digest: a host must not vouch for itself.
 */

/** The state of one distinct image of the Trusted Hosts. */
export function imageState(run: Run, imageKey: string): ImageState {
  return (run.state.images[imageKey] ??= { trusted: false });
}

/** Source `file`: the operator's file, whose digest was approved with the plan, is imported before the first Trusted Host. */
export async function importApprovedFile(run: Run): Promise<void> {
  const { baseImage, pace } = run.plan;
  if (baseImage.from !== 'file' || baseImage.sha256 === undefined) return;
  const { name, sha256 } = baseImage;
  await run.once(`base-image:${sha256}`, async () => {
    run.say(`Importing the base image file ${name}.`);
    const reading = longWork(pace, pace.baseImage, `base image: read ${name}`);
    const file = await reading.vtaReadBaseImageFile({ ...run.ref, name, sha256 });
    const imported = await importFile(run, file);
    return `${imported.version}${imported.alreadyKnown ? ' (known already)' : ''}`;
  });
}

/** Source `reference-host`: a host that already runs the image is exported, approved, imported before the first Trusted Host. */
export async function importFromReferenceHost(run: Run, cluster: PlannedCluster, imageKey: string): Promise<void> {
  const { baseImage } = run.plan;
  if (baseImage.from !== 'reference-host') return;
  await importFromHost(run, baseImage.host, cluster, imageKey);
}

/** Source `first-host`, and the way on when a host turns out to run an image that nobody knew. */
export async function importFromCanary(run: Run, host: PlannedHost, cluster: PlannedCluster): Promise<void> {
  await importFromHost(run, host.name, cluster, host.imageKey);
}

async function importFromHost(run: Run, host: string, cluster: PlannedCluster, imageKey: string): Promise<void> {
  const image = imageState(run, imageKey);
  const { pace } = run.plan;
  if (image.imported !== undefined) return;
  image.file ??= await run.attempt(`base-image:export:${host}`, async () => {
    run.say(`Exporting the base image of ${host}.`);
    return await longWork(pace, pace.baseImage, `base image: export from ${host}`).vtaEnsureBaseImageExported({
      ...run.ref,
      runId: run.state.runId,
      host,
      image: cluster.image,
      pace,
    });
  });
  const { file } = image;
  image.imported = await run.attempt(`base-image:${file.sha256}`, async () => {
    const answer = await run.gate({
      id: `base-image-import:${file.sha256}`,
      question: `May the Trust Authority Cluster trust the base image that ${host} exported?`,
      facts: [`SHA-256 ${file.sha256}, ${file.bytes} bytes, exported by ${host}`, ...file.facts],
      digest: file.sha256,
    });
    if (answer.outcome === 'rejected')
      throw fail(
        'VTA_BASE_IMAGE_IMPORT_FAILED',
        `${answer.by.join(', ')} rejected the base image of ${host}${answer.reason ? `: ${answer.reason}` : ''}. ` +
          `It was not imported; ${host} was left as it is.`,
      );
    return await importFile(run, file);
  });
}

async function importFile(run: Run, file: BaseImageFile): Promise<ImportedBaseImage> {
  const { pace } = run.plan;
  run.say(`Importing the base image ${file.name} into the Trust Authority Cluster.`);
  // Recorded first: an import whose worker died cannot tell any more what was there before it.
  const before = (run.state.beforeImports[file.sha256] ??= await longWork(
    pace,
    pace.baseImage,
    `base image: before the import of ${file.name}`,
  ).vtaReadBeforeImport({ ...run.ref, pace }));
  const imported = await longWork(pace, pace.baseImage, `base image: import ${file.name}`).vtaEnsureBaseImageImported({
    ...run.ref,
    file,
    before,
    pace,
  });
  run.audit(
    'base image imported',
    file.sha256,
    `version ${imported.version}${file.fromHost ? `, exported by ${file.fromHost}` : ''}`,
  );
  return imported;
}
