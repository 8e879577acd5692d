import type { Pace } from '../model/pace';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault, type Fault } from '../vsphere/errors';
import { applyResult, type ClusterCompliance } from '../vsphere/lifecycle-values';
import { decodeAnswer } from '../vsphere/rest-answer';
import { runTask } from '../vsphere/task-poll';
import type { Activities } from './activities';
import { findWork } from './apply-at-work';
import type { FindSite, Site } from './dependencies';
import { describeDrift } from './desired-image';
import { callOptions, pollTools, waitUntil, type Look } from './wait';

type StagingInput = Parameters<Activities['vtaEnsureHostsStaged']>[0];
type Staged = Awaited<ReturnType<Activities['vtaEnsureHostsStaged']>>;

/** Puts the desired image on hosts without installing it (M3). What could not be staged is told; it is no failure. */
export function createHostStagingActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureHostsStaged'> {
  return {
    async vtaEnsureHostsStaged(input) {
      const site = findSite(input);
      const { cluster, hosts, pace } = input;
      return await waitUntil({
        what: `Staging of ${cluster.image.baseImage} in ${cluster.name}`,
        code: 'VTA_DEADLINE_PASSED',
        pace,
        deadlineMs: pace.imageStage.deadlineMs,
        remedy: 'It is done when the hosts are upgraded.',
        giveUp: { staged: [], notStaged: hosts.map(({ name }) => ({ name, why: 'the time for it has passed' })) },
        look: (remember, remembered, late) => look(site, input, { remember, remembered, late }),
      });
    },
  };
}

async function look(
  site: Site,
  input: StagingInput,
  { remember, remembered, late }: { remember: (details: unknown) => void; remembered: unknown; late: boolean },
): Promise<Look<Staged>> {
  const { cluster, commit, pace } = input;
  const { lifecycle, tasks } = await site.connections.vCenter(cluster.vCenter);
  const options = callOptions(pace);
  if (typeof remembered === 'string') {
    const task = await tasks.look(remembered, options);
    if (task.kind === 'running')
      return { pending: `vLCM stages (${task.info.progress?.message?.text ?? task.info.status})` };
    // One that has ended is not begun again: why it did not stage all is told.
    const why = task.kind === 'failed' ? faultText(task.fault) : undefined;
    return { done: await told(site, input, task.kind === 'succeeded' ? task.result : undefined, why) };
  }
  const under = await findWork(site, cluster.vCenter, cluster.id, 'stage', pace);
  if (under !== undefined) {
    remember(under.id);
    return { pending: `vLCM stages for ${under.task.user ?? 'somebody'}` };
  }
  const found = await told(site, input, undefined, undefined);
  const missing = input.hosts.filter(({ name }) => !found.staged.includes(name)).map(({ id }) => id);
  const [first, ...others] = missing;
  // Nothing to stage: an empty list would mean all hosts of the cluster.
  if (first === undefined) return { done: found };
  const drift = await describeDrift(site, cluster, pace, commit);
  if (drift !== undefined) return { done: await told(site, input, undefined, drift) };
  if (late) return { pending: 'it was not begun' };
  try {
    remember((await lifecycle.stage(cluster.id, { hosts: [first, ...others], commit }, options)).id);
  } catch (error) {
    if (!(error instanceof ApiFault) || remedyOf(error) !== 'already-done') throw error;
    return { done: await told(site, input, undefined, faultText(error)) };
  }
  return { pending: 'vLCM has begun to stage' };
}

/**
 * Which hosts have the image staged, by a fresh scan, and why the others have not.
 * @param result of a staging that ended
 * @param why what is known of all of them
 */
async function told(site: Site, input: StagingInput, result: unknown, why: string | undefined): Promise<Staged> {
  const { cluster, hosts, commit, pace } = input;
  const compliance = await scan(site, input, pace);
  const report = result === undefined ? undefined : decodeAnswer('stage', result, applyResult);
  const answer: Staged = { staged: [], notStaged: [] };
  for (const { id, name } of hosts) {
    if (isStaged(compliance, id, commit)) {
      answer.staged.push(name);
      continue;
    }
    const said = report?.host_status[id]?.notifications?.errors?.map(({ message }) => message.text) ?? [];
    const reason = [...(why === undefined ? [] : [why]), ...said].join(' ');
    answer.notStaged.push({ name, why: reason === '' ? `vLCM does not call it staged in ${cluster.name}` : reason });
  }
  return answer;
}

/** A scan changes no host; what vLCM remembers may be of an older image. */
async function scan(site: Site, { cluster }: StagingInput, pace: Pace): Promise<ClusterCompliance> {
  const { lifecycle, tasks } = await site.connections.vCenter(cluster.vCenter);
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.desiredImage.deadlineMs };
  const { signal } = callOptions(pace);
  return await runTask(tasks, (o) => lifecycle.scan(cluster.id, o), poll, pollTools(), signal);
}

/** A host that has the image already needs nothing staged. */
function isStaged({ hosts, compliant_hosts: compliant, commit: of }: ClusterCompliance, id: string, commit: string) {
  if (of !== undefined && of !== commit) return false;
  return compliant.includes(id) || hosts[id]?.stage_status === 'STAGED';
}

function faultText({ errorType, messages }: Pick<Fault, 'errorType' | 'messages'>): string {
  return [...(errorType === undefined ? [] : [errorType]), ...messages].join(': ');
}
