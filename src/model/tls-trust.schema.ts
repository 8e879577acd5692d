import { z } from 'zod';
import { filePath, thumbprint } from './connection-values.schema';

export const caFile = filePath.describe('PEM file with the certificate authorities to trust; relative to this file');

const ALWAYS_VERIFIED =
  'must be an object: certificates are always verified, by the authorities of the system unless said here';

/** Words for a `tls` that somebody tried to switch off. */
export const tlsWords = {
  error: (issue: { code: string; input: unknown }) =>
    issue.code === 'invalid_type' && issue.input !== undefined ? ALWAYS_VERIFIED : undefined,
};

/** How the certificate of one server is verified. */
export const tlsTrust = z
  .strictObject(
    {
      caFile: caFile.exactOptional(),
      thumbprint: thumbprint.describe('SHA-256 thumbprint of the one certificate to accept').exactOptional(),
    },
    tlsWords,
  )
  .superRefine((trust, context) => {
    if (trust.caFile === undefined || trust.thumbprint === undefined) return;
    const message = 'cannot stand beside "caFile": trust either these authorities or this one certificate';
    context.addIssue({ code: 'custom', path: ['thumbprint'], message });
  })
  .default({})
  .describe('how the certificate is verified; without it by the certificate authorities of the system');
