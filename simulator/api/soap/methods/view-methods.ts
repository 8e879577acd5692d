import { objectNotFound } from '../property-collector/traverse';
import type { MethodTable } from '../site';
import { soapFault } from '../vim25/faults';
import { isA, managedType } from '../vim25/type-table';
import { MoRef } from '../vim25/values';

/** ViewManager and View. */
export const VIEW_METHODS: MethodTable = {
  CreateContainerView: ({ state, find, parameters }) => {
    const container = parameters['container'] as MoRef;
    const types = (parameters['type'] ?? []) as readonly string[];
    if (!find(container)) throw objectNotFound(container);
    if (!CONTAINERS.some((type) => isA(container.type, type))) throw invalidArgument('container');
    if (types.some((type) => !managedType(type))) throw invalidArgument('type');
    const ref = new MoRef('ContainerView', state.newId());
    state.views.set(ref.value, { ref, container, types, recursive: parameters['recursive'] === true });
    return ref;
  },

  DestroyView: ({ state, target }) => {
    state.views.delete(target.value);
    return undefined;
  },
};

/** What can hold a view (documented for CreateContainerView). */
const CONTAINERS = ['Folder', 'Datacenter', 'ComputeResource', 'ResourcePool', 'HostSystem'];

function invalidArgument(name: string): Error {
  return soapFault('InvalidArgument', `A specified parameter was not correct: ${name}`, { invalidProperty: name });
}
