import { sameImage, type EsxImage } from './image';
import { effectivePolicy } from './lifecycle-policy';
import type { Cluster, Host, VCenter } from './state';

/** How an image gets onto a host: live, by a Quick Boot, or by a full boot. */
export type RemediationMethod = 'quick-patch' | 'quick-boot' | 'full-boot';

/**
 * Which way vLCM takes. Quick Patch (8.0.3) where the policy enforces it and the depot calls the two base images
 * compatible; guessed: only when nothing but the base image differs. Else Quick Boot where policy and hardware allow.
 */
export function remediationMethod(vCenter: VCenter, cluster: Cluster, host: Host, target: EsxImage): RemediationMethod {
  const policy = effectivePolicy(cluster);
  if (policy.enforce_quick_patch && quickPatchable(vCenter, host.runningImage, target)) return 'quick-patch';
  return policy.enable_quick_boot && host.quickBootSupported ? 'quick-boot' : 'full-boot';
}

function quickPatchable({ depot }: VCenter, from: EsxImage, to: EsxImage): boolean {
  const entry = depot.baseImages.find((image) => image.version === to.baseImage);
  const onlyBaseDiffers = sameImage({ ...from, baseImage: to.baseImage }, to);
  return onlyBaseDiffers && (entry?.quickPatchCompatible.includes(from.baseImage) ?? false);
}
