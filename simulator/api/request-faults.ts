import { REQUEST_FAULTS, type FaultRule } from '../world/faults';
import type { Host, VCenter } from '../world/state';
import type { World } from '../world/world';
import type { HttpReply } from './http';

/** What a request is about, for faults that name an operation, a vCenter or a host. */
export interface RequestPoint {
  operation: string;
  vCenter: VCenter | null;
  host?: Host | null;
  /** Ids and names in path, query and body. */
  mentions?: readonly string[];
}

/** The fault that strikes this request, if any. Moids that are mentioned stand for their hosts' names too. */
export function takeRequestFault(world: World, point: RequestPoint): FaultRule | null {
  const mentions = [...(point.mentions ?? [])];
  for (const mention of point.mentions ?? []) {
    const host = point.vCenter ? world.findHost(point.vCenter, mention) : null;
    if (host) mentions.push(host.name);
  }
  return world.faults.take(REQUEST_FAULTS, { ...point, mentions });
}

/** A reply that never comes; `milliseconds` of the fault closes the socket after a while. */
export function hangingReply(rule: FaultRule): HttpReply {
  return {
    status: 200,
    headers: {},
    body: '',
    deliver: 'never',
    ...(rule.milliseconds === undefined ? {} : { closeAfter: rule.milliseconds }),
  };
}

/** How a reply reaches the client under a fault that strikes after the effect. */
export function deliverUnder(rule: FaultRule | null, reply: HttpReply): HttpReply {
  if (rule?.kind === 'reply-lost') return { ...reply, deliver: 'lost' };
  if (rule?.kind === 'half-body') return { ...reply, deliver: 'half' };
  return reply;
}
