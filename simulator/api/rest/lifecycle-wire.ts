import { iso } from '../../world/clock';
import type { LocalizableMessage } from '../../world/fault';
import { baseImageComponents } from '../../world/lifecycle-image';
import type { Depot, Note, SoftwareSpec } from '../../world/lifecycle-state';

type Wire = Record<string, unknown>;

/** Plain text as a message. */
export function text(id: string, value: string): LocalizableMessage {
  return { id: `com.vmware.simulator.${id}`, default_message: value, args: [] };
}

/** com.vmware.esx.settings.Notifications: a kind without remarks is absent. */
export function notifications(notes: readonly Note[]): Wire {
  const ofType = (type: Note['type']) => notes.filter((note) => note.type === type).map(notification);
  const lists = { info: ofType('INFO'), warnings: ofType('WARNING'), errors: ofType('ERROR') };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function notification(note: Note): Wire {
  return {
    type: note.type,
    id: note.id,
    time: iso(note.time),
    message: { id: note.id, default_message: note.text, args: [] },
    ...(note.resolution === undefined ? {} : { resolution: text('lcm.resolution', note.resolution) }),
  };
}

/** com.vmware.esx.settings.SoftwareInfo of a specification. Solutions and hardware support are not simulated. */
export function softwareInfo(depot: Depot, spec: SoftwareSpec): Wire {
  return {
    base_image: baseImageInfo(depot, spec.baseImage),
    ...(spec.addOn ? { add_on: addOnInfo(depot, spec.addOn) } : {}),
    components: componentInfos(depot, spec.components),
    solutions: {},
    ...(spec.removedComponents?.length ? { removed_components: removedInfos(depot, spec) } : {}),
  };
}

/** com.vmware.esx.settings.BaseImageInfo; details only of what the depot knows. */
export function baseImageInfo(depot: Depot, version: string): Wire {
  const entry = depot.baseImages.find((image) => image.version === version);
  if (!entry) return { version };
  return {
    version,
    details: {
      display_name: entry.displayName,
      display_version: version.split('-')[0] ?? version,
      release_date: entry.releaseDate,
      ...quickPatch(depot, entry.quickPatchCompatible),
    },
  };
}

/** Base images from which Quick Patch can go to an image, with their display names; absent when there are none. */
export function quickPatch(depot: Depot, versions: readonly string[]): Wire {
  if (versions.length === 0) return {};
  const nameOf = (version: string) => depot.baseImages.find((image) => image.version === version)?.displayName;
  return {
    quick_patch_compatible_versions: Object.fromEntries(
      versions.map((version) => [version, nameOf(version) ?? version]),
    ),
  };
}

/** com.vmware.esx.settings.AddOnInfo */
export function addOnInfo(depot: Depot, addOn: { name: string; version: string }): Wire {
  const entry = depot.addOns.find(({ name, version }) => name === addOn.name && version === addOn.version);
  return {
    name: addOn.name,
    version: addOn.version,
    ...(entry
      ? { details: { display_name: entry.displayName, vendor: entry.vendor, display_version: entry.version } }
      : {}),
  };
}

/** Map of com.vmware.esx.settings.ComponentInfo */
export function componentInfos(depot: Depot, components: Record<string, string>): Record<string, Wire> {
  return Object.fromEntries(
    Object.entries(components).map(([name, version]) => [name, componentInfo(depot, name, version)]),
  );
}

/** com.vmware.esx.settings.ComponentInfo */
export function componentInfo(depot: Depot, name: string, version: string): Wire {
  const entry = depot.components.find((component) => component.name === name && component.version === version);
  return {
    version,
    ...(entry
      ? { details: { display_name: entry.displayName, vendor: entry.vendor, display_version: entry.version } }
      : {}),
  };
}

/** Components that an image leaves out: the contract gives them no version that means anything. */
export function removedInfos(depot: Depot, spec: SoftwareSpec): Record<string, Wire> {
  return Object.fromEntries(
    (spec.removedComponents ?? []).map((name) => {
      const entry = depot.components.find((component) => component.name === name);
      return [name, entry ? { details: { display_name: entry.displayName, vendor: entry.vendor } } : {}];
    }),
  );
}

/** Map of com.vmware.esx.settings.EffectiveComponentInfo: all components, with where each comes from. */
export function effectiveComponents(depot: Depot, spec: SoftwareSpec): Record<string, Wire> {
  const addOn = depot.addOns.find(({ name, version }) => name === spec.addOn?.name && version === spec.addOn.version);
  const layers: [source: string, vendor: string, components: Record<string, string>][] = [
    ['BASE_IMAGE', 'VMware, Inc.', baseImageComponents(spec.baseImage)],
    ['ADD_ON', addOn?.vendor ?? '', addOn?.components ?? {}],
    ['USER', '', spec.components],
  ];
  const effective: Record<string, Wire> = {};
  for (const [source, vendor, components] of layers) {
    for (const [name, version] of Object.entries(components)) {
      if (spec.removedComponents?.includes(name)) continue;
      const entry = depot.components.find((component) => component.name === name && component.version === version);
      const details = {
        display_name: entry?.displayName ?? name,
        display_version: version,
        vendor: entry?.vendor ?? vendor,
        source,
        overridden_components: [],
      };
      effective[name] = { version, details };
    }
  }
  return effective;
}
