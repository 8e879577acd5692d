import { applyImage, prepareApply } from '../../world/lifecycle-apply';
import { checkCluster, prepareCheck } from '../../world/lifecycle-check';
import {
  claimCluster,
  commitById,
  desiredCommit,
  isApplied,
  prepareOperation,
  type OperationSpec,
} from '../../world/lifecycle-cluster';
import { lastCompliance, scanCluster } from '../../world/lifecycle-compliance';
import { stageImage } from '../../world/lifecycle-stage';
import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import type { Cluster, VCenter } from '../../world/state';
import type { World } from '../../world/world';
import { applyResult, checkResult, clusterCompliance } from './lifecycle-result-wire';
import { specificationRoutes } from './lifecycle-specification';
import { clusterOf, clusterTask } from './lifecycle-task';
import { softwareInfo } from './lifecycle-wire';
import { route, type RestRoute } from './route';

const SOFTWARE = 'com.vmware.esx.settings.clusters.software';

/** com.vmware.esx.settings.clusters.software.ApplySpec; check and stage have the first two fields. */
interface ApplyBody extends OperationSpec {
  accept_eula?: boolean;
}

/** The desired image of a cluster and the operations on it. */
export const softwareRoutes: readonly RestRoute[] = [
  route(`${SOFTWARE}.get`, (call) => softwareInfo(call.vCenter.depot, desiredCommit(clusterOf(call)).spec)),
  ...specificationRoutes(SOFTWARE, (call) => desiredCommit(clusterOf(call)).spec),

  clusterTask(`${SOFTWARE}.scan$task`, {
    prepare: (_call, cluster) => desiredCommit(cluster),
    work: async ({ world, vCenter }, cluster, _commit, task) => {
      await task.sleep(world.settings.durations.imageScan);
      return clusterCompliance(vCenter.depot, scanCluster(world, vCenter, cluster));
    },
  }),
  clusterTask(`${SOFTWARE}.check$task`, {
    exclusive: true,
    prepare: ({ world, vCenter, body }, cluster) => prepareCheck(world, vCenter, cluster, body as OperationSpec),
    work: async ({ world, vCenter }, cluster, hosts, task) =>
      checkResult(await checkCluster(world, vCenter, cluster, hosts, task)),
  }),
  clusterTask(`${SOFTWARE}.stage$task`, {
    exclusive: true,
    prepare: ({ world, vCenter, body }, cluster) => prepareOperation(world, vCenter, cluster, body as OperationSpec),
    work: async ({ world, vCenter }, cluster, hosts, task) =>
      applyResult(await stageImage(world, vCenter, cluster, hosts, task)),
  }),
  clusterTask(`${SOFTWARE}.apply$task`, {
    exclusive: true,
    prepare: ({ world, vCenter, body }, cluster) => {
      const { accept_eula, ...spec } = body as ApplyBody;
      return prepareApply(world, vCenter, cluster, { ...spec, acceptEula: accept_eula === true });
    },
    work: async ({ world, vCenter }, cluster, hosts, task) =>
      applyResult(await applyImage(world, vCenter, cluster, hosts, task)),
  }),

  route(`${SOFTWARE}.compliance.get`, (call) =>
    clusterCompliance(call.vCenter.depot, lastCompliance(call.world, call.vCenter, clusterOf(call))),
  ),
  route(`${SOFTWARE}.commits.get`, (call) => {
    const cluster = clusterOf(call);
    const commit = commitById(cluster, call.path['commit'] ?? '');
    const applied = isApplied(call.world, call.vCenter, cluster, commit);
    return {
      author: commit.author,
      commit_time: iso(commit.time),
      description: commit.message,
      apply_status: applied ? 'APPLIED' : 'NOT_APPLIED',
    };
  }),
  route(`${SOFTWARE}.reports.last_apply_result.get`, (call) => {
    const { name, lifecycle } = clusterOf(call);
    const { lastApply } = lifecycle;
    if (!lastApply) throw new Fault('NOT_FOUND', `No image was ever applied to ${name}.`);
    return applyResult(lastApply);
  }),
  route(`${SOFTWARE}.reports.last_check_result.get`, (call) => {
    const { name, lifecycle } = clusterOf(call);
    const { lastCheck } = lifecycle;
    if (!lastCheck) throw new Fault('NOT_FOUND', `${name} was never checked.`);
    return checkResult(lastCheck);
  }),
  // Solutions are not simulated: no cluster has one.
  route(`${SOFTWARE}.solutions.list`, (call) => {
    clusterOf(call);
    return {};
  }),
  route(`${SOFTWARE}.solutions.get`, (call) => {
    clusterOf(call);
    throw new Fault('NOT_FOUND', `The solution ${call.path['solution']} does not exist.`);
  }),
];

/**
 * Applies the image to a whole cluster in somebody's name, as a call of the API would; what cannot be started is not
 * (the fault `stranger-remediates`).
 */
export function startApply(world: World, vCenter: VCenter, cluster: Cluster, user: string): void {
  let hosts: ReturnType<typeof prepareApply>;
  try {
    hosts = prepareApply(world, vCenter, cluster, { acceptEula: true });
  } catch (thrown) {
    if (thrown instanceof Fault) return;
    throw thrown;
  }
  const target = { type: 'ClusterComputeResource', moid: cluster.moid, name: cluster.name };
  const spec = { kind: 'cis' as const, vCenter: vCenter.id, service: SOFTWARE, operation: 'apply$task', target, user };
  const record = world.tasks.start(spec, async (task) =>
    applyResult(await applyImage(world, vCenter, cluster, hosts, task)),
  );
  claimCluster(world, cluster, record);
}
