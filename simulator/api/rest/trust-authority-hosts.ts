import { Fault } from '../../world/fault';
import { sameAddress, type ServiceKind } from '../../world/registered-services';
import type { Cluster, Host, VCenter } from '../../world/state';
import { serviceAnswers } from '../../world/trust-authority';
import { isReachable } from '../../world/trust-cluster';
import type { NetworkAddress } from '../../world/trust-state';
import type { World } from '../../world/world';
import { route, type RestCall, type RestRoute } from './route';
import { chain, pathValue, passes } from './trust-wire';

type Projection = 'BRIEF' | 'NORMAL' | 'FULL';

interface FilterSpec {
  hosts?: string[];
  clusters?: string[];
  address?: NetworkAddress[];
  groups?: string[];
}

/** …/trust-authority-hosts: how the services of each Trust Authority Host are reached. */
export const trustAuthorityHostRoutes: readonly RestRoute[] = [...routesOf('attestation'), ...routesOf('kms')];

function routesOf(kind: ServiceKind): RestRoute[] {
  const service = `com.vmware.vcenter.trusted_infrastructure.trust_authority_hosts.${kind}`;
  return [
    route<FilterSpec | undefined>(`${service}.list`, ({ world, vCenter, body, query }) => {
      const projection = (query['projection'] ?? 'NORMAL') as Projection;
      return authorityHosts(world, vCenter)
        .filter(({ host, cluster }) => passes(body?.hosts, host.moid) && passes(body?.clusters, cluster.moid))
        .filter(({ cluster }) => passes(body?.groups, cluster.moid))
        .filter(({ host }) => !body?.address?.length || body.address.some((one) => sameAddress(one, addressOf(host))))
        .map(({ host, cluster }) => summary(host, cluster, projection));
    }),
    route(`${service}.get`, (call) => info(call, kind)),
  ];
}

function authorityHosts(world: World, vCenter: VCenter): { host: Host; cluster: Cluster }[] {
  return vCenter.clusters
    .filter((cluster) => cluster.trustAuthority === 'ENABLE')
    .flatMap((cluster) => world.hostsOf(vCenter, cluster.moid).map((host) => ({ host, cluster })));
}

function summary(host: Host, cluster: Cluster, projection: Projection): unknown {
  return {
    summary_type: projection,
    host: host.moid,
    address: addressOf(host),
    ...(projection === 'BRIEF' ? {} : { group: cluster.moid, cluster: cluster.moid }),
    ...(projection === 'FULL' ? { trusted_CA: chain([host.certificate]) } : {}),
  };
}

/**
 * documented: RESOURCE_INACCESSIBLE when the connection to the host fails; guessed: ERROR when the host is there and
 * its service does not run.
 */
function info(call: RestCall, kind: ServiceKind): unknown {
  const moid = pathValue(call, 'host');
  const found = authorityHosts(call.world, call.vCenter).find(({ host }) => host.moid === moid);
  if (!found) throw new Fault('NOT_FOUND', `The Trust Authority Host ${moid} does not exist.`);
  const { host, cluster } = found;
  if (!isReachable(host)) throw new Fault('RESOURCE_INACCESSIBLE', `The connection to ${host.name} failed.`);
  const service = kind === 'attestation' ? 'attestd' : 'kmxd';
  if (!serviceAnswers(host, service)) throw new Fault('ERROR', `${service} does not answer on ${host.name}.`);
  return {
    host: host.moid,
    address: addressOf(host),
    group: cluster.moid,
    cluster: cluster.moid,
    trusted_CA: chain([host.certificate]),
  };
}

function addressOf(host: Host): NetworkAddress {
  return { hostname: host.name, port: 443 };
}
