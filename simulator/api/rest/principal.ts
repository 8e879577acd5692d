import { route, type RestRoute } from './route';
import { chain } from './trust-wire';

/** …/principal: the token service of this vCenter, to be trusted by a Trust Authority Cluster. */
export const principalRoutes: readonly RestRoute[] = [
  route('com.vmware.vcenter.trusted_infrastructure.principal.get', ({ vCenter: { principal } }) => ({
    certificates: principal.certificates.map(chain),
    issuer: principal.issuer,
    principal: principal.principal,
    name: principal.name,
  })),
];
