import {
  addClusterServices,
  findService,
  planClusterServices,
  removeClusterService,
  type ServiceKind,
} from '../../world/registered-services';
import { filterServices, serviceInfo, serviceSummary, type ServiceFilter } from './registered-services';
import { route, taskRoute, type RestCall, type RestRoute } from './route';
import { pathValue } from './trust-wire';

interface CreateSpec {
  type: 'SERVICE' | 'CLUSTER';
  service?: string;
  trust_authority_cluster?: string;
}

/** …/trusted-clusters/{cluster}/attestation/services and …/kms/services: what a Trusted Cluster is to use. */
export const trustedClusterServiceRoutes: readonly RestRoute[] = [...routesOf('attestation'), ...routesOf('kms')];

function routesOf(kind: ServiceKind): RestRoute[] {
  const service = `com.vmware.vcenter.trusted_infrastructure.trusted_clusters.${kind}.services`;
  return [
    taskRoute(
      `${service}.create$task`,
      (call: RestCall<CreateSpec>) => {
        const cluster = clusterOf(call);
        const { type, trust_authority_cluster, service: id } = call.body;
        const added = planClusterServices(call.world, call.vCenter, cluster, kind, {
          type,
          ...(id === undefined ? {} : { service: id }),
          ...(trust_authority_cluster === undefined ? {} : { trustAuthorityCluster: trust_authority_cluster }),
        });
        return { cluster, added };
      },
      ({ world, vCenter }, { cluster, added }) => {
        addClusterServices(world, vCenter, cluster, kind, added);
        return added[0]?.service;
      },
    ),
    route<ServiceFilter | undefined>(`${service}.list`, (call) =>
      filterServices(clusterOf(call).trustServices[kind], call.body).map(serviceSummary),
    ),
    route(`${service}.get`, (call) =>
      serviceInfo(findService(clusterOf(call).trustServices[kind], pathValue(call, 'service'))),
    ),
    taskRoute(
      `${service}.delete$task`,
      (call) => {
        const cluster = clusterOf(call);
        findService(cluster.trustServices[kind], pathValue(call, 'service'));
        return cluster;
      },
      (call, cluster) => removeClusterService(call.world, call.vCenter, cluster, kind, pathValue(call, 'service')),
    ),
  ];
}

function clusterOf(call: RestCall) {
  return call.world.clusterByMoid(call.vCenter, pathValue(call, 'cluster'));
}
