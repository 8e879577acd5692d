import type { HealthColour, VCenterFacts } from '../model/inventory';
import type { Pace } from '../model/pace';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { Site } from './dependencies';
import { callOptions } from './wait';

const COLOURS: HealthColour[] = ['green', 'yellow', 'orange', 'red', 'gray'];

/** One vCenter as the planner sees it. */
export async function readVCenterFacts(
  site: Site,
  name: string,
  role: VCenterFacts['role'],
  pace: Pace,
): Promise<VCenterFacts> {
  const { appliance, update, depot } = await site.connections.vCenter(name);
  const options = callOptions(pace);
  const { version, build } = await appliance.version(options);
  const health = await appliance.health(options);
  const pending = await noneIfGone(update.pending('LOCAL', undefined, options));
  const { backup } = site.connections.endpoint(name);
  return {
    name,
    role,
    version,
    build,
    health: COLOURS.find((colour) => colour === health) ?? 'unknown',
    updateState: (await update.state(options)).state,
    pendingUpdates: pending.map((each) => ({
      version: each.version,
      type: each.update_type,
      rebootRequired: each.reboot_required,
    })),
    depotBaseImages: (await depot.baseImages(undefined, options)).map((image) => image.version),
    ...(backup === undefined
      ? {}
      : { backup: 'elsewhere' in backup ? { elsewhere: backup.elsewhere } : { location: backup.location } }),
  };
}

/** 404 of a list of updates: this source holds none. */
async function noneIfGone<T>(list: Promise<T[]>): Promise<T[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return [];
    throw error;
  }
}
