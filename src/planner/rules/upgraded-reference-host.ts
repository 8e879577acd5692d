import type { ImageSpecification } from '../../model/image';
import type { ClusterFacts, HostFacts, Inventory } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import type { UpgradeRequest } from '../../model/request';
import { imageKey } from '../image-key';
import { nameList } from '../name-list';
import { referenceImages, type ClusterInRun } from '../run-scope';

/** Why a base image cannot be had. */
export type Trouble = Pick<Finding, 'message' | 'remedy'>;

/** A host that the run upgrades itself (R5): a test host of a cluster that the infrastructure file gives free for that. */
export function upgradedHostTroubles(
  name: string,
  request: UpgradeRequest,
  inventory: Inventory,
  clusters: ClusterInRun[],
): Trouble[] {
  const { referenceHost, trusted } = inventory;
  if (referenceHost === undefined || 'missing' in referenceHost) return [hostNotFound(name, referenceHost)];
  const inRun = clusters.find(({ phase }) => phase === 'reference');
  if (inRun === undefined) {
    const named = trusted.flatMap(({ referenceClusters = [] }) => referenceClusters.map((cluster) => cluster.name));
    const has = named.length === 0 ? 'it names none' : `it names ${nameList(named)}`;
    return [
      {
        message: `Reference host ${name} is to be upgraded, and it is in none of the reference clusters of the infrastructure file (${has}).`,
        remedy:
          'Add its cluster to "referenceClusters" of its vCenter in the infrastructure file: it must hold test hosts only. Or upgrade the host yourself, and leave "upgrade" out.',
      },
    ];
  }
  return [
    ...exportTroubles(inventory, name),
    ...attestingTroubles(referenceHost),
    ...referenceImageTroubles(name, request, inventory, clusters, inRun),
  ];
}

/** One that attests is a Trusted Host: upgraded before its image is known, its encrypted machines could not be used. */
function attestingTroubles({ name, attestation }: HostFacts): Trouble[] {
  if (attestation === 'unknown') return [];
  return [
    {
      message: `Reference host ${name} is attested by a Trust Authority Cluster (${attestation}): it is a Trusted Host and no test host.`,
      remedy: 'Name a host outside of vSphere Trust Authority; or name its cluster in "clusters" and use "first-host".',
    },
  ];
}

/** R6: what it exports must be what the Trusted Hosts get, to the last component. */
function referenceImageTroubles(
  name: string,
  request: UpgradeRequest,
  inventory: Inventory,
  clusters: ClusterInRun[],
  { cluster, target }: ClusterInRun,
): Trouble[] {
  const images = referenceImages(request, inventory, cluster, clusters);
  if (target === undefined)
    return [
      {
        message: `It is not known to which image reference host ${name} is to be brought: no Trusted Cluster has a desired image.`,
        remedy: `Set up the image of the Trusted Cluster, or name one for ${cluster.name} in "target.esxi".`,
      },
    ];
  if (images.length > 1)
    return [
      {
        message: `Reference host ${name} can have one image, and the Trusted Clusters get ${images.length} different ones.`,
        remedy: `Name the image for ${cluster.name} in "target.esxi", and do it once for each image.`,
      },
    ];
  const own = bootedKey(target.image, cluster);
  if (target.image.further !== undefined && own !== imageKey(target.image))
    return [
      {
        message: `The image for reference host ${name} has hardware support or removed components that ${cluster.name} has not, and the run cannot commit those.`,
        remedy: `Give ${cluster.name} the same image in vSphere Lifecycle Manager, then ask again.`,
      },
    ];
  const differing = clusters.filter(
    (one) =>
      one.phase === 4 &&
      one.toUpgrade.length > 0 &&
      one.target !== undefined &&
      bootedKey(one.target.image, one.cluster) !== own,
  );
  return differing.map(({ cluster: other }) => ({
    message: `Reference host ${name} would not get the image that ${other.name} gets: what its cluster ${cluster.name} boots differs from it in version, add-on, components, hardware support or removed components.`,
    remedy: `Give ${cluster.name} the same image as ${other.name} in vSphere Lifecycle Manager, then ask again.`,
  }));
}

/** Hardware support and removed components cannot be drafted: they stay as the cluster has them, whatever the target says. */
function bootedKey({ baseImage, addOn, components }: ImageSpecification, { desiredImage }: ClusterFacts): string {
  const further = desiredImage?.further;
  return imageKey({
    baseImage,
    ...(addOn === undefined ? {} : { addOn }),
    ...(components === undefined ? {} : { components }),
    ...(further === undefined ? {} : { further }),
  });
}

/** A reference host that is called otherwise, or gone. */
export function hostNotFound(name: string, referenceHost: { missing: string } | undefined): Trouble {
  const why = referenceHost === undefined ? 'was not found' : `cannot be used: ${referenceHost.missing}`;
  return {
    message: `Reference host ${name} ${why}.`,
    remedy: 'Name a host of one of the vCenters as it is called there.',
  };
}

/** Without an account no base image can be had from a host. */
export function exportTroubles({ canExportBaseImages }: Inventory, host: string): Trouble[] {
  if (canExportBaseImages) return [];
  return [
    {
      message: `The base image is to be exported from ${host}, and the infrastructure file names no account for ESXi hosts.`,
      remedy: 'Add "esxi" to the infrastructure file, or put the exported file into the archive and use "file".',
    },
  ];
}
