import type { Pace } from '../model/pace';
import type { Site } from './dependencies';
import { trustAuthorityReader } from './trust-authority-reader';

/** What the Trust Authority Cluster says of its attestation and of its key provider service. */
export async function readServiceReports(site: Site, pace: Pace) {
  const { trustAuthority, cluster, run } = await trustAuthorityReader(site, pace);
  return {
    attestation: await run((options) => trustAuthority.attestationStatus(cluster, options)),
    keyProvider: await run((options) => trustAuthority.keyProviderStatus(cluster, options)),
  };
}

/**
 * Why the Trust Authority Cluster cannot be relied on; empty when attestation and key provider service are OK. Health
 * is known per cluster only, so it is asked while all hosts are connected.
 */
export async function readServiceHealth(site: Site, pace: Pace): Promise<string[]> {
  const { attestation, keyProvider } = await readServiceReports(site, pace);
  return [...trouble('attestation service', attestation), ...trouble('key provider service', keyProvider)];
}

function trouble(what: string, report: { health: string; details: readonly { text: string }[] }): string[] {
  if (report.health === 'OK') return [];
  const details = report.details.map((detail) => detail.text).join(' ');
  return [`the ${what} of the Trust Authority Cluster is ${report.health}${details === '' ? '' : ` (${details})`}`];
}
