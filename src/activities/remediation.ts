import type { Activities } from './activities';
import { ApiFault } from '../vsphere/errors';
import type { ApplyResult } from '../vsphere/lifecycle-values';
import type { PlannedHost } from '../model/plan';
import type { HostSystem } from '../vsphere/vim/hosts';
import { remedyOf } from '../vsphere/error-table';
import { sameAccount } from './account';
import { findWork } from './apply-at-work';
import type { FindSite, Site } from './dependencies';
import { describeDrift } from './desired-image';
import { isAfter, seeHost } from './host-facts';
import { hasDesiredImage } from './host-image';
import { whyNotSafe } from './safe-to-begin';
import { refuse } from './to-failure';
import { callOptions, isPast, waitUntil, type Look } from './wait';

type RemediationInput = Parameters<Activities['vtaEnsureRemediation']>[0];

/** Remediation of exactly one host by vLCM. */
export function createRemediationActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureRemediation'> {
  return {
    async vtaEnsureRemediation(input) {
      const site = findSite(input);
      const { host, pace } = input;
      const end = await waitUntil({
        what: `Remediation of ${host.name}`,
        code: 'VTA_DEADLINE_PASSED', // no word of vLCM: it may still be at work
        pace,
        deadlineMs: pace.remediation.deadlineMs,
        remedy: `vLCM may still be at work on it. Look at the cluster's updates in the vSphere Client; decide "retry" when it has ended.`,
        look: (remember, remembered, late) => look(site, input, { remember, remembered, late }),
      });
      return end === 'not begun' ? end : undefined;
    },
  };
}

async function look(
  site: Site,
  input: RemediationInput,
  { remember, remembered, late }: { remember: (details: unknown) => void; remembered: unknown; late: boolean },
): Promise<Look<true | 'not begun'>> {
  const { host, cluster, pace } = input;
  const vCenter = await site.connections.vCenter(host.vCenter);
  const options = callOptions(pace);
  const taskId = typeof remembered === 'string' ? remembered : undefined;
  if (taskId !== undefined) {
    const task = await vCenter.tasks.look(taskId, options);
    if (task.kind === 'running')
      return { pending: `vLCM works on it (${task.info.progress?.message?.text ?? task.info.status})` };
    if (task.kind === 'failed')
      throw await failed(site, input, `${[task.fault.errorType, ...task.fault.messages].join(': ')}.`);
    if (task.kind === 'succeeded') return { done: await judge(site, input) };
    // The record of the task has vanished: what it did is read from the host below.
  }
  const running = await runningApply(site, input);
  if (running !== undefined) {
    if (!running.ours)
      return {
        pending: `${running.user} remediates this cluster; waiting for its end`,
        code: 'VTA_STRANGER_AT_WORK',
      };
    remember(running.id);
    return { pending: 'vLCM works on it' };
  }
  const { host: seen } = await seeHost(site, host, pace);
  if (await hasDesiredImage(site, host, cluster, pace)) return { done: true };
  // An apply of this attempt whose answer or task record was lost may have ended already: then its report is judged.
  if (await endedAlready(site, input)) return { done: await judge(site, input) };
  const drift = await describeDrift(site, cluster, pace, input.commit);
  if (drift !== undefined) throw refuse('VTA_DESIRED_IMAGE_DRIFTED', drift);
  if (isPast(input.beginBy, site)) return { done: 'not begun' };
  if (late) return { pending: 'nothing is begun any more after the deadline' };
  const trouble = await whyNotNow(site, input, seen.inMaintenanceMode);
  if (trouble.length > 0) return { pending: trouble.join(', ') };
  try {
    const selection = { hosts: [host.id] as const, commit: input.commit };
    const task = await vCenter.lifecycle.apply(cluster.id, selection, options);
    remember(task.id);
  } catch (error) {
    if (!(error instanceof ApiFault) || remedyOf(error) !== 'already-done') throw error;
    throw refuse(
      'VTA_HOST_SKIPPED_BY_VLCM',
      `vLCM says that ${cluster.name} has its desired image already, but a scan does not call ${host.name} compliant. ${await stateNow(site, input)}`,
    );
  }
  return { pending: 'vLCM has begun' };
}

/**
 * What has changed since it was safe to begin: hours of moving virtual machines may lie between. A host that is not in
 * maintenance mode would be put into it and taken out of it by vLCM itself, before it attests (R26); with Quick Boot on
 * again it would not boot what it is given (R12).
 */
async function whyNotNow(site: Site, input: RemediationInput, inMaintenanceMode: boolean): Promise<string[]> {
  const { host, cluster, pace, quickBoot } = input;
  const { applyPolicies } = await site.connections.vCenter(host.vCenter);
  const policy = await applyPolicies.effective(cluster.id, callOptions(pace));
  const { trouble } = await whyNotSafe(site, host, pace);
  if (!inMaintenanceMode) trouble.push(`somebody took ${host.name} out of maintenance mode`);
  const quickBootOn = quickBoot !== 'keep' && policy.enable_quick_boot === true;
  if (quickBootOn || policy.enforce_quick_patch === true)
    trouble.push(`somebody switched Quick Boot or Quick Patch on again in ${cluster.name}`);
  return trouble;
}

/** An apply on this cluster that is under way: ours (our account, begun after the baseline was taken), or a stranger's. */
async function runningApply(
  site: Site,
  { host, cluster, baseline, pace }: RemediationInput,
): Promise<{ id: string; ours: boolean; user: string } | undefined> {
  const { username } = site.connections.endpoint(host.vCenter);
  const found = await findWork(site, host.vCenter, cluster.id, 'apply', pace);
  if (found === undefined) return undefined;
  const { id, task } = found;
  const begun = task.start_time === undefined || isAfter(task.start_time, baseline.vCenterTime);
  return { id, ours: sameAccount(task.user, username) && begun, user: task.user ?? 'somebody' };
}

/** True when `last-apply-result` speaks of our host alone, and of a time after this attempt began. */
async function endedAlready(site: Site, { host, cluster, pace, startedAfter }: RemediationInput): Promise<boolean> {
  const { lifecycle } = await site.connections.vCenter(host.vCenter);
  try {
    const { host_status: status } = await lifecycle.lastApplyResult(cluster.id, callOptions(pace));
    return Object.keys(status).length === 1 && isAfter(status[host.id]?.start_time, startedAfter);
  } catch (error) {
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return false;
    throw error;
  }
}

/** SUCCEEDED of the task says nothing about the host: `last-apply-result` must name exactly ours as successful. */
async function judge(site: Site, input: RemediationInput): Promise<true> {
  const { host, cluster, pace } = input;
  const { lifecycle } = await site.connections.vCenter(host.vCenter);
  const result = await lifecycle.lastApplyResult(cluster.id, callOptions(pace));
  const named = [...result.successful_hosts, ...result.failed_hosts, ...result.skipped_hosts];
  const only = named.length === 1 && named[0] === host.id;
  if (only && result.successful_hosts.includes(host.id)) return true;
  // Somebody's later apply has overwritten the report; the host itself is the better witness.
  if (!only && (await hasDesiredImage(site, host, cluster, pace))) return true;
  if (!only || result.skipped_hosts.includes(host.id))
    throw refuse(
      'VTA_HOST_SKIPPED_BY_VLCM',
      `vLCM says that it succeeded, but it ${only ? 'skipped' : 'does not speak only of'} ${host.name}. ${reasons(result, host)} ${await stateNow(site, input)}`,
    );
  throw await failed(site, input, reasons(result, host));
}

/** What became of the host tells more than that vLCM gave up: whether it is away, or back on its old build. */
async function failed(site: Site, input: RemediationInput, why: string): Promise<Error> {
  const { host, baseline, pace } = input;
  const said = `vLCM could not remediate ${host.name}. ${why}`;
  const { host: seen } = await seeHost(site, host, pace);
  const now = `Now it is ${describe(seen)}.`;
  if (seen.connectionState !== 'connected')
    return refuse(
      'VTA_HOST_NOT_BACK',
      `${said} ${now} Look at its console; when it is connected again, decide "retry": the run goes on from what it finds.`,
    );
  if (seen.build === baseline.build && isAfter(seen.bootTime, baseline.bootTime))
    return refuse(
      'VTA_HOST_ON_OLD_BUILD',
      `${said} ${now} It booted at ${seen.bootTime ?? 'unknown'} and runs its old build again. Find out why the new image did not boot, then decide "retry" or "abort".`,
    );
  return refuse('VTA_REMEDIATION_FAILED', `${said} ${now} ${REMEDY}`);
}

const REMEDY = 'Remove the cause, then decide "retry".';

function reasons(result: ApplyResult, host: PlannedHost): string {
  const own = result.host_status[host.id]?.notifications;
  const all = [...(own?.errors ?? []), ...(own?.warnings ?? []), ...(result.notifications?.errors ?? [])];
  return all.map((each) => each.message.text).join(' ');
}

async function stateNow(site: Site, { host, pace }: RemediationInput): Promise<string> {
  const { host: seen } = await seeHost(site, host, pace);
  return `Now it is ${describe(seen)}. ${REMEDY}`;
}

function describe({ connectionState, build, inMaintenanceMode }: HostSystem): string {
  return `${connectionState}, on build ${build ?? 'unknown'}, ${inMaintenanceMode ? 'in' : 'not in'} maintenance mode`;
}
