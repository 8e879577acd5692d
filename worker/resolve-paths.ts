import * as path from 'node:path';
import type { Infrastructure, SecretReference, VCenterBackup, VCenterEndpoint } from '../src/model/infrastructure';

/**
 * The infrastructure with the paths of CA files, secret files and archive made absolute.
 * @param directory where the infrastructure file is: relative paths in it begin there
 */
export function resolvePaths(infrastructure: Infrastructure, directory: string): Infrastructure {
  const { trustAuthority, esxi } = infrastructure;
  const secret = (reference: SecretReference) =>
    reference.startsWith('file:') ? `file:${path.resolve(directory, reference.slice('file:'.length))}` : reference;
  const trust = <T extends { caFile?: string }>(tls: T): T =>
    tls.caFile === undefined ? tls : { ...tls, caFile: path.resolve(directory, tls.caFile) };
  const backup = (target: VCenterBackup): VCenterBackup =>
    'elsewhere' in target ? target : withSecrets(target, ['password', 'encryption'], secret);
  const endpoint = (vCenter: VCenterEndpoint): VCenterEndpoint => ({
    ...vCenter,
    password: secret(vCenter.password),
    tls: trust(vCenter.tls),
    ...(vCenter.backup && { backup: backup(vCenter.backup) }),
  });
  return {
    ...infrastructure,
    trustAuthority: { ...trustAuthority, vCenter: endpoint(trustAuthority.vCenter) },
    trusted: infrastructure.trusted.map((entry) => ({ ...entry, vCenter: endpoint(entry.vCenter) })),
    ...(esxi && { esxi: { ...esxi, password: secret(esxi.password), tls: trust(esxi.tls) } }),
    keyProviders: Object.fromEntries(
      Object.entries(infrastructure.keyProviders).map(([id, provider]) => [
        id,
        withSecrets(provider, ['password', 'clientKey'], secret),
      ]),
    ),
    holds: infrastructure.holds.map((check) => ({
      ...withSecrets(check, ['token'], secret),
      tls: trust(check.tls),
    })),
    archive: path.resolve(directory, infrastructure.archive),
  };
}

function withSecrets<K extends string, T extends Partial<Record<K, SecretReference>>>(
  holder: T,
  keys: K[],
  resolve: (reference: SecretReference) => SecretReference,
): T {
  const resolved: T = { ...holder };
  for (const key of keys) {
    const reference = holder[key];
    if (reference !== undefined) Object.assign(resolved, { [key]: resolve(reference) });
  }
  return resolved;
}
