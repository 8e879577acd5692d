import { depotAddOn, depotBaseImage, depotComponent, passesFilter, type DepotFilter } from '../../world/depot';
import { baseImageComponents } from '../../world/lifecycle-image';
import { quickPatch } from './lifecycle-wire';
import { route, type RestRoute } from './route';

const CONTENT = 'com.vmware.esx.settings.depot_content';
const KB = 'https://kb.vmware.com/';

type Wire = Record<string, unknown>;

/** What images can be built of. */
export const depotContentRoutes: readonly RestRoute[] = [
  route(`${CONTENT}.base_images.list`, ({ vCenter: { depot }, query }) =>
    depot.baseImages
      .filter((image) => passesFilter(query, image))
      .map((image) => ({
        ...about(image.displayName, image.version, image.releaseDate),
        ...quickPatch(depot, image.quickPatchCompatible),
      })),
  ),
  route(`${CONTENT}.base_images.versions.get`, ({ vCenter: { depot }, path }) => {
    const image = depotBaseImage(depot, path['version'] ?? '');
    return {
      ...about(image.displayName, image.version, image.releaseDate),
      description: image.displayName,
      components: componentList(baseImageComponents(image.version)),
      ...quickPatch(depot, image.quickPatchCompatible),
    };
  }),
  route(`${CONTENT}.add_ons.list`, ({ vCenter: { depot }, query }) =>
    grouped(depot.addOns.filter((addOn) => passesFilter(query as DepotFilter, addOn))),
  ),
  route(`${CONTENT}.add_ons.versions.get`, ({ vCenter: { depot }, path }) => {
    const addOn = depotAddOn(depot, path['name'] ?? '', path['version'] ?? '');
    const { version: _version, ...rest } = about(addOn.displayName, addOn.version);
    return {
      ...rest,
      vendor: addOn.vendor,
      description: addOn.displayName,
      components: componentList(addOn.components),
      removed_components: [],
    };
  }),
  route(`${CONTENT}.components.list`, ({ vCenter: { depot }, query }) =>
    grouped(
      depot.components.filter((component) => passesFilter(query as DepotFilter, component)),
      { urgency: 'IMPORTANT' },
    ),
  ),
  route(`${CONTENT}.components.versions.get`, ({ vCenter: { depot }, path }) => {
    const component = depotComponent(depot, path['name'] ?? '', path['version'] ?? '');
    const { version: _version, ...rest } = about(component.displayName, component.version);
    const { vendor, displayName } = component;
    return { ...rest, vendor, description: displayName, urgency: 'IMPORTANT', contact: '' };
  }),
];

/** What every entry of the depot tells about itself. guessed: category, article and dates without a source. */
function about(displayName: string, version: string, releaseDate = new Date(0).toISOString()): Wire {
  return {
    display_name: displayName,
    version,
    display_version: version.split('-')[0] ?? version,
    summary: displayName,
    category: 'BUGFIX',
    kb: KB,
    release_date: releaseDate,
  };
}

function componentList(components: Record<string, string>): Wire[] {
  return Object.entries(components).map(([name, version]) => ({
    name,
    display_name: name,
    version,
    display_version: version,
  }));
}

/** One row a name, with all its versions. */
function grouped(
  entries: readonly { name: string; version: string; displayName: string; vendor: string }[],
  more: Wire = {},
): Wire[] {
  return [...new Set(entries.map((entry) => entry.name))].map((name) => {
    const versions = entries.filter((entry) => entry.name === name);
    return {
      name,
      display_name: versions[0]?.displayName ?? name,
      vendor: versions[0]?.vendor ?? '',
      versions: versions.map((entry) => {
        const { display_name: _name, ...rest } = about(entry.displayName, entry.version);
        return { ...rest, ...more };
      }),
    };
  });
}
