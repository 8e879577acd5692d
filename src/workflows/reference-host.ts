import { importFromReferenceHost } from './base-image-steps';
import { upgradeHost } from './host-phase';
import { inCluster, prepareCluster } from './prepare-cluster';
import type { Run } from './run';

/**
 * The reference host (R5): upgraded like any other host, then exported; once its digest is approved and imported, the
 * phase of the Trusted Hosts knows their image by it. Done first in that phase, or alone.
 */
export async function upgradeReferenceHost(run: Run): Promise<void> {
  const { reference } = run.plan;
  if (reference === undefined) return;
  const { host, upgrade } = reference;
  const cluster = run.plan.clusters.find((one) => inCluster(host, one)) ?? reference.cluster;
  if (upgrade) {
    await run.safePoint();
    await prepareCluster(run, cluster);
    await upgradeHost(run, { number: 'reference', hosts: [host] }, host);
  }
  await importFromReferenceHost(run, cluster, host.imageKey);
}
