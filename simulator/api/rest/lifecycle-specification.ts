import { Fault } from '../../world/fault';
import type { SoftwareSpec } from '../../world/lifecycle-state';
import {
  addOnInfo,
  baseImageInfo,
  componentInfo,
  componentInfos,
  effectiveComponents,
  removedInfos,
} from './lifecycle-wire';
import { route, type RestCall, type RestRoute } from './route';

/**
 * The readings that a desired image and a draft have in common.
 * @param prefix service of the contract, e.g. `com.vmware.esx.settings.clusters.software`
 * @param specOf finds the specification @throws Fault NOT_FOUND
 */
export function specificationRoutes(prefix: string, specOf: (call: RestCall) => SoftwareSpec): RestRoute[] {
  return [
    route(`${prefix}.base_image.get`, (call) => baseImageInfo(call.vCenter.depot, specOf(call).baseImage)),
    route(`${prefix}.add_on.get`, (call) => {
      const { addOn } = specOf(call);
      if (!addOn) throw new Fault('NOT_FOUND', 'The image has no add-on.');
      return addOnInfo(call.vCenter.depot, addOn);
    }),
    route(`${prefix}.components.list`, (call) => componentInfos(call.vCenter.depot, specOf(call).components)),
    route(`${prefix}.components.get`, (call) => {
      const name = call.path['component'] ?? '';
      const version = specOf(call).components[name];
      if (version === undefined) throw new Fault('NOT_FOUND', `The image has no component ${name}.`);
      return componentInfo(call.vCenter.depot, name, version);
    }),
    route(`${prefix}.effective_components.list`, (call) => effectiveComponents(call.vCenter.depot, specOf(call))),
    route(`${prefix}.effective_components.list_with_removed_components`, (call) =>
      effectiveComponents(call.vCenter.depot, specOf(call)),
    ),
    route(`${prefix}.hardware_support.get`, (call) => {
      specOf(call);
      throw new Fault('NOT_FOUND', 'The image has no hardware support package.');
    }),
    route(`${prefix}.removed_components.list`, (call) => removedInfos(call.vCenter.depot, specOf(call))),
    route(`${prefix}.removed_components.get`, (call) => {
      const name = call.path['component'] ?? '';
      const found = removedInfos(call.vCenter.depot, specOf(call))[name];
      if (!found) throw new Fault('NOT_FOUND', `The image does not remove ${name}.`);
      return found;
    }),
  ];
}
