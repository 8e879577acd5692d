import { message, type LocalizableMessage } from './fault';
import type { Host } from './state';
import type { TRUST_SERVICES } from './trust-authority';
import { isReachable, type Health, type TrustCluster } from './trust-cluster';

/**
 * Status of the attestation (attestd) or key provider (kmxd) service of a Trust Authority Cluster.
 * documented: ERROR = the service does not function, with details. guessed: a host that cannot be asked is a WARNING
 * as long as others answer.
 */
export function serviceStatus(trust: TrustCluster, service: (typeof TRUST_SERVICES)[number]): Health {
  const details: LocalizableMessage[] = [];
  let health: Health['health'] = 'OK';
  let answering = 0;
  for (const host of trust.members) {
    const problem = problemOf(host, service);
    if (!problem) {
      answering += 1;
      continue;
    }
    details.push(problem.text);
    if (problem.serious) health = 'ERROR';
    else if (health === 'OK') health = 'WARNING';
  }
  return { health: answering === 0 ? 'ERROR' : health, details };
}

function problemOf(host: Host, service: string): { text: LocalizableMessage; serious: boolean } | null {
  if (!isReachable(host)) {
    return { text: message('service.unreachable', `${host.name} cannot be reached.`, host.name), serious: false };
  }
  if (host.trust === null) {
    const text = `${host.name} has no Trust Authority configuration.`;
    return { text: message('service.not-configured', text, host.name), serious: true };
  }
  if (!host.services.some((candidate) => candidate.key === service && candidate.running)) {
    const text = `${service} does not run on ${host.name}.`;
    return { text: message('service.down', text, service, host.name), serious: true };
  }
  return null;
}
