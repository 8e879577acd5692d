import type { HostFacts } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import { isAtWork } from '../open-children';
import { runScope } from '../run-scope';
import type { Rule } from './rule';

/**
 * The Trust Authority Cluster must be well before hosts are touched: Trust Authority Hosts answer for one another while
 * one is away, and Trusted Hosts need it to attest. What could not be read is not taken for well.
 */
export const trustAuthorityHealthy: Rule = (request, inventory) => {
  const working = runScope(request, inventory).clusters.filter(
    ({ phase, toUpgrade }) => toUpgrade.length > 0 || phase === 'reference',
  );
  if (working.length === 0) return [];
  const { cluster, services } = inventory.trustAuthority;
  const findings: Finding[] = [];
  const someAtWork = (hosts: HostFacts[]) => hosts.some(({ name }) => isAtWork(inventory, 'host', name));
  const refuse = (subject: string, message: string, remedy: string) =>
    findings.push({ code: 'VTA_TRUST_AUTHORITY_UNHEALTHY', subject, message, remedy });

  if (cluster.trustState !== 'ENABLE') {
    refuse(
      `cluster ${cluster.name}`,
      `Cluster ${cluster.name} is not an enabled Trust Authority Cluster (state ${cluster.trustState}).`,
      'Name the right cluster in the infrastructure file, or enable Trust Authority on it.',
    );
  }
  for (const [name, health] of [
    ['attestation service', services.attestation],
    ['key provider service', services.keyProvider],
  ] as const) {
    // While an earlier run's child has one of its hosts away, that is the health of its work; it is read again after it.
    if (health === 'OK' || someAtWork(cluster.hosts)) continue;
    refuse(
      `cluster ${cluster.name}`,
      `The health of the ${name} of cluster ${cluster.name} is ${health}, not OK.`,
      'Look at attestd and kmxd on its hosts (a restart often helps) and at the key servers, then ask again.',
    );
  }
  for (const { cluster: trusted } of working.filter(({ phase }) => phase === 4)) {
    if (trusted.trustState === 'OK' || someAtWork(trusted.hosts)) continue;
    refuse(
      `cluster ${trusted.name}`,
      `The Trust Authority configuration of Trusted Cluster ${trusted.name} is ${trusted.trustState}, not OK.`,
      'Check the health of the Trusted Cluster in the vSphere Client and remediate it there, then ask again.',
    );
  }
  return findings;
};
