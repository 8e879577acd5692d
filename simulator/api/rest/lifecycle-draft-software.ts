import { editDraft } from '../../world/lifecycle-drafts';
import type { SoftwareSpec } from '../../world/lifecycle-state';
import { draftOf } from './lifecycle-drafts';
import { specificationRoutes } from './lifecycle-specification';
import { clusterOf } from './lifecycle-task';
import { route, type RestCall, type RestRoute } from './route';

const SOFTWARE = 'com.vmware.esx.settings.clusters.software.drafts.software';

/** com.vmware.esx.settings.clusters.software.drafts.software.components.UpdateSpec */
interface ComponentsUpdate {
  components_to_set?: Record<string, string | null>;
  components_to_delete?: string[];
}

/** The image in a draft. Setting never judges: validation does. */
export const draftSoftwareRoutes: readonly RestRoute[] = [
  ...specificationRoutes(SOFTWARE, (call) => draftOf(call).spec),
  route<{ version: string }>(`${SOFTWARE}.base_image.set`, (call) =>
    edit(call, (spec) => (spec.baseImage = call.body.version)),
  ),
  route<{ name: string; version: string }>(`${SOFTWARE}.add_on.set`, (call) =>
    edit(call, (spec) => (spec.addOn = { ...call.body })),
  ),
  route(`${SOFTWARE}.add_on.delete`, (call) => edit(call, (spec) => delete spec.addOn)),
  route<ComponentsUpdate>(`${SOFTWARE}.components.update`, (call) =>
    edit(call, (spec) => {
      for (const [name, version] of Object.entries(call.body.components_to_set ?? {})) {
        spec.components[name] = version ?? newest(call, name);
      }
      for (const name of call.body.components_to_delete ?? []) delete spec.components[name];
    }),
  ),
  route<string | undefined>(`${SOFTWARE}.components.set`, (call) => {
    const name = call.path['component'] ?? '';
    edit(call, (spec) => (spec.components[name] = call.body ?? newest(call, name)));
  }),
  route(`${SOFTWARE}.components.delete`, (call) =>
    edit(call, (spec) => delete spec.components[call.path['component'] ?? '']),
  ),
  route(`${SOFTWARE}.removed_components.set`, (call) =>
    edit(call, (spec) => {
      spec.removedComponents = [...new Set([...(spec.removedComponents ?? []), call.path['component'] ?? ''])];
    }),
  ),
  route(`${SOFTWARE}.removed_components.delete`, (call) =>
    edit(call, (spec) => {
      spec.removedComponents = spec.removedComponents?.filter((name) => name !== call.path['component']) ?? [];
    }),
  ),
];

function edit(call: RestCall, change: (spec: SoftwareSpec) => unknown): void {
  editDraft(call.world, call.vCenter, clusterOf(call), draftOf(call), (spec) => void change(spec));
}

/** documented: an unset version is chosen by vLCM; guessed: it takes the newest of the depot. */
function newest({ vCenter }: RestCall, name: string): string {
  return vCenter.depot.components.filter((component) => component.name === name).at(-1)?.version ?? '';
}
