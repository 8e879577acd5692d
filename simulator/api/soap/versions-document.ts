import { writeElement } from './xml/write-xml';

/** Releases that a client may ask for, newest first; what is newer than the server itself is left out. */
const RELEASES = [
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.1',
  '7.0.3.0',
  '7.0.2.0',
  '7.0.1.0',
  '7.0',
  '6.7.3',
  '6.7.2',
  '6.7.1',
  '6.7',
  '6.5',
];

/**
 * `GET /sdk/vimServiceVersions.xml`: pyvmomi takes the first of its own versions that is named here
 * (`contract/vim25-soap.md` §1).
 * @param apiVersion what the server speaks, e.g. `8.0.2.0`
 */
export function versionsDocument(apiVersion: string): string {
  const spoken = RELEASES.filter((release) => compareVersions(release, apiVersion) <= 0);
  const [newest = apiVersion, ...prior] = spoken;
  const namespace = [
    writeElement('name', 'urn:vim25'),
    writeElement('version', newest),
    writeElement('priorVersions', prior.map((version) => writeElement('version', version)).join('')),
  ];
  const document = writeElement('namespaces', writeElement('namespace', namespace.join('')), { version: '1.0' });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
