import type { WorldEvent } from '../../../world/events';
import type { Site } from '../site';
import { soapFault } from '../vim25/faults';
import { isA } from '../vim25/type-table';
import { MoRef, textOf, type DataObject } from '../vim25/values';
import { entitiesWithin } from './entity-filter';

/** Events with a class of their own in vim25; every other becomes an EventEx with the world's word in its id. */
const CLASSES: Readonly<Record<string, string>> = {
  'maintenance-mode-entering': 'EnteringMaintenanceModeEvent',
  'maintenance-mode-entered': 'EnteredMaintenanceModeEvent',
  'maintenance-mode-left': 'ExitMaintenanceModeEvent',
  'host-added': 'HostAddedEvent',
  'host-removed': 'HostRemovedEvent',
};

const CONNECTION_CLASSES: Readonly<Record<string, string>> = {
  connected: 'HostConnectedEvent',
  disconnected: 'HostDisconnectedEvent',
  notResponding: 'HostConnectionLostEvent',
};

/** The server's limit for one answer (documented for QueryEvents: it returns at most so many). */
const MOST = 1000;

/** Events of a site that an EventFilterSpec lets through, oldest first; with maxCount the newest of them. */
export function queryEvents(site: Site, filter: DataObject): DataObject[] {
  const { maxCount, entity } = filter as { maxCount?: number; entity?: DataObject };
  if (maxCount !== undefined && maxCount <= 0) {
    throw soapFault('InvalidArgument', 'maxCount must be positive.', { invalidProperty: 'filter.maxCount' });
  }
  const within = entity ? entitiesWithin(site, entity) : undefined;
  return site.world.events
    .all()
    .filter((event) => (site.vCenter ? event.vCenter === site.endpoint : event.host === site.endpoint))
    .map((event) => ({ event, moid: hostMoid(site, event), vim: vimEvent(site, event) }))
    .filter(({ moid, vim }) => (!within || (moid !== undefined && within.has(moid))) && passes(filter, vim))
    .map(({ vim }) => vim)
    .slice(-Math.min(maxCount ?? MOST, MOST));
}

function passes(filter: DataObject, vim: DataObject): boolean {
  const { time, type, eventTypeId, userName } = filter as {
    time?: { beginTime?: Date; endTime?: Date };
    type?: readonly string[];
    eventTypeId?: readonly string[];
    userName?: { userList?: readonly string[] };
  };
  const created = vim['createdTime'] as Date;
  const id = vim.$type === 'EventEx' ? textOf(vim, 'eventTypeId') : `vim.event.${vim.$type}`;
  return (
    (!time?.beginTime || created >= time.beginTime) &&
    (!time?.endTime || created <= time.endTime) &&
    (!type?.length || type.some((name) => isA(vim.$type ?? 'Event', name))) &&
    (!eventTypeId?.length || eventTypeId.includes(id)) &&
    (!userName?.userList?.length || userName.userList.includes(textOf(vim, 'userName')))
  );
}

function vimEvent(site: Site, event: WorldEvent): DataObject {
  const { what, detail, seq, time, host } = event;
  const named = what === 'connection-changed' ? CONNECTION_CLASSES[String(detail['to'])] : CLASSES[what];
  const moid = hostMoid(site, event);
  const common = {
    key: seq,
    chainId: seq,
    createdTime: new Date(time),
    userName: typeof detail['user'] === 'string' ? detail['user'] : '',
    fullFormattedMessage: sentence(event),
    ...(host && moid !== undefined ? { host: { name: host, host: new MoRef('HostSystem', moid) } } : {}),
  };
  if (named) return { $type: named, ...common };
  return {
    $type: 'EventEx',
    ...common,
    eventTypeId: `com.vmware.simulator.${what}`,
    severity: SERIOUS.has(what) ? 'warning' : 'info',
    message: sentence(event),
  };
}

const SERIOUS = new Set([
  'not-attested',
  'attestation-unknown',
  'maintenance-mode-failed',
  'login-failed',
  'fault-fired',
]);

/** The log's words as one line. */
function sentence({ what, host, detail }: WorldEvent): string {
  const facts = Object.entries(detail).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [`${what.replaceAll('-', ' ')}${host ? ` on ${host}` : ''}`, ...facts].join(' ');
}

function hostMoid(site: Site, { host }: WorldEvent): string | undefined {
  return site.world.state.hosts.find(({ name }) => name === host)?.moid;
}
