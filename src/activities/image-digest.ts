import type { Pace } from '../model/pace';
import type { PlannedHost } from '../model/plan';
import { isVsphereError } from '../vsphere/errors';
import type { Site } from './dependencies';
import { callOptions } from './wait';

/**
 * SHA-256 of the image database of a host that may have to be reverted, before it is upgraded, by which a revert is proved to have
 * brought the same image back (R21). Best effort, asked once: undefined where no account of ESXi is configured, or the
 * host does not give it.
 */
export async function imageDigest(site: Site, host: PlannedHost, pace: Pace): Promise<string | undefined> {
  if (site.infrastructure.esxi === undefined) return undefined;
  const esxi = await site.connections.esxi(host.name);
  try {
    return (await esxi.imageDatabase(callOptions(pace))).sha256;
  } catch (error) {
    if (!isVsphereError(error)) throw error;
    return undefined;
  } finally {
    esxi.close();
  }
}
