import { toFault } from './fault';
import { boot, install } from './host-boot';
import { checkConnected, checkIdle, enterMaintenanceMode, exitMaintenanceMode } from './host-maintenance';
import { sameImage, type EsxImage } from './image';
import { compareVersions } from './lifecycle-image';
import { effectivePolicy, type EffectivePolicy } from './lifecycle-policy';
import type { HostOutcome, Note } from './lifecycle-state';
import { note } from './lifecycle-validate';
import { remediationMethod, type RemediationMethod } from './remediation-method';
import { startVms, stopVms } from './remediation-vms';
import type { Cluster, Host, VCenter } from './state';
import type { TaskHandle } from './tasks';
import type { World } from './world';

/** How often vLCM looks whether a host is back, in milliseconds. */
const LOOK_AGAIN_MS = 50;

interface Verdict {
  status: HostOutcome['status'];
  notes: Note[];
}

/**
 * Brings one host to an image: maintenance mode if it is not in it, install, boot, and out again. Never rejects; what
 * went wrong is the outcome.
 *
 * documented: policy decides about VMs, retries of entering maintenance mode, Quick Boot and Quick Patch. A switch:
 * whether a host that was in maintenance mode before is left in it. Attestation is no concern of vLCM.
 * Faults: `remediation-skipped`, `remediation-fails`, and those of maintenance mode and boot.
 */
export async function remediateHost(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  host: Host,
  plan: { commit: string; image: EsxImage },
  task: TaskHandle,
): Promise<HostOutcome> {
  const startTime = world.clock.now();
  const point = { vCenter, host };
  let verdict = refusal(world, host, plan.image);
  if (!verdict && world.faults.take(['remediation-skipped'], point)) {
    verdict = skipped(world, 'skipped', `${host.name} was skipped.`);
  }
  if (!verdict) {
    const method = remediationMethod(vCenter, cluster, host, plan.image);
    const { user } = task.record;
    world.hostEvent('remediation-started', host, { commit: plan.commit, method, user, task: task.record.id });
    verdict = await remediate(world, cluster, host, { ...plan, method }, task);
  }
  world.hostEvent('remediation-ended', host, {
    commit: plan.commit,
    status: verdict.status,
    build: host.runningImage.build,
    notes: verdict.notes.map((remark) => remark.text),
    task: task.record.id,
  });
  return { name: host.name, status: verdict.status, startTime, endTime: world.clock.now(), notes: verdict.notes };
}

/** Why nothing is done to a host at all; null: it can be remediated. */
function refusal(world: World, host: Host, image: EsxImage): Verdict | null {
  if (sameImage(host.runningImage, image)) {
    return skipped(world, 'compliant', `${host.name} already runs the image.`);
  }
  try {
    checkConnected(host);
    checkIdle(host);
  } catch (thrown) {
    return failed(world, 'host-unavailable', toFault(thrown).message);
  }
  if (compareVersions(image.baseImage, host.runningImage.baseImage) < 0) {
    return failed(world, 'downgrade', `${host.name} runs ${host.runningImage.baseImage}, which is newer.`);
  }
  return null;
}

interface Plan {
  image: EsxImage;
  method: RemediationMethod;
}

async function remediate(world: World, cluster: Cluster, host: Host, plan: Plan, task: TaskHandle): Promise<Verdict> {
  const policy = effectivePolicy(cluster);
  if (plan.method === 'quick-patch') return change(world, host, plan, task);
  const mustEnter = !host.inMaintenanceMode;
  const stopped = mustEnter ? stopVms(world, host, policy) : [];
  if (mustEnter) {
    const problem = await enterWithRetries(world, host, policy, task);
    if (problem) return withVms(world, stopped, failed(world, 'maintenance-mode', problem));
  }
  const verdict = await change(world, host, plan, task);
  const { switches } = world.settings;
  const leaves = mustEnter || !switches.remediationKeepsMaintenanceMode;
  const stays = verdict.status !== 'OK' && switches.failedHostStaysInMaintenanceMode;
  if (!leaves || stays || !host.up) return verdict;
  try {
    await exitMaintenanceMode(world, host, task);
  } catch (thrown) {
    return failed(world, 'exit-maintenance-mode', toFault(thrown).message);
  }
  return withVms(world, stopped, verdict);
}

/** Installs and boots. The host is held while that lasts. */
async function change(world: World, host: Host, plan: Plan, task: TaskHandle): Promise<Verdict> {
  host.busy = 'remediating';
  try {
    await task.sleep(world.settings.durations.imageInstall);
    const fault = world.faults.take(['remediation-fails'], { vCenter: world.managerOf(host), host });
    if (fault) return failed(world, 'install', fault.message ?? `The image could not be installed on ${host.name}.`);
    if (plan.method === 'quick-patch') {
      // guessed: what a live patch does to attestation; here the measured image stays what it was.
      install(world, host, plan.image);
      return { status: 'OK', notes: [] };
    }
    const kind = plan.method === 'quick-boot' ? 'quick' : 'full';
    const outcome = await boot(world, host, { kind, image: plan.image, by: 'vLCM' });
    if (outcome === 'lost' && !(await returns(world, host))) {
      const text = `${host.name} did not come back after its reboot.`;
      return { status: 'TIMED_OUT', notes: [note(world, 'ERROR', 'no-return', text)] };
    }
    if (!sameImage(host.runningImage, plan.image)) {
      return failed(world, 'old-image', `${host.name} came back with build ${host.runningImage.build}.`);
    }
    return { status: 'OK', notes: [] };
  } finally {
    host.busy = null;
  }
}

/** documented: the failure action is about entering maintenance mode only. @returns why it failed, or null */
async function enterWithRetries(
  world: World,
  host: Host,
  policy: EffectivePolicy,
  task: TaskHandle,
): Promise<string | null> {
  const { durations } = world.settings;
  const action = policy.failure_action;
  const options = {
    timeoutSeconds: durations.remediationEvacuation / 1000,
    evacuatePoweredOffVms: policy.evacuate_offline_vms,
  };
  for (let retries = action.action === 'RETRY' ? action.retry_count : 0; ; retries -= 1) {
    try {
      await enterMaintenanceMode(world, host, options, task);
      return null;
    } catch (thrown) {
      if (retries <= 0 || action.action !== 'RETRY') return toFault(thrown).message;
      await task.sleep(action.retry_delay * durations.retrySecond);
    }
  }
}

/** Waits for a host that somebody else may bring back. */
async function returns(world: World, host: Host): Promise<boolean> {
  const deadline = world.clock.now() + world.settings.durations.remediationReturn;
  while (world.clock.now() < deadline) {
    if (host.up) return true;
    await world.clock.sleep(LOOK_AGAIN_MS);
  }
  return host.up;
}

function withVms(world: World, stopped: Parameters<typeof startVms>[1], verdict: Verdict): Verdict {
  const warnings = startVms(world, stopped).map((text) => note(world, 'WARNING', 'vm-power', text));
  return { status: verdict.status, notes: [...verdict.notes, ...warnings] };
}

function failed(world: World, id: string, text: string): Verdict {
  return { status: 'ERROR', notes: [note(world, 'ERROR', id, text)] };
}

function skipped(world: World, id: string, text: string): Verdict {
  return { status: 'SKIPPED', notes: [note(world, 'INFO', id, text)] };
}
