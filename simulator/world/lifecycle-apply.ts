import { Fault } from './fault';
import { desiredCommit, prepareOperation, runsCommit, type OperationSpec } from './lifecycle-cluster';
import { scanCluster } from './lifecycle-compliance';
import { imageOfSpec } from './lifecycle-image';
import { effectivePolicy } from './lifecycle-policy';
import type { ApplyResult, HostOutcome } from './lifecycle-state';
import { note } from './lifecycle-validate';
import { remediateHost } from './remediation';
import type { Cluster, Host, VCenter } from './state';
import type { TaskHandle } from './tasks';
import type { World } from './world';

/** What an apply names. */
export interface ApplySpec extends OperationSpec {
  acceptEula?: boolean;
}

/**
 * Preconditions of a remediation.
 * @returns the hosts to remediate
 * @throws Fault as prepareOperation; ERROR when the EULA was not accepted; ALREADY_IN_DESIRED_STATE when there is
 *   nothing to do (all documented; guessed: which of them comes first)
 */
export function prepareApply(world: World, vCenter: VCenter, cluster: Cluster, spec: ApplySpec): Host[] {
  const hosts = prepareOperation(world, vCenter, cluster, spec);
  if (spec.acceptEula !== true) throw new Fault('ERROR', 'The EULA was not accepted.');
  const commit = desiredCommit(cluster);
  if (hosts.every((host) => runsCommit(vCenter.depot, host, commit))) {
    throw new Fault('ALREADY_IN_DESIRED_STATE', `${cluster.name} is already at the commit ${commit.id}.`);
  }
  return hosts;
}

/**
 * Remediates hosts one after the other, to the image that is the desired one when it begins. The first host that
 * fails ends it, the rest is skipped (guessed). Parallel remediation takes the hosts that are in maintenance mode and
 * skips the others (guessed; documented: it is for hosts in maintenance mode).
 * @throws Fault ERROR when a host failed and the switch applyTaskFailsWithHost says so; the result is kept either way
 */
export async function applyImage(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  hosts: readonly Host[],
  task: TaskHandle,
): Promise<ApplyResult> {
  const startTime = world.clock.now();
  const commit = desiredCommit(cluster);
  const plan = { commit: commit.id, image: imageOfSpec(vCenter.depot, commit.spec) };
  const remediate = (host: Host) => remediateHost(world, vCenter, cluster, host, plan, task);
  const { enabled, max_hosts } = effectivePolicy(cluster).parallel_remediation_action;
  const outcomes = enabled
    ? await inParallel(world, hosts, max_hosts ?? hosts.length, remediate)
    : await inSequence(world, hosts, remediate, task);
  const result = summarize(world, commit.id, startTime, outcomes);
  cluster.lifecycle.lastApply = result;
  scanCluster(world, vCenter, cluster);
  if (result.status !== 'OK' && result.status !== 'SKIPPED' && world.settings.switches.applyTaskFailsWithHost) {
    const failed = result.failed.map((moid) => result.hosts[moid]?.name ?? moid);
    throw new Fault('ERROR', `Remediation of ${cluster.name} failed on ${failed.join(', ')}.`);
  }
  return result;
}

/** Outcomes by managed object id: a host that was removed meanwhile keeps the id that the caller named. */
type Outcomes = Map<string, HostOutcome>;

async function inSequence(
  world: World,
  hosts: readonly Host[],
  remediate: (host: Host) => Promise<HostOutcome>,
  task: TaskHandle,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  let broken = false;
  for (const host of hosts) {
    const { moid } = host;
    const outcome: HostOutcome = broken ? skip(world, host, 'An earlier host failed.') : await remediate(host);
    outcomes.set(moid, outcome);
    broken ||= outcome.status === 'ERROR' || outcome.status === 'TIMED_OUT';
    task.progress((outcomes.size / hosts.length) * 100);
  }
  return outcomes;
}

async function inParallel(
  world: World,
  hosts: readonly Host[],
  most: number,
  remediate: (host: Host) => Promise<HostOutcome>,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const queue: Host[] = [];
  for (const host of hosts) {
    if (host.inMaintenanceMode) queue.push(host);
    else outcomes.set(host.moid, skip(world, host, `${host.name} is not in maintenance mode.`));
  }
  const lane = async () => {
    for (let host = queue.shift(); host; host = queue.shift()) outcomes.set(host.moid, await remediate(host));
  };
  await Promise.all(Array.from({ length: Math.max(1, most) }, lane));
  return outcomes;
}

function skip(world: World, host: Host, why: string): HostOutcome {
  const now = world.clock.now();
  const notes = [note(world, 'INFO', 'skipped', why)];
  return { name: host.name, status: 'SKIPPED', startTime: now, endTime: now, notes };
}

/** Sums hosts up: one failure makes the whole a failure, and only when all were skipped is it skipped (guessed). */
export function summarize(world: World, commit: string, startTime: number, outcomes: Outcomes): ApplyResult {
  const withStatus = (...statuses: HostOutcome['status'][]) =>
    [...outcomes].filter(([, outcome]) => statuses.includes(outcome.status)).map(([moid]) => moid);
  const failed = withStatus('ERROR', 'TIMED_OUT');
  const skipped = withStatus('SKIPPED');
  const allSkipped = skipped.length > 0 && skipped.length === outcomes.size;
  const worst = withStatus('ERROR').length > 0 ? 'ERROR' : 'TIMED_OUT';
  return {
    commit,
    status: failed.length > 0 ? worst : allSkipped ? 'SKIPPED' : 'OK',
    startTime,
    endTime: world.clock.now(),
    notes: [...outcomes.values()].flatMap((outcome) => outcome.notes),
    hosts: Object.fromEntries(outcomes),
    successful: withStatus('OK'),
    failed,
    skipped,
  };
}
