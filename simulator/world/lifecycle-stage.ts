import { toFault } from './fault';
import { checkConnected, checkIdle } from './host-maintenance';
import { summarize } from './lifecycle-apply';
import { desiredCommit } from './lifecycle-cluster';
import { scanCluster } from './lifecycle-compliance';
import { imageOfSpec } from './lifecycle-image';
import type { ApplyResult, HostOutcome } from './lifecycle-state';
import { note } from './lifecycle-validate';
import type { Cluster, Host, VCenter } from './state';
import type { TaskHandle } from './tasks';
import type { World } from './world';

/**
 * Puts the desired image on the hosts without installing it (8.0). Preconditions: prepareOperation. guessed: the other
 * boot bank keeps what it has; one source says of older releases that staging spends it.
 */
export async function stageImage(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  hosts: readonly Host[],
  task: TaskHandle,
): Promise<ApplyResult> {
  const startTime = world.clock.now();
  const commit = desiredCommit(cluster);
  const image = imageOfSpec(vCenter.depot, commit.spec);
  const outcomes = new Map<string, HostOutcome>();
  for (const host of hosts) {
    const begun = world.clock.now();
    const outcome = (status: HostOutcome['status'], notes: HostOutcome['notes']): HostOutcome => ({
      name: host.name,
      status,
      startTime: begun,
      endTime: world.clock.now(),
      notes,
    });
    try {
      checkConnected(host);
      checkIdle(host);
      await task.sleep(world.settings.durations.imageStage);
      host.stagedImage = image;
      outcomes.set(host.moid, outcome('OK', []));
    } catch (thrown) {
      outcomes.set(host.moid, outcome('ERROR', [note(world, 'ERROR', 'stage', toFault(thrown).message)]));
    }
    world.hostEvent('stage-ended', host, { commit: commit.id, status: outcomes.get(host.moid)?.status });
  }
  scanCluster(world, vCenter, cluster);
  return summarize(world, commit.id, startTime, outcomes);
}
