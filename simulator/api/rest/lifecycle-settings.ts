import { Fault } from '../../world/fault';
import { effectivePolicy, setPolicy } from '../../world/lifecycle-policy';
import type { ApplyPolicy } from '../../world/lifecycle-state';
import { clusterOf, clusterTask } from './lifecycle-task';
import { route, type RestRoute } from './route';

const CLUSTERS = 'com.vmware.esx.settings.clusters';

/** How a cluster is managed and remediated. */
export const lifecycleSettingsRoutes: readonly RestRoute[] = [
  route(`${CLUSTERS}.enablement.software.get`, (call) => ({ enabled: clusterOf(call).lifecycle.enabled })),
  clusterTask(`${CLUSTERS}.enablement.software.check$task`, {
    prepare: (_call, cluster) => refuseWhenEnabled(cluster.lifecycle.enabled, cluster.name),
    work: async () => ({ notifications: {} }),
  }),
  clusterTask(`${CLUSTERS}.enablement.software.enable$task`, {
    exclusive: true,
    prepare: (_call, cluster) => {
      refuseWhenEnabled(cluster.lifecycle.enabled, cluster.name);
      // documented: a check SOFTWARE_SPECIFICATION_EXISTENCE; enabling fails when one of its checks does.
      if (cluster.lifecycle.commits.length === 0) throw new Fault('ERROR', `${cluster.name} has no desired image.`);
    },
    work: async ({ world }, cluster, _prepared, task) => {
      await task.sleep(world.settings.durations.taskWork);
      cluster.lifecycle.enabled = true;
    },
  }),
  route(`${CLUSTERS}.policies.apply.get`, (call) => clusterOf(call).lifecycle.policy),
  route<ApplyPolicy>(`${CLUSTERS}.policies.apply.set`, (call) =>
    setPolicy(call.world, call.vCenter, clusterOf(call), call.body, call.session.user),
  ),
  route(`${CLUSTERS}.policies.apply.effective.get`, (call) => effectivePolicy(clusterOf(call))),
];

/** documented: NOT_ALLOWED_IN_CURRENT_STATE when the cluster is managed with one image already */
function refuseWhenEnabled(enabled: boolean, name: string): void {
  if (enabled) throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `${name} is managed with a single image already.`);
}
