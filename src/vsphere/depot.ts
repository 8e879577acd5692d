import { id, list, mapOf, object, oneOf, string, timestamp, type Decoded } from './decode';
import type { RestClient } from './rest-client';
import { withQuery } from './rest-path';
import type { CallOptions } from './transport';

const baseImage = object(
  { version: id, display_name: string, display_version: string },
  {
    category: oneOf('SECURITY', 'ENHANCEMENT', 'BUGFIX'),
    release_date: timestamp,
    /** Since 8.0.3.0: from these versions a Quick Patch to this one is possible. */
    quick_patch_compatible_versions: mapOf(string),
  },
);
/** An ESXi base image that can be put into a desired image. */
export type DepotBaseImage = Decoded<typeof baseImage>;

const addOn = object({
  name: id,
  display_name: string,
  vendor: string,
  versions: list(object({ version: string, display_version: string })),
});
/** A vendor's add-on. */
export type DepotAddOn = Decoded<typeof addOn>;

const component = object(
  { name: id, display_name: string, versions: list(object({ version: string, display_version: string })) },
  { vendor: string },
);
/** A component. */
export type DepotComponent = Decoded<typeof component>;

/** What the vCenter's depot holds: `/api/esx/settings/depot-content`, since 7.0.0.0. Read only. */
export class Depot {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/base-images` · repeatable. @param minVersion leave out older ones */
  baseImages(minVersion?: string, options?: CallOptions): Promise<DepotBaseImage[]> {
    const to = withQuery('/api/esx/settings/depot-content/base-images', { min_version: minVersion });
    return this.rest.get(to, list(baseImage), options);
  }

  /** `GET …/add-ons` · repeatable. All, or those of these names. */
  addOns(names: readonly string[] = [], options?: CallOptions): Promise<DepotAddOn[]> {
    return this.rest.get(withQuery('/api/esx/settings/depot-content/add-ons', { names }), list(addOn), options);
  }

  /** `GET …/components` · repeatable. All (thousands, perhaps), or those of these names. */
  components(names: readonly string[] = [], options?: CallOptions): Promise<DepotComponent[]> {
    return this.rest.get(withQuery('/api/esx/settings/depot-content/components', { names }), list(component), options);
  }
}
