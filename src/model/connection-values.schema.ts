import { z } from 'zod';
import { writtenAs } from './written-values.schema';

/** Schemas of the values with which the worker reaches and trusts something. No message repeats what was written. */

/** Where a secret is found; a literal secret is refused without being repeated. */
export const secretReference = writtenAs(
  /^(?:env:[A-Za-z_]\w{0,199}|file:(?=.*\S)\P{Cc}{1,1000})$/u,
  'must be a reference to a secret, "env:NAME" for an environment variable or "file:PATH" for a file; ' +
    'the secret itself does not belong in this file',
);

/** A path, absolute or relative to the file that names it. */
export const filePath = writtenAs(/^(?=.*\S)\P{Cc}{1,1000}$/u, 'must be a path');

/** Base URL of a server. Returned as origin, without the slash at its end. */
export const httpsUrl = writtenAs(
  /^https:\/\/[^/]/i,
  'must be an https address such as "https://vc.example.com": nothing is sent without TLS',
).transform((text, context) => {
  const problem = urlProblem(text);
  if (problem === undefined) return new URL(text).origin;
  context.issues.push({ code: 'custom', input: text, message: problem });
  return z.NEVER;
});

/** Address of one thing on a server, with its path and query. */
export const httpsAddress = address((url) => (url.hash === '' ? undefined : 'must end before the "#"'));

/** Address below which a server has what is asked for; it may have a path. Returned without the slash at its end. */
export const httpsBase = address((url) =>
  url.search === '' && url.hash === '' ? undefined : 'must end before "?" and "#"',
).transform((text) => text.replace(/\/+$/, ''));

function address(problemOf: (url: URL) => string | undefined) {
  return writtenAs(
    /^https:\/\/[^/]/i,
    'must be an https address such as "https://checks.example.com/go": nothing is sent without TLS',
  ).transform((text, context) => {
    const problem = addressProblem(text) ?? problemOf(new URL(text));
    if (problem === undefined) return new URL(text).href;
    context.issues.push({ code: 'custom', input: text, message: problem });
    return z.NEVER;
  });
}

function urlProblem(text: string): string | undefined {
  const problem = addressProblem(text);
  if (problem !== undefined) return problem;
  const url = new URL(text);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return 'must end after host and port, without a path';
  return undefined;
}

function addressProblem(text: string): string | undefined {
  if (!URL.canParse(text))
    return 'is no address: write it as in "https://vc.example.com" or "https://vc.example.com:8443"';
  const url = new URL(text);
  return url.username !== '' || url.password !== '' ? 'must not contain an account or a secret' : undefined;
}

/** SHA-256 thumbprint of a certificate. Returned in capitals with colons, as Node and openssl write it. */
export const thumbprint = writtenAs(
  /^(?:[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2})*)$/,
  'must be a SHA-256 thumbprint: 32 pairs of hexadecimal digits with colons, as printed by ' +
    '"openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE"',
).transform((text, context) => {
  const pairs = text.toUpperCase().replaceAll(':', '').match(/../g) ?? [];
  if (pairs.length === 32) return pairs.join(':');
  const kind = pairs.length === 20 ? 'is a SHA-1 thumbprint' : `has ${pairs.length} pairs of digits`;
  const message = `${kind}; a SHA-256 thumbprint has 32: "openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE"`;
  context.issues.push({ code: 'custom', input: text, message });
  return z.NEVER;
});

/**
 * Where vCenter sends its backup. HTTP and FTP, which its API accepts too, would send the account and the backup in
 * clear and are not taken.
 */
export const backupLocation = writtenAs(
  /^(?:sftp|scp|https|ftps|nfs|smb):\/\/[^/]/i,
  'must be an address that begins with sftp://, scp://, https://, ftps://, nfs:// or smb://',
).refine(
  (text) => !/^[^/]*\/\/[^/]*@/.test(text),
  'must not contain an account or a secret: use "username" and "password"',
);
