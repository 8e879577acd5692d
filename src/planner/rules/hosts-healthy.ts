import type { ClusterFacts, HostFacts } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import { hostTroubles, type HostTrouble } from '../host-troubles';
import { isAtWork } from '../open-children';
import { runScope, type ClusterInRun } from '../run-scope';
import { compareEsxi } from '../versions';
import type { Rule } from './rule';

/**
 * All hosts of a tier must be well before one of them is touched, those included that need nothing: they carry the load
 * meanwhile. The Trust Authority Hosts must be well for Trusted Hosts too: base images are imported only while all of
 * them are connected.
 */
export const hostsHealthy: Rule = (request, inventory) => {
  const working = runScope(request, inventory).clusters.filter(
    ({ phase, toUpgrade }) => toUpgrade.length > 0 || phase === 'reference',
  );
  if (working.length === 0) return [];
  const tiers = new Set<ClusterFacts>([inventory.trustAuthority.cluster]);
  if (working.some(({ phase }) => phase === 4))
    inventory.trusted.flatMap(({ clusters }) => clusters).forEach((one) => tiers.add(one));
  // Of a reference cluster nobody depends on the other hosts.
  const reference = working.flatMap(({ phase, toUpgrade, atTarget }) =>
    phase === 'reference' ? [...toUpgrade, ...atTarget] : [],
  );
  const troubles = [...[...tiers].flatMap(({ hosts }) => hosts), ...reference].flatMap((host) =>
    hostTroubles(host).map((trouble) => ({ host, trouble })),
  );
  return [...troubles, ...working.flatMap(upgradeTroubles)]
    .filter(({ host }) => !isAtWork(inventory, 'host', host.name))
    .map(({ host, trouble }): Finding => ({ code: 'VTA_HOST_UNHEALTHY', subject: `host ${host.name}`, ...trouble }));
};

/** What is wrong with a host as something to upgrade. */
function upgradeTroubles({ cluster, target, toUpgrade }: ClusterInRun): { host: HostFacts; trouble: HostTrouble }[] {
  const esxi = target?.esxi;
  if (target === undefined || esxi === undefined) return [];
  return toUpgrade.flatMap((host) => {
    if (compareEsxi(host, esxi) === undefined) {
      const message = `Host ${host.name} tells a version that is not understood ("${host.version}" build "${host.build}").`;
      return [
        { host, trouble: { message, remedy: 'See whether the host is well; the plan needs to know what it runs.' } },
      ];
    }
    if (target.commitImage || host.compliance !== 'INCOMPATIBLE') return [];
    const message = `vSphere Lifecycle Manager calls host ${host.name} incompatible with the desired image of ${cluster.name}.`;
    const remedy = `See the reason under Updates > Image of cluster ${cluster.name}, correct image or host, and check again.`;
    return [{ host, trouble: { message, remedy } }];
  });
}
