import { readdir, readFile } from 'node:fs/promises';
import { BASE_IMAGES } from './base-images';
import type { Site } from './dependencies';

/** A base-image file in the archive, with the version under which its image is trusted. */
export interface KeptBaseImage {
  version: string;
  /** Name below `<archive>/base-images/`. */
  name: string;
  /** As it was when it was imported, if that is noted. */
  sha256?: string;
}

/** The base images whose files lie in the archive, by what stands beside the files. */
export async function keptBaseImages({ archive }: Site): Promise<KeptBaseImage[]> {
  const directory = archive.path(BASE_IMAGES);
  const names = await readdir(directory).catch(() => []);
  const kept: KeptBaseImage[] = [];
  for (const beside of names.filter((file) => file.endsWith(NOTE))) {
    const told: unknown = JSON.parse(await readFile(`${directory}/${beside}`, 'utf8').catch(() => 'null'));
    if (typeof told !== 'object' || told === null || !('version' in told) || typeof told.version !== 'string') continue;
    const digest = 'sha256' in told && typeof told.sha256 === 'string' ? { sha256: told.sha256 } : {};
    kept.push({ version: told.version, name: beside.slice(0, -NOTE.length), ...digest });
  }
  return kept;
}

const NOTE = '.json';
