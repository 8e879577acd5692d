import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Infrastructure, TlsTrust, VCenterEndpoint } from '../src/model/infrastructure';
import { canonicalJson } from '../src/planner/canonical';

/**
 * SHA-256 of what an infrastructure is: where it is, whom the worker trusts there, who approves, where the archive is.
 * Activities refuse to go on when it is not the one that their plan was made with. Secrets and the references to them
 * are left out: passwords may be rotated, and kept elsewhere, while a run waits. A CA file counts by its content. The pace is left out
 * too: a plan carries its own.
 */
export function infrastructureDigest(infrastructure: Infrastructure): string {
  const { trustAuthority, trusted, esxi, keyProviders, holds, paceScale: _pace, ...rest } = infrastructure;
  const subject = {
    ...rest,
    trustAuthority: { ...trustAuthority, vCenter: withoutSecrets(trustAuthority.vCenter) },
    trusted: trusted.map((entry) => ({ ...entry, vCenter: withoutSecrets(entry.vCenter) })),
    esxi: esxi && { username: esxi.username, tls: trustSubject(esxi.tls), urls: esxi.urls },
    keyProviders: Object.keys(keyProviders).sort(),
    holds: holds.map(({ token: _token, tls, ...check }) => ({ ...check, tls: trustSubject(tls) })),
  };
  return createHash('sha256').update(canonicalJson(subject)).digest('hex');
}

function withoutSecrets({ url, name, username, tls, backup }: VCenterEndpoint): object {
  const backupSubject =
    backup && ('elsewhere' in backup ? backup : { location: backup.location, username: backup.username });
  return { url, name, username, tls: trustSubject(tls), backup: backupSubject };
}

function trustSubject({ caFile, ...rest }: TlsTrust): object {
  if (caFile === undefined) return rest;
  return { ...rest, caFileSha256: createHash('sha256').update(readFileSync(caFile)).digest('hex') };
}
