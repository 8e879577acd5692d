import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ConfigurationError } from '../../worker/configuration-error';
import { readConfiguration } from '../../worker/configuration';

/** A whole, valid infrastructure file. Tests replace parts of it, so that each shows only what is wrong. */
export const VALID_FILE = `infrastructures:
  prod:
    trustAuthority:
      vCenter:
        url: https://ta-vc.example.com
        username: vta-upgrade@vsphere.local
        password: env:TA_VC_PASSWORD
        tls: { caFile: ca.pem }
        backup: { location: sftp://backup.example.com/ta-vc, username: backup, password: env:BACKUP_PASSWORD }
      cluster: vTA Cluster
    trusted:
      - vCenter:
          url: https://workload-vc.example.com
          username: vta-upgrade@vsphere.local
          password: file:secrets/workload
          backup: { elsewhere: "nightly, by the backup team" }
        clusters: [Trusted Cluster]
    esxi:
      username: root
      password: file:/run/secrets/esxi-root
      tls: { thumbprints: { host-1.example.com: "${thumbprintOf('ab')}" } }
      urls: { host-1.example.com: "https://127.0.0.1:8443" }
    keyProviders:
      corp-kms: { password: env:KMIP_PASSWORD, clientKey: file:kmip.key }
    archive: archive
    approvals: { approvers: [alice, bob], required: 1, expireAfter: 72h }
`;

/** A SHA-256 thumbprint of equal pairs. */
export function thumbprintOf(pair: string, pairs = 32): string {
  return Array.from({ length: pairs }, () => pair).join(':');
}

/** A directory with the given files, removed at the end of the test: `using directory = files({...})`. */
export function files(content: Record<string, string>): { path: string; [Symbol.dispose](): void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'vta-upgrade-'));
  for (const [name, text] of Object.entries(content)) writeFileSync(path.join(directory, name), text, { mode: 0o600 });
  return { path: directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

/** Reads a text as infrastructure file beside a CA file, and returns its problems as lines without the file's name. */
export function problemsOf(text: string, caFile: string): string[] {
  using directory = files({ 'vta-upgrade.yaml': text, 'ca.pem': caFile });
  const file = path.join(directory.path, 'vta-upgrade.yaml');
  try {
    readConfiguration(file);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [, ...lines] = error.message.split('\n');
    return lines.map((line) => line.trim().replace(`${file}:`, '').trim());
  }
}
