import { attestClientsLater } from './attestation';
import { Fault } from './fault';
import type { Cluster, Host, VCenter } from './state';
import { emptyTrustCopy, TRUST_SERVICES } from './trust-authority';
import { isReachable } from './trust-cluster';
import type { World } from './world';

/** R35 (documented): a Trusted Cluster cannot be a Trust Authority Cluster. @throws Fault ERROR */
export function checkTrustState(cluster: Cluster, state: Cluster['trustAuthority'] | undefined): void {
  if (state !== 'ENABLE') return;
  if (cluster.trustServices.attestation.length + cluster.trustServices.kms.length > 0) {
    throw new Fault('ERROR', `${cluster.name} is a Trusted Cluster and cannot become a Trust Authority Cluster.`);
  }
}

/**
 * ENABLE starts the services on every reachable host and gives hosts without a configuration an empty one: what a
 * host needs that was added again. DISABLE stops them and removes the configuration (guessed).
 */
export function setTrustState(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  state: Cluster['trustAuthority'] | undefined,
): void {
  if (state === undefined) return;
  cluster.trustAuthority = state;
  const hosts = world.hostsOf(vCenter, cluster.moid).filter(isReachable);
  for (const host of hosts) switchHost(host, state === 'ENABLE');
  world.events.add(
    'trust-authority-state',
    { vCenter: vCenter.id },
    { cluster: cluster.name, state, hosts: hosts.map((host) => host.name) },
  );
  attestClientsLater(world, hosts, 'service-started');
}

function switchHost(host: Host, on: boolean): void {
  host.trust = on ? (host.trust ?? emptyTrustCopy()) : null;
  for (const service of host.services) {
    if (!(TRUST_SERVICES as readonly string[]).includes(service.key)) continue;
    service.running = on;
    service.policy = on ? 'on' : 'off';
  }
}
