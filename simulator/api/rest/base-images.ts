import { iso } from '../../world/clock';
import { BASE_IMAGES, importBaseImage, planImport, removeBaseImage } from '../../world/base-images';
import { readImageDatabase } from '../../world/image-database';
import { holders } from '../../world/trust-cluster';
import { findOne, healthOf, listAll } from '../../world/trust-collection';
import { taskRoute, type RestRoute } from './route';
import { clusterOf, pathValue, passes, TAC, wireHealth } from './trust-wire';

const SERVICE = `${TAC}.attestation.os.esx.base_images`;

/** …/attestation/os/esx/base-images: every operation is a task, reads too. */
export const baseImageRoutes: readonly RestRoute[] = [
  taskRoute<
    {
      trust: ReturnType<typeof clusterOf>;
      image: ReturnType<typeof readImageDatabase>;
      plan: ReturnType<typeof planImport>;
    },
    string
  >(
    `${SERVICE}.import_from_imgdb$task`,
    (call) => {
      const trust = clusterOf(call);
      const image = readImageDatabase(Buffer.from(call.body, 'base64'));
      return { trust, image, plan: planImport(trust, image) };
    },
    (_call, { trust, image, plan }) => importBaseImage(trust, plan, image),
  ),
  taskRoute(`${SERVICE}.list$task`, clusterOf, ({ query }, trust) => {
    const filter = query as { version?: string[]; display_name?: string[]; health?: string[] };
    return listAll(trust, BASE_IMAGES)
      .map((image) => ({
        version: image.version,
        display_name: image.displayName,
        health: healthOf(trust, BASE_IMAGES, image.version).health,
      }))
      .filter((row) => passes(filter.version, row.version) && passes(filter.display_name, row.display_name))
      .filter((row) => passes<string>(filter.health, row.health));
  }),
  taskRoute(
    `${SERVICE}.get$task`,
    (call) => {
      const trust = clusterOf(call);
      return { trust, image: findOne(trust, BASE_IMAGES, pathValue(call, 'version')) };
    },
    (_call, { trust, image }) => {
      // documented: since 8.0.1; unset when no attestation is known. Each host knows of its own, the latest counts.
      const times = holders(trust).flatMap(({ copy }) =>
        copy.baseImages.flatMap((own) => (own.version === image.version ? (own.lastAttested ?? []) : [])),
      );
      return {
        display_name: image.displayName,
        ...(times.length > 0 ? { last_attested_time: iso(Math.max(...times)) } : {}),
        ...wireHealth(healthOf(trust, BASE_IMAGES, image.version)),
      };
    },
  ),
  taskRoute(
    `${SERVICE}.delete$task`,
    (call) => {
      const trust = clusterOf(call);
      findOne(trust, BASE_IMAGES, pathValue(call, 'version'));
      return trust;
    },
    (call, trust) => removeBaseImage(trust, pathValue(call, 'version')),
  ),
];
