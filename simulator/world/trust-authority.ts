import { imageDigest, type EsxImage } from './image';
import type { Host } from './state';
import type { TrustCopy } from './trust-state';
import type { World } from './world';

/** Service keys of a Trust Authority Host on ESXi 8.0.3 (recorded: service list of a real host). */
export const TRUST_SERVICES = ['attestd', 'kmxd'] as const;

/** An empty vTA configuration: what a host has that was just enabled. */
export function emptyTrustCopy(): TrustCopy {
  return {
    baseImages: [],
    caCertificates: [],
    endorsementKeys: [],
    tpm2Settings: { requireEndorsementKeys: false, requireCertificateValidation: true },
    consumerPrincipals: [],
    keyProviders: [],
  };
}

/**
 * The id that the attestation service gives an image.
 * guessed: the format of the id. It holds a space so that whoever forgets to encode it in a path is found out; an
 * image with more than its base image gets a digest, since it is another image (R6).
 */
export function baseImageVersion(image: EsxImage): string {
  const plain = image.addOn === undefined && Object.keys(image.components).length === 0;
  return `ESXi ${image.baseImage}${plain ? '' : `+${imageDigest(image).slice(0, 8)}`}`;
}

/** What the UI shows for an image. */
export function baseImageDisplayName(image: EsxImage): string {
  const addOn = image.addOn ? ` with ${image.addOn.name} ${image.addOn.version}` : '';
  return `ESXi ${image.baseImage}${addOn}`;
}

/** A service of a host answers: the host is up, managed and the service runs. */
export function serviceAnswers(host: Host, service: (typeof TRUST_SERVICES)[number]): boolean {
  return (
    host.up &&
    host.connectionState === 'connected' &&
    host.services.some((candidate) => candidate.key === service && candidate.running)
  );
}

/** Whether the host belongs to an enabled Trust Authority Cluster. */
export function isTrustAuthorityHost(world: World, host: Host): boolean {
  return world.clusterOf(host)?.trustAuthority === 'ENABLE';
}
