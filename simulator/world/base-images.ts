import { sameImage, type EsxImage } from './image';
import { Fault } from './fault';
import { baseImageDisplayName, baseImageVersion } from './trust-authority';
import type { TrustCluster } from './trust-cluster';
import { createOn, findOne, planCreate, removeOne, type Collection } from './trust-collection';
import type { TrustedBaseImage } from './trust-state';

/** Base images: what a Trusted Host may have booted. */
export const BASE_IMAGES: Collection<TrustedBaseImage> = {
  kind: 'base image',
  of: (copy) => copy.baseImages,
  key: (image) => image.version,
  form: ({ version, displayName, image }) => ({ version, displayName, image }),
};

/** documented: ALREADY_EXISTS "for the same version has already been added". @throws Fault ALREADY_EXISTS */
export function planImport(trust: TrustCluster, image: EsxImage): ReturnType<typeof planCreate> {
  const version = baseImageVersion(image);
  return planCreate(trust, BASE_IMAGES, (candidate) => sameImage(candidate.image, image), version);
}

/** Trusts an image on every host of a plan. @returns its version id */
export function importBaseImage(trust: TrustCluster, plan: ReturnType<typeof planCreate>, image: EsxImage): string {
  const version = baseImageVersion(image);
  const { world, vCenter, cluster } = trust;
  world.events.add(
    'base-image-imported',
    { vCenter: vCenter.id },
    {
      cluster: cluster.name,
      version,
      baseImage: image.baseImage,
      hosts: plan.hosts,
      allConnected: trust.members.every((host) => host.connectionState === 'connected' && host.trust !== null),
    },
  );
  createOn(trust, BASE_IMAGES, plan, { version, displayName: baseImageDisplayName(image), image });
  return version;
}

/**
 * Stops trusting an image.
 * guessed: not refused while hosts attest with it (the manual warns the operator instead); a switch. Such hosts stop
 * attesting: a consequence, not an error.
 * @throws Fault NOT_FOUND, ERROR (in use, under the switch)
 */
export function removeBaseImage(trust: TrustCluster, version: string): void {
  const { world, vCenter, cluster, members } = trust;
  const { image } = findOne(trust, BASE_IMAGES, version);
  const names = new Set(members.map((host) => host.name));
  const users = world.state.hosts.filter(
    (host) =>
      sameImage(host.bootedImage, image) &&
      host.appliedTrust.attestation.some((service) => names.has(service.address.hostname)),
  );
  if (users.length > 0 && world.settings.switches.removeImageInUse === 'refused') {
    throw new Fault('ERROR', `The base image ${version} is in use.`);
  }
  world.events.add(
    'base-image-removed',
    { vCenter: vCenter.id },
    { cluster: cluster.name, version, baseImage: image.baseImage, stillBootedBy: users.map((host) => host.name) },
  );
  removeOne(trust, BASE_IMAGES, version);
}
