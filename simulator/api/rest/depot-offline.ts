import { addOfflineDepot, depotFromHost, offlineDepot, removeOfflineDepot } from '../../world/depot';
import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import type { OfflineDepot } from '../../world/lifecycle-state';
import type { Host } from '../../world/state';
import { route, taskRoute, type RestRoute } from './route';

const OFFLINE = 'com.vmware.esx.settings.depots.offline';

/** com.vmware.esx.settings.depots.offline.CreateSpec */
interface CreateBody {
  source_type: 'PULL' | 'PUSH';
  location?: string;
  description?: string;
}

/** Offline bundles in the depot. */
export const offlineDepotRoutes: readonly RestRoute[] = [
  taskRoute<{ location: string; description?: string }, CreateBody>(
    `${OFFLINE}.create$task`,
    ({ body }) => {
      if (body.location === undefined) throw new Fault('INVALID_ARGUMENT', 'Only the source type PULL is simulated.');
      return { location: body.location, ...(body.description ? { description: body.description } : {}) };
    },
    ({ world, vCenter }, source) => ({ depot: addOfflineDepot(world, vCenter, source).id }),
  ),
  taskRoute<Host, { host?: string }>(
    `${OFFLINE}.create_from_host$task`,
    ({ world, vCenter, body }) => {
      if (body.host === undefined) throw new Fault('INVALID_ARGUMENT', 'Only the type EXISTING is simulated.');
      return world.hostByMoid(vCenter, body.host);
    },
    ({ world, vCenter }, host) => {
      const { baseImage, addOn, components } = host.runningImage;
      return {
        notifications: {},
        software_spec: {
          base_image: { version: baseImage },
          ...(addOn ? { add_on: addOn } : {}),
          components,
          hardware_support: { packages: {} },
          solutions: {},
        },
        result: { depot: depotFromHost(world, vCenter, host).id },
      };
    },
  ),
  route(`${OFFLINE}.list`, ({ vCenter: { depot } }) =>
    Object.fromEntries(depot.offline.map((entry) => [entry.id, summary(entry)])),
  ),
  route(`${OFFLINE}.get`, ({ vCenter: { depot }, path }) => {
    const entry = offlineDepot(depot, path['depot'] ?? '');
    return { ...summary(entry), create_time: iso(entry.createdAt) };
  }),
  route(`${OFFLINE}.delete`, ({ world, vCenter, path }) => removeOfflineDepot(world, vCenter, path['depot'] ?? '')),
  taskRoute(
    `${OFFLINE}.delete$task`,
    ({ vCenter: { depot }, path }) => offlineDepot(depot, path['depot'] ?? '').id,
    ({ world, vCenter }, id) => removeOfflineDepot(world, vCenter, id),
  ),
];

/** What was extracted from a host has no location of its own: it counts as uploaded. */
function summary(entry: OfflineDepot): Record<string, unknown> {
  const { location, description } = entry;
  return location === undefined
    ? { description, source_type: 'PUSH', file_id: entry.id }
    : { description, source_type: 'PULL', location };
}
