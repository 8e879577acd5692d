import type { Pace } from '../model/pace';
import type { Site } from './dependencies';
import { callOptions } from './wait';

/**
 * How many port groups of distributed switches a host uses: its place in the switch goes with the managed object, and a
 * host that is added again has another one.
 * @param hostId managed object id
 */
export async function distributedPortGroups(site: Site, vCenter: string, hostId: string, pace: Pace): Promise<number> {
  const { vim } = await site.connections.vCenter(vCenter);
  const selection = { type: 'HostSystem', paths: ['network'] };
  const networks = (await vim.properties.ofObject(hostId, selection, callOptions(pace))).optional('network')?.items();
  return (networks ?? []).filter((one) => one.asReference().type.startsWith('Distributed')).length;
}
