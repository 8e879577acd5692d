import type { BaseImageFile, ImportedBaseImage } from '../model/work';
import type { PlannedCluster, PlannedHost, PlannedReference } from '../model/plan';
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
export async function importApprovedFile(run: Run, imageKey: string): Promise<void> {
  const { baseImage, pace } = run.plan;
  if (baseImage.from !== 'file' || baseImage.sha256 === undefined) return;
  const { name, sha256 } = baseImage;
  await run.once(`base-image:${sha256}`, async () => {
    run.say(`Importing the base image file ${name}.`);
    const reading = run.longWork(pace.baseImage, `base image: read ${name}`);
    const image = imageState(run, imageKey);
    image.file = await reading.vtaReadBaseImageFile({ ...run.ref, name, sha256 });
    image.imported = await importFile(run, image.file);
    return `${image.imported.version}${image.imported.alreadyKnown ? ' (known already)' : ''}`;
  });
}

/** Source `reference-host`: a host that runs the image is exported, approved, imported before the first Trusted Host. */
export async function importFromReferenceHost(run: Run, cluster: PlannedCluster, imageKey: string): Promise<void> {
  const { baseImage } = run.plan;
  if (baseImage.from !== 'reference-host' || imageState(run, imageKey).imported !== undefined) return;
  const { reference } = run.plan;
  if (reference === undefined) await importFromHost(run, { name: baseImage.host }, cluster, imageKey);
  else {
    await importFromHost(run, reference.host, reference.cluster, imageKey, reference);
    const { file, imported } = imageState(run, imageKey);
    if (file !== undefined && imported !== undefined) run.state.referenceImage = { file: file.name, imported };
  }
}

/**
 * Source `first-host`, and the way on when a host turns out to run an image that nobody knew, whatever was imported
 * before: its own image is exported, approved by its own digest, imported.
 */
export async function importFromCanary(run: Run, host: PlannedHost, cluster: PlannedCluster): Promise<void> {
  await importFromHost(run, host, cluster, host.imageKey);
}

async function importFromHost(
  run: Run,
  host: { name: string; vCenter?: string; id?: string },
  cluster: PlannedCluster,
  imageKey: string,
  reference?: PlannedReference,
): Promise<void> {
  const image = imageState(run, imageKey);
  const { name, vCenter, id } = host;
  const exported = async (): Promise<BaseImageFile> => {
    run.say(`Exporting the base image of ${name}.`);
    const { pace } = run.plan;
    return await run.longWork(pace.baseImage, `base image: export from ${name}`).vtaEnsureBaseImageExported({
      ...run.ref,
      runId: run.state.runId,
      host: name,
      ...(vCenter === undefined || id === undefined ? {} : { known: { vCenter, id } }),
      ...(reference === undefined ? {} : { reference: { host: reference.host, cluster } }),
      image: cluster.image,
      pace,
    });
  };
  if (image.file?.fromHost !== name) image.file = await run.attempt(`base-image:export:${name}`, exported);
  const { file } = image;
  if (image.imported?.sha256 === file.sha256) return;
  const before = image.imported;
  image.imported = await run.attempt(`base-image:${file.sha256}`, async (attempt) => {
    // What was wrong with the host may be right by now: asked again, it is exported again.
    if (attempt > 1) image.file = await exported();
    const asked = image.file ?? file;
    const answer = await run.gate({
      id: `base-image-import:${asked.sha256}`,
      question: `May the Trust Authority Cluster trust the base image that ${name} exported?`,
      facts: [
        `SHA-256 ${asked.sha256}, ${asked.bytes} bytes, exported by ${name}`,
        ...(before === undefined
          ? []
          : [`NOT the base image that was imported for these hosts before (${before.version}, ${before.sha256})`]),
        ...asked.facts,
        ...run.plan.warnings.flatMap(({ code, subject, message }) =>
          code === 'VTA_EXPORT_AFTER_QUICK_BOOT' && subject === `reference host ${name}` ? [`warning: ${message}`] : [],
        ),
        ...(run.plan.quickBoot === 'keep' && reference === undefined
          ? [
              `Quick Boot is kept: if ${name} was Quick Booted, the file holds the image that it runs now and not the one that it attests with`,
            ]
          : []),
      ],
      digest: asked.sha256,
    });
    if (answer.outcome === 'rejected')
      throw fail(
        'VTA_BASE_IMAGE_IMPORT_FAILED',
        `${answer.by.join(', ')} rejected the base image of ${name}${answer.reason ? `: ${answer.reason}` : ''}. ` +
          `It was not imported; ${name} was left as it is.`,
      );
    return await importFile(run, asked);
  });
}

async function importFile(run: Run, file: BaseImageFile): Promise<ImportedBaseImage> {
  const { pace } = run.plan;
  run.say(`Importing the base image ${file.name} into the Trust Authority Cluster.`);
  // Recorded first: an import whose worker died cannot tell any more what was there before it.
  const before = (run.state.beforeImports[file.sha256] ??= await run
    .longWork(pace.baseImage, `base image: before the import of ${file.name}`)
    .vtaReadBeforeImport({ ...run.ref, pace }));
  const imported = await run.longWork(pace.baseImage, `base image: import ${file.name}`).vtaEnsureBaseImageImported({
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
