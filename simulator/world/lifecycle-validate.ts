import { compareVersions } from './lifecycle-image';
import type { Note, SoftwareSpec } from './lifecycle-state';
import type { Cluster, VCenter } from './state';
import type { World } from './world';

/** A remark with the world's time. */
export function note(world: World, type: Note['type'], id: string, text: string, resolution?: string): Note {
  const time = world.clock.now();
  return { type, id: `com.vmware.simulator.lcm.${id}`, text, time, ...(resolution ? { resolution } : {}) };
}

/**
 * What vLCM says about an image before it may become the desired one; an ERROR makes it unfit.
 * documented: base image, add-on and components must be in the depot; a base image older than what a host of the
 * cluster runs is refused ("replace the ESXi version in the image with one of the same or higher version", KB 424858;
 * a switch). guessed: an ESXi newer than the vCenter is refused as well.
 */
export function validateSpec(world: World, vCenter: VCenter, cluster: Cluster, spec: SoftwareSpec): Note[] {
  const errors = [...missingFromDepot(vCenter, spec), ...newerThanVCenter(vCenter, spec)];
  if (world.settings.switches.refuseDowngrade) errors.push(...downgrades(world, vCenter, cluster, spec));
  return errors.map(([id, text, resolution]) => note(world, 'ERROR', id, text, resolution));
}

type Problem = [id: string, text: string, resolution?: string];

function missingFromDepot({ depot }: VCenter, spec: SoftwareSpec): Problem[] {
  const problems: Problem[] = [];
  if (!depot.baseImages.some((image) => image.version === spec.baseImage)) {
    problems.push(['base-image-missing', `The base image ${spec.baseImage || '(none)'} is not in the depot.`]);
  }
  const { addOn } = spec;
  if (addOn && !depot.addOns.some(({ name, version }) => name === addOn.name && version === addOn.version)) {
    problems.push(['add-on-missing', `The add-on ${addOn.name} ${addOn.version} is not in the depot.`]);
  }
  for (const [name, version] of Object.entries(spec.components)) {
    if (depot.components.some((component) => component.name === name && component.version === version)) continue;
    problems.push(['component-missing', `The component ${name} ${version} is not in the depot.`]);
  }
  return problems;
}

function newerThanVCenter(vCenter: VCenter, spec: SoftwareSpec): Problem[] {
  const esx = spec.baseImage.split('-')[0] ?? '';
  const vc = vCenter.version.split('.').slice(0, 3).join('.');
  if (compareVersions(esx, vc) <= 0) return [];
  return [['newer-than-vcenter', `ESXi ${esx} is newer than this vCenter (${vCenter.version}).`]];
}

function downgrades(world: World, vCenter: VCenter, cluster: Cluster, spec: SoftwareSpec): Problem[] {
  return world
    .hostsOf(vCenter, cluster.moid)
    .filter((host) => compareVersions(spec.baseImage, host.runningImage.baseImage) < 0)
    .map((host) => [
      'downgrade',
      `The base image ${spec.baseImage} is older than ${host.runningImage.baseImage} on ${host.name}.`,
      'Replace the ESXi version in the image with one of the same or a higher version.',
    ]);
}
