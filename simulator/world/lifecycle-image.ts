import { imageOf, type EsxImage } from './image';
import type { Depot, SoftwareSpec } from './lifecycle-state';

/** Compares two versions part by part, numbers as numbers; negative: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(/[^0-9A-Za-z]+/);
  const right = b.split(/[^0-9A-Za-z]+/);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const x = left[index] ?? '';
    const y = right[index] ?? '';
    if (x === y) continue;
    if (/^\d+$/.test(x) && /^\d+$/.test(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return 0;
}

/** The image that a host gets from a valid specification: the add-on's components, then those set by hand. */
export function imageOfSpec(depot: Depot, spec: SoftwareSpec): EsxImage {
  const addOn = depot.addOns.find(({ name, version }) => name === spec.addOn?.name && version === spec.addOn.version);
  const components = { ...addOn?.components, ...spec.components };
  for (const removed of spec.removedComponents ?? []) delete components[removed];
  return imageOf(spec.baseImage, { ...(spec.addOn ? { addOn: spec.addOn } : {}), components });
}

/**
 * Components of a base image. guessed: only `ESXi`, whose version is the base image's own, stands for all of them;
 * a real base image has some dozens.
 */
export function baseImageComponents(baseImage: string): Record<string, string> {
  return { ESXi: baseImage };
}

/** All components that an image puts on a host. */
export function installedComponents(image: EsxImage): Record<string, string> {
  return { ...baseImageComponents(image.baseImage), ...image.components };
}
