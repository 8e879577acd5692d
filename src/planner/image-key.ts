import type { ImageSpecification } from '../model/image';
import { canonicalJson } from './canonical';

/**
 * Canonical text of an image specification: hosts with equal keys boot the same image, and one base image import
 * serves them all (R6). The version alone would not do: add-ons and components are part of what is attested.
 */
export function imageKey({ baseImage, addOn, components, further }: ImageSpecification): string {
  const set = components !== undefined && Object.keys(components).length > 0 ? components : undefined;
  return canonicalJson({
    baseImage,
    addOn: addOn && { name: addOn.name, version: addOn.version },
    components: set,
    further,
  });
}

/** True when nothing but the base image decides what a host boots, so that its build proves the whole image. */
export function isBaseImageOnly(image: ImageSpecification): boolean {
  return imageKey(image) === imageKey({ baseImage: image.baseImage });
}
