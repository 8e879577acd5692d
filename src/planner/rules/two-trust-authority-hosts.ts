import { isAtWork } from '../open-children';
import { hostTroubles } from '../host-troubles';
import { runScope } from '../run-scope';
import type { Rule } from './rule';

/**
 * While one Trust Authority Host is away the others answer for attestation and keys, so there must be another one. A
 * host in maintenance mode counts: it goes first, with a healthy one beside it, and serves again before the next.
 */
export const twoTrustAuthorityHosts: Rule = (request, inventory) => {
  const working = runScope(request, inventory).clusters.some(
    ({ phase, toUpgrade }) => phase === 2 && toUpgrade.length > 0,
  );
  if (!working) return [];
  const { cluster } = inventory.trustAuthority;
  const healthy = cluster.hosts.filter(
    (host) => isAtWork(inventory, 'host', host.name) || hostTroubles(host).length === 0,
  );
  if (healthy.length >= 2) return [];
  const removed = inventory.leftBehind.flatMap(({ change }) =>
    change.kind === 'host-removed' &&
    change.subject.cluster === cluster.name &&
    change.subject.vCenter === cluster.vCenter
      ? [change.subject.name]
      : [],
  );
  return [
    {
      code: 'VTA_TOO_FEW_TRUST_AUTHORITY_HOSTS',
      subject: `cluster ${cluster.name}`,
      message:
        `Cluster ${cluster.name} has ${healthy.length} healthy of ${cluster.hosts.length} Trust Authority Hosts. ` +
        `Phase 2 takes one away at a time, and then nobody would attest hosts or hand out keys.` +
        (removed.length === 0
          ? ''
          : ` An earlier run removed ${removed.join(', ')} in order to revert it, and did not come to its end.`),
      remedy: 'Bring at least two Trust Authority Hosts to health (or add one), then ask again.',
    },
  ];
};
