import { createHash } from 'node:crypto';

/** What is installed on an ESXi host: a base image and what the site put on top of it. */
export interface EsxImage {
  /** In the notation of vLCM, for example `8.0.3-0.0.24674464`. */
  baseImage: string;
  /** `8.0.3` */
  esxVersion: string;
  /** `24674464` */
  build: string;
  addOn?: { name: string; version: string };
  /** Component name to version: what add-on and user put on top of the base image. */
  components: Record<string, string>;
}

/** Builds an image from vLCM's version string (`8.0.3-0.0.24674464`), which holds ESXi version and build. */
export function imageOf(
  baseImage: string,
  more: { addOn?: { name: string; version: string }; components?: Record<string, string> } = {},
): EsxImage {
  const match = /^(\d+\.\d+\.\d+)-(?:\d+\.)*(\d+)$/.exec(baseImage);
  if (!match?.[1] || !match[2]) throw new Error(`not a base image version: ${baseImage}`);
  return {
    baseImage,
    esxVersion: match[1],
    build: match[2],
    ...(more.addOn ? { addOn: more.addOn } : {}),
    components: { ...more.components },
  };
}

/** Two images are the same when base image, add-on and components are (R6: the same version is not enough). */
export function sameImage(a: EsxImage, b: EsxImage): boolean {
  return imageDigest(a) === imageDigest(b);
}

/** Hex SHA-256 of the image's canonical form. */
export function imageDigest(image: EsxImage): string {
  const components = Object.entries(image.components).sort(([a], [b]) => (a < b ? -1 : 1));
  const addOn = image.addOn ? [image.addOn.name, image.addOn.version] : null;
  return createHash('sha256')
    .update(JSON.stringify([image.baseImage, addOn, components]))
    .digest('hex');
}
