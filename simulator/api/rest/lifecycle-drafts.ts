import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import { checkIdleCluster, draftById } from '../../world/lifecycle-cluster';
import { compareCluster } from '../../world/lifecycle-compliance';
import { commitDraft, createDraft, deleteDraft, importDraft } from '../../world/lifecycle-drafts';
import type { Note, SoftwareDraft, SoftwareSpec } from '../../world/lifecycle-state';
import { validateSpec } from '../../world/lifecycle-validate';
import { clusterCompliance } from './lifecycle-result-wire';
import { clusterOf, clusterTask, withWireData } from './lifecycle-task';
import { notifications, softwareInfo } from './lifecycle-wire';
import { isObject } from './check-value';
import { route, type RestCall, type RestRoute } from './route';

const DRAFTS = 'com.vmware.esx.settings.clusters.software.drafts';

/** The draft that a call names. @throws Fault NOT_FOUND */
export function draftOf(call: RestCall): SoftwareDraft {
  return draftById(clusterOf(call), call.path['draft'] ?? '');
}

/** Working copies of the desired image. */
export const draftRoutes: readonly RestRoute[] = [
  route(`${DRAFTS}.create`, (call) => createDraft(call.world, call.vCenter, clusterOf(call), call.session.user).id),
  route<ImportBody>(`${DRAFTS}.import_software_spec`, (call) => {
    const cluster = clusterOf(call);
    const spec = readSpecification(call.body);
    return importDraft(call.world, call.vCenter, cluster, call.session.user, spec).id;
  }),
  route(`${DRAFTS}.list`, (call) => {
    const owners = call.query['owners'] as string[] | undefined;
    const drafts = clusterOf(call).lifecycle.drafts.filter((draft) => owners?.includes(draft.owner) ?? true);
    return Object.fromEntries(drafts.map((draft) => [draft.id, { metadata: metadata(draft) }]));
  }),
  route(`${DRAFTS}.get`, (call) => {
    const draft = draftOf(call);
    return { metadata: metadata(draft), software: softwareInfo(call.vCenter.depot, draft.spec) };
  }),
  route(`${DRAFTS}.delete`, (call) => deleteDraft(call.world, call.vCenter, clusterOf(call), draftOf(call))),
  clusterTask(`${DRAFTS}.validate$task`, {
    prepare: (call) => draftOf(call),
    work: async ({ world, vCenter }, cluster, draft, task) => {
      await task.sleep(world.settings.durations.draftValidate);
      return { notifications: notifications(validateSpec(world, vCenter, cluster, draft.spec)) };
    },
  }),
  clusterTask(`${DRAFTS}.scan$task`, {
    prepare: (call) => draftOf(call),
    work: async ({ world, vCenter }, cluster, draft, task) => {
      await task.sleep(world.settings.durations.imageScan);
      // Only a base image that vLCM could resolve can be compared with.
      const missing = !vCenter.depot.baseImages.some((image) => image.version === draft.spec.baseImage);
      if (missing) throw new Fault('ERROR', `The base image ${draft.spec.baseImage || '(none)'} is not in the depot.`);
      return clusterCompliance(vCenter.depot, compareCluster(world, vCenter, cluster, draft.spec));
    },
  }),
  clusterTask<SoftwareDraft, { message?: string }>(`${DRAFTS}.commit$task`, {
    exclusive: true,
    prepare: (call, cluster) => {
      const draft = draftOf(call);
      checkIdleCluster(cluster);
      return draft;
    },
    work: async ({ world, vCenter, session, body }, cluster, draft, task) => {
      await task.sleep(world.settings.durations.draftCommit);
      const by = { user: session.user, message: body.message ?? '' };
      return withWireData(
        () => commitDraft(world, vCenter, cluster, draft, by).id,
        (notes) => ({ notifications: notifications(notes as Note[]) }),
      );
    },
  }),
];

function metadata(draft: SoftwareDraft): Record<string, unknown> {
  return { owner: draft.owner, status: draft.status, creation_time: iso(draft.createdAt) };
}

interface ImportBody {
  source_type: string;
  software_spec?: string;
}

/**
 * A specification as vLCM exports it: `{"base_image": {"version"}, "add_on"?: {"name", "version"}, "components"?:
 * {NAME: VERSION}}`. guessed: the exact form of an export.
 * @throws Fault ERROR for every other source, and for text that is none; NOT_FOUND without a recommendation
 */
function readSpecification(body: ImportBody): SoftwareSpec {
  if (body.source_type.endsWith('_RECOMMENDATION')) throw new Fault('NOT_FOUND', 'There is no recommendation.');
  if (body.source_type !== 'JSON_STRING') throw new Fault('ERROR', `${body.source_type} is not simulated.`);
  const value = parse(body.software_spec ?? '');
  const version = isObject(value) && isObject(value['base_image']) ? value['base_image']['version'] : undefined;
  if (!isObject(value) || typeof version !== 'string')
    throw new Fault('ERROR', 'The text is no software specification.');
  const addOn = value['add_on'];
  const components = isObject(value['components']) ? Object.entries(value['components']) : [];
  return {
    baseImage: version,
    ...(isObject(addOn) ? { addOn: { name: String(addOn['name']), version: String(addOn['version']) } } : {}),
    components: Object.fromEntries(components.map(([name, component]) => [name, String(component)])),
  };
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return null;
  }
}
