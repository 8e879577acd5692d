import { Fault } from '../../world/fault';
import { claimCluster } from '../../world/lifecycle-cluster';
import type { Cluster } from '../../world/state';
import type { TaskHandle } from '../../world/tasks';
import { asTask, type RestCall, type RestRoute } from './route';
import { operation } from './operation';

/** The cluster that a call names. @throws Fault NOT_FOUND */
export function clusterOf(call: RestCall): Cluster {
  return call.world.clusterByMoid(call.vCenter, call.path['cluster'] ?? '');
}

/** How an operation of vLCM on a cluster runs. */
interface ClusterTask<Body, Prepared> {
  /** Preconditions; where their Fault shows (at submit or in the task) is a switch of the scenario. */
  prepare(call: RestCall<Body>, cluster: Cluster): Prepared;
  /** Its value is the task's result, as the wire has it. */
  work(call: RestCall<Body>, cluster: Cluster, prepared: Prepared, task: TaskHandle): Promise<unknown>;
  /** No other operation may run on the cluster meanwhile (documented: check, stage and apply). */
  exclusive?: boolean;
}

/** Answers an operation on a cluster by a task. */
export function clusterTask<Prepared, Body = unknown>(key: string, spec: ClusterTask<Body, Prepared>): RestRoute {
  return {
    operation: operation(key),
    handle: (untyped) => {
      const call = untyped as RestCall<Body>;
      const moid = call.path['cluster'] ?? '';
      const prepare = () => {
        const cluster = clusterOf(call);
        return { cluster, prepared: spec.prepare(call, cluster) };
      };
      const early = call.world.settings.switches.errorsAt === 'submit' ? prepare() : null;
      const name = early?.cluster.name ?? moid;
      const reply = asTask(call, { target: { type: 'ClusterComputeResource', moid, name } }, async (task) => {
        const { cluster, prepared } = early ?? prepare();
        if (!early && spec.exclusive) claimCluster(call.world, cluster, task.record);
        return spec.work(call, cluster, prepared, task);
      });
      if (early && spec.exclusive) claimCluster(call.world, early.cluster, reply.task);
      return reply;
    },
  };
}

/** A Fault whose `data` is the world's becomes one whose `data` is the wire's. */
export async function withWireData<T>(run: () => Promise<T> | T, toWire: (data: unknown) => unknown): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.options.data === undefined) throw thrown;
    throw new Fault(thrown.type, thrown.message, { ...thrown.options, data: toWire(thrown.options.data) });
  }
}
