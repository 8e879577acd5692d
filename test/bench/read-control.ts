import type { WorldEvent } from '../../simulator/world/events';
import type { Durations } from '../../simulator/world/settings';
import type { Ready } from './parts';

/** A request that the simulator's endpoints were asked. */
export interface AskedRequest {
  time: string;
  endpoint: string;
  operation: string | null;
}

async function get<T>(ready: Ready, path: string): Promise<T> {
  const answer = await fetch(`${ready.control}${path}`);
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** The simulator's own log of what happened. */
export async function readEvents(ready: Ready): Promise<WorldEvent[]> {
  return await get(ready, '/events');
}

/** What the endpoints were asked, in order. */
export async function readRequests(ready: Ready): Promise<AskedRequest[]> {
  return await get(ready, '/requests');
}

/** How long things take in this simulator. */
export async function readDurations(ready: Ready): Promise<Durations> {
  const { settings } = await get<{ settings: { durations: Durations } }>(ready, '/world');
  return settings.durations;
}
