import { randomUUID } from 'node:crypto';

import { Fault } from './fault';
import { imageOf, type EsxImage } from './image';
import { compareVersions } from './lifecycle-image';
import type { Depot, DepotAddOn, DepotBaseImage, DepotComponent, OfflineDepot } from './lifecycle-state';
import type { Host, VCenter } from './state';
import type { World } from './world';

/** @throws Fault NOT_FOUND */
export function depotBaseImage({ baseImages }: Depot, version: string): DepotBaseImage {
  const found = baseImages.find((image) => image.version === version);
  if (!found) throw new Fault('NOT_FOUND', `The base image ${version} is not in the depot.`);
  return found;
}

/** @throws Fault NOT_FOUND */
export function depotAddOn({ addOns }: Depot, name: string, version: string): DepotAddOn {
  const found = addOns.find((addOn) => addOn.name === name && addOn.version === version);
  if (!found) throw new Fault('NOT_FOUND', `The add-on ${name} ${version} is not in the depot.`);
  return found;
}

/** @throws Fault NOT_FOUND */
export function depotComponent({ components }: Depot, name: string, version: string): DepotComponent {
  const found = components.find((component) => component.name === name && component.version === version);
  if (!found) throw new Fault('NOT_FOUND', `The component ${name} ${version} is not in the depot.`);
  return found;
}

/** What a depot list may be narrowed by. */
export interface DepotFilter {
  vendors?: string[];
  names?: string[];
  versions?: string[];
  min_version?: string;
}

/** Whether an entry passes; an unset or empty list matches everything. */
export function passesFilter(filter: DepotFilter, entry: { name?: string; vendor?: string; version: string }): boolean {
  const oneOf = (list: string[] | undefined, value: string | undefined) =>
    !list?.length || (value !== undefined && list.includes(value));
  return (
    oneOf(filter.vendors, entry.vendor) &&
    oneOf(filter.names, entry.name) &&
    oneOf(filter.versions, entry.version) &&
    (filter.min_version === undefined || compareVersions(entry.version, filter.min_version) >= 0)
  );
}

/**
 * Puts the image of an offline bundle into the depot. guessed: the simulator reads the base image's version out of
 * the file name (`…8.0.3-0.0.24674464…zip`), for it has no bundle to open.
 * @throws Fault INVALID_ARGUMENT (no such version in the name), ALREADY_EXISTS (this location was added before)
 */
export function addOfflineDepot(
  world: World,
  vCenter: VCenter,
  source: { location: string; description?: string },
): OfflineDepot {
  const version = /\d+\.\d+\.\d+-\d+\.\d+\.\d+/.exec(source.location)?.[0];
  if (version === undefined) throw new Fault('INVALID_ARGUMENT', `No offline bundle at ${source.location}.`);
  if (vCenter.depot.offline.some((depot) => depot.location === source.location)) {
    throw new Fault('ALREADY_EXISTS', `The depot ${source.location} exists already.`);
  }
  return addDepot(world, vCenter, imageOf(version), source);
}

/** Puts the image that a host runs into the depot (documented: createFromHost, 7.0.2). */
export function depotFromHost(world: World, vCenter: VCenter, host: Host): OfflineDepot {
  return addDepot(world, vCenter, host.runningImage, { description: `Image of ${host.name}` });
}

function addDepot(
  world: World,
  vCenter: VCenter,
  image: EsxImage,
  source: { location?: string; description?: string },
): OfflineDepot {
  const { location, description = '' } = source;
  const depot: OfflineDepot = {
    id: randomUUID(),
    description,
    ...(location === undefined ? {} : { location }),
    createdAt: world.clock.now(),
    images: [image],
    added: addContents(vCenter.depot, image),
  };
  vCenter.depot.offline.push(depot);
  const detail = { added: image.baseImage, depot: depot.id };
  world.events.add('depot-changed', { vCenter: vCenter.id }, detail);
  return depot;
}

/** @returns the base images that the depot did not have */
function addContents(depot: Depot, image: EsxImage): string[] {
  const isNew = !depot.baseImages.some(({ version }) => version === image.baseImage);
  if (isNew) {
    depot.baseImages.push({
      version: image.baseImage,
      displayName: `ESXi ${image.esxVersion} - ${image.build}`,
      releaseDate: new Date(0).toISOString(),
      quickPatchCompatible: [],
    });
  }
  for (const [name, version] of Object.entries(image.components)) {
    if (depot.components.some((component) => component.name === name && component.version === version)) continue;
    depot.components.push({ name, version, displayName: name, vendor: '' });
  }
  return isNew ? [image.baseImage] : [];
}

/** @throws Fault NOT_FOUND */
export function offlineDepot({ offline }: Depot, id: string): OfflineDepot {
  const found = offline.find((depot) => depot.id === id);
  if (!found) throw new Fault('NOT_FOUND', `The depot ${id} does not exist.`);
  return found;
}

/**
 * Removes an offline depot with the base images that came with it.
 * @throws Fault NOT_FOUND; RESOURCE_IN_USE when a desired image needs one of them (documented: "depot in use")
 */
export function removeOfflineDepot(world: World, vCenter: VCenter, id: string): void {
  const { depot } = vCenter;
  const doomed = offlineDepot(depot, id);
  const gone = doomed.added;
  const inUse = vCenter.clusters.find((cluster) =>
    gone.includes(cluster.lifecycle.commits.at(-1)?.spec.baseImage ?? ''),
  );
  if (inUse) throw new Fault('RESOURCE_IN_USE', `The desired image of ${inUse.name} needs the depot ${id}.`);
  depot.offline = depot.offline.filter((candidate) => candidate !== doomed);
  depot.baseImages = depot.baseImages.filter((image) => !gone.includes(image.version));
  world.events.add('depot-changed', { vCenter: vCenter.id }, { removed: gone, depot: id });
}
