import { Fault } from './fault';
import { desiredCommit, isApplied, prepareOperation, type OperationSpec } from './lifecycle-cluster';
import { scanCluster } from './lifecycle-compliance';
import { effectivePolicy } from './lifecycle-policy';
import type { CheckedEntity, CheckResult, CheckStatus, ClusterCompliance } from './lifecycle-state';
import type { Cluster, Host, VCenter } from './state';
import type { TaskHandle } from './tasks';
import { vmsOn } from './virtual-machines';
import type { World } from './world';

/**
 * Preconditions of the checks before a remediation.
 * @throws Fault as prepareOperation; NOT_ALLOWED_IN_CURRENT_STATE when the image is applied already (documented)
 */
export function prepareCheck(world: World, vCenter: VCenter, cluster: Cluster, spec: OperationSpec): Host[] {
  const hosts = prepareOperation(world, vCenter, cluster, spec);
  if (isApplied(world, vCenter, cluster, desiredCommit(cluster))) {
    throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `The image is already applied to ${cluster.name}.`);
  }
  return hosts;
}

/** Looks for what would keep hosts from being remediated, and changes nothing. */
export async function checkCluster(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  hosts: readonly Host[],
  task: TaskHandle,
): Promise<CheckResult> {
  const startTime = world.clock.now();
  await task.sleep(world.settings.durations.imageCheck);
  const compliance = scanCluster(world, vCenter, cluster);
  const entities = [checkedCluster(cluster), ...hosts.map((host) => checkedHost(world, cluster, host, compliance))];
  const result: CheckResult = {
    commit: desiredCommit(cluster).id,
    status: worst(entities.map((entity) => entity.status)),
    startTime,
    endTime: world.clock.now(),
    entities,
  };
  cluster.lifecycle.lastCheck = result;
  return result;
}

function checkedCluster(cluster: Cluster): CheckedEntity {
  const issue = cluster.drsEnabled ? null : 'DRS is off: VMs have to be moved by hand before a host is remediated.';
  return entity('CLUSTER', cluster, [check('drs', 'DRS moves VMs away', 'WARNING', issue)]);
}

function checkedHost(world: World, cluster: Cluster, host: Host, compliance: ClusterCompliance): CheckedEntity {
  const policy = effectivePolicy(cluster);
  const row = compliance.hosts[host.moid];
  const stuck = vmsOn(world, host).filter((vm) => vm.powerState === 'POWERED_ON' && !vm.migratable);
  const movesVms = policy.pre_remediation_power_action === 'DO_NOT_CHANGE_VMS_POWER_STATE' && !host.inMaintenanceMode;
  return entity('HOST', host, [
    check(
      'connection',
      'The host can be reached',
      'ERROR',
      row?.status === 'UNAVAILABLE' ? `${host.name} cannot be reached.` : null,
    ),
    check(
      'image',
      'The image fits the host',
      'ERROR',
      row?.status === 'INCOMPATIBLE' ? (row.notes[0]?.text ?? 'The image does not fit.') : null,
    ),
    check(
      'evacuation',
      'The host can enter maintenance mode',
      'ERROR',
      movesVms && stuck.length > 0 ? `VMs that cannot be moved: ${stuck.map((vm) => vm.name).join(', ')}.` : null,
    ),
    check(
      'quick-boot',
      'Quick Boot is supported',
      'WARNING',
      policy.enable_quick_boot && !host.quickBootSupported ? `${host.name} will be rebooted fully.` : null,
    ),
  ]);
}

type Check = CheckedEntity['checks'][number];

function check(id: string, title: string, bad: CheckStatus, issue: string | null): Check {
  return { id, title, status: issue === null ? 'OK' : bad, issues: issue === null ? [] : [issue] };
}

function entity(type: CheckedEntity['type'], of: { moid: string; name: string }, checks: Check[]): CheckedEntity {
  return { type, moid: of.moid, name: of.name, status: worst(checks.map(({ status }) => status)), checks };
}

function worst(statuses: readonly CheckStatus[]): CheckStatus {
  if (statuses.includes('ERROR')) return 'ERROR';
  return statuses.includes('WARNING') ? 'WARNING' : 'OK';
}
