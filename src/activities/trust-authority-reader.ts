import type { Pace } from '../model/pace';
import type { Task } from '../vsphere/rest-client';
import { runTask } from '../vsphere/task-poll';
import type { CallOptions } from '../vsphere/transport';
import type { Site } from './dependencies';
import { callOptions, pollTools } from './wait';

/** Runs tasks of the Trust Authority vCenter to their end: even a read is one there. */
export type TrustAuthorityReader = Awaited<ReturnType<typeof trustAuthorityReader>>;

/** The Trust Authority Cluster of a site, and how what is asked of it is read. */
export async function trustAuthorityReader(site: Site, pace: Pace) {
  const vCenter = await site.connections.trustAuthorityVCenter();
  const { tasks, trustAuthority, vtaConfiguration, baseImages } = vCenter;
  const cluster = await site.connections.trustAuthorityClusterId();
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
  const { signal } = callOptions(pace);
  const run = async <T>(start: (options: CallOptions) => Promise<Task<T>>): Promise<T> =>
    await runTask(tasks, start, poll, pollTools(), signal);
  return { trustAuthority, api: vtaConfiguration, baseImages, cluster, run };
}
