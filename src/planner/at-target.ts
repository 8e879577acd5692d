import type { ImageSpecification } from '../model/image';
import type { ClusterFacts, HostFacts } from '../model/inventory';
import { isBaseImageOnly } from './image-key';
import { compareEsxi } from './versions';

/**
 * Whether a host runs its target image already and is left alone (M17).
 *
 * Version and build must be those of the base image. They prove no more than the base image, so:
 * - where vSphere Lifecycle Manager has compared the host with this very image, its word decides about the rest;
 * - where it has not (no scan yet, or the image is yet to be committed), the host counts as upgraded only if add-ons and
 *   components play no part: neither in the target nor in the image that the cluster has today.
 *
 * Taking part without need costs a remediation that changes nothing; being left out costs an image that was approved
 * and is not there.
 */
export function isAtTarget(
  host: HostFacts,
  cluster: ClusterFacts,
  target: { image: ImageSpecification; esxi?: { version: string; build: string }; commitImage: boolean },
): boolean {
  if (target.esxi === undefined || compareEsxi(host, target.esxi) !== 0) return false;
  const comparedWithTarget = !target.commitImage;
  if (comparedWithTarget && host.compliance === 'COMPLIANT') return true;
  if (comparedWithTarget && (host.compliance === 'NON_COMPLIANT' || host.compliance === 'INCOMPATIBLE')) return false;
  return isBaseImageOnly(target.image) && (cluster.desiredImage === undefined || isBaseImageOnly(cluster.desiredImage));
}
