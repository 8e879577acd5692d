import {
  findService,
  register,
  sameAddress,
  servicesOf,
  unregister,
  type ServiceKind,
} from '../../world/registered-services';
import type { NetworkAddress, RegisteredService } from '../../world/trust-state';
import { route, type RestRoute } from './route';
import { chain, pathValue, passes, wireAddress, type WireChain } from './trust-wire';

interface CreateSpec {
  address: NetworkAddress;
  trusted_CA: WireChain;
  group: string;
  trust_authority_cluster: string;
}

/** com.vmware.….services.FilterSpec, of vCenter and of a Trusted Cluster alike. */
export interface ServiceFilter {
  services?: string[];
  address?: NetworkAddress[];
  group?: string[];
  trust_authority_cluster?: string[];
}

/** …/attestation/services and …/kms/services: what a workload vCenter knows of Trust Authority Hosts. */
export const registeredServiceRoutes: readonly RestRoute[] = [...routesOf('attestation'), ...routesOf('kms')];

function routesOf(kind: ServiceKind): RestRoute[] {
  const service = `com.vmware.vcenter.trusted_infrastructure.${kind}.services`;
  return [
    route<CreateSpec>(`${service}.create`, ({ vCenter, body }) =>
      register(vCenter, kind, {
        address: body.address,
        trustedCA: body.trusted_CA.cert_chain,
        group: body.group,
        trustAuthorityCluster: body.trust_authority_cluster,
      }),
    ),
    route<ServiceFilter | undefined>(`${service}.list`, ({ vCenter, body }) =>
      filterServices(servicesOf(vCenter, kind), body).map(serviceSummary),
    ),
    route(`${service}.get`, (call) =>
      serviceInfo(findService(servicesOf(call.vCenter, kind), pathValue(call, 'service'))),
    ),
    route(`${service}.delete`, (call) => unregister(call.vCenter, kind, pathValue(call, 'service'))),
  ];
}

export function filterServices(
  services: readonly RegisteredService[],
  filter: ServiceFilter | undefined,
): RegisteredService[] {
  return services
    .filter(({ service, group }) => passes(filter?.services, service) && passes(filter?.group, group))
    .filter(({ trustAuthorityCluster }) => passes(filter?.trust_authority_cluster, trustAuthorityCluster))
    .filter(({ address }) => !filter?.address?.length || filter.address.some((one) => sameAddress(one, address)));
}

export function serviceSummary({ service, address, group, trustAuthorityCluster }: RegisteredService): unknown {
  return { service, address: wireAddress(address), group, trust_authority_cluster: trustAuthorityCluster };
}

export function serviceInfo({ address, trustedCA, group, trustAuthorityCluster }: RegisteredService): unknown {
  return {
    address: wireAddress(address),
    trusted_CA: chain(trustedCA),
    group,
    trust_authority_cluster: trustAuthorityCluster,
  };
}
