import { serviceStatus } from '../../world/service-status';
import { taskRoute, type RestRoute } from './route';
import { clusterOf, TAC, wireHealth } from './trust-wire';

/** …/attestation/service-status and …/kms/service-status: health of a whole Trust Authority Cluster. */
export const serviceStatusRoutes: readonly RestRoute[] = [
  taskRoute(`${TAC}.attestation.service_status.get$task`, clusterOf, (_call, trust) =>
    wireHealth(serviceStatus(trust, 'attestd')),
  ),
  taskRoute(`${TAC}.kms.service_status.get$task`, clusterOf, (_call, trust) =>
    wireHealth(serviceStatus(trust, 'kmxd')),
  ),
];
