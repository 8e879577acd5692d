import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LISTING = /^```ts\n\/\/ (?<file>\S+)\n(?<code>.*?)^```$/gms;

/**
 * Writes the listings of a document that name a file in their first line (`// src/worker.ts`) to files of that name.
 * @returns the names
 */
export function writeListings(document: string, directory: string): string[] {
  const listings = [...readFileSync(document, 'utf8').matchAll(LISTING)];
  return listings.map(({ groups }) => {
    const file = groups?.['file'] ?? '';
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), groups?.['code'] ?? '');
    return file;
  });
}
