import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Infrastructure } from '../src/model/infrastructure';
import { problemAt, type InputPath, type InputProblem, type Locate } from '../src/model/input-problem';
import { systemReason } from './system-reason';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Checks that every CA file is there and holds certificates: better now than in the middle of a run. */
export function checkCaFiles(infrastructure: Infrastructure, locate: Locate): InputProblem[] {
  const { name, trustAuthority, trusted, esxi, holds } = infrastructure;
  const files: { file: string | undefined; of: InputPath }[] = [
    { file: trustAuthority.vCenter.tls.caFile, of: ['trustAuthority', 'vCenter'] },
    ...trusted.map(({ vCenter }, index) => ({ file: vCenter.tls.caFile, of: ['trusted', index, 'vCenter'] })),
    { file: esxi?.tls.caFile, of: ['esxi'] },
    ...holds.map(({ tls }, index) => ({ file: tls.caFile, of: ['holds', index] })),
  ];
  return files.flatMap(({ file, of }) => {
    const problem = file === undefined ? undefined : caFileProblem(file);
    return problem === undefined ? [] : [problemAt(['infrastructures', name, ...of, 'tls', 'caFile'], problem, locate)];
  });
}

function caFileProblem(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return `cannot be read (${file}): ${systemReason(error)}`;
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) return `holds no certificate in PEM form (${file})`;
  return certificates.every(isCertificate) ? undefined : `holds a certificate that cannot be read (${file})`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
