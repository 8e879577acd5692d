import { checkTrustState, setTrustState } from '../../world/trust-enablement';
import { route, taskRoute, type RestRoute } from './route';
import { pathValue, passes, TAC } from './trust-wire';

type State = 'ENABLE' | 'DISABLE';

/** /api/vcenter/trusted-infrastructure/trust-authority-clusters. guessed: every cluster is listed, with its state. */
export const trustAuthorityClusterRoutes: readonly RestRoute[] = [
  route(`${TAC}.list`, ({ vCenter, query }) => {
    const filter = query as { cluster?: string[]; state?: State[] };
    return vCenter.clusters
      .filter((cluster) => passes(filter.cluster, cluster.moid) && passes(filter.state, cluster.trustAuthority))
      .map((cluster) => ({ cluster: cluster.moid, state: cluster.trustAuthority }));
  }),
  route(`${TAC}.get`, (call) => {
    const cluster = call.world.clusterByMoid(call.vCenter, pathValue(call, 'cluster'));
    return { cluster: cluster.moid, state: cluster.trustAuthority };
  }),
  taskRoute<ReturnType<typeof clusterToUpdate>, { state?: State }>(
    `${TAC}.update$task`,
    clusterToUpdate,
    ({ world, vCenter, body }, cluster) => setTrustState(world, vCenter, cluster, body.state),
  ),
];

function clusterToUpdate(call: Parameters<RestRoute['handle']>[0] & { body: { state?: State } }) {
  const cluster = call.world.clusterByMoid(call.vCenter, pathValue(call, 'cluster'));
  checkTrustState(cluster, call.body.state);
  return cluster;
}
