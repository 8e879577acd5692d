import { managedObject, type ManagedObject } from './managed-object';
import { isAnonymous, type ContainerView, type SessionState } from './session-state';
import type { Site } from './site';
import { isA } from './vim25/type-table';
import { MoRef, typed } from './vim25/values';

/** Finds an object that the session made, else one of the site. */
export function findObject(site: Site, state: SessionState, ref: MoRef): ManagedObject | undefined {
  const found = sessionObject(site, state, ref) ?? site.find(ref);
  // The id decides, but a reference with the wrong type names no object (recorded: vcsim).
  return found && isA(found.ref.type, ref.type) ? found : undefined;
}

function sessionObject(site: Site, state: SessionState, ref: MoRef): ManagedObject | undefined {
  if (ref.value === site.ids.sessionManager) return sessionManager(site, state);
  const view = state.views.get(ref.value);
  if (view) return viewObject(site, view);
  const collector = state.collectors.get(ref.value);
  if (collector)
    return managedObject(new MoRef('PropertyCollector', ref.value), { filter: () => collector.filters() }, null);
  const filter = [...state.collectors.values()]
    .flatMap((entry) => entry.filters())
    .find(({ value }) => value === ref.value);
  if (filter) return managedObject(filter, { partialUpdates: () => false }, null);
  const history = state.histories.get(ref.value);
  if (!history) return undefined;
  return managedObject(
    history.ref,
    {
      filter: () => typed(history.ref.type.startsWith('Task') ? 'TaskFilterSpec' : 'EventFilterSpec', history.filter),
      latestPage: () => history.latestPage(),
    },
    null,
  );
}

function sessionManager(site: Site, state: SessionState): ManagedObject {
  return managedObject(
    new MoRef('SessionManager', site.ids.sessionManager),
    {
      currentSession: () => (isAnonymous(state) ? undefined : state.describe()),
      sessionList: () => (isAnonymous(state) ? [] : [state.describe()]),
      message: () => '',
      messageLocaleList: () => ['en'],
      supportedLocaleList: () => ['en'],
      defaultLocale: () => 'en',
    },
    null,
  );
}

function viewObject(site: Site, view: ContainerView): ManagedObject {
  return managedObject(
    view.ref,
    {
      view: () => entitiesBelow(site, view),
      container: () => view.container,
      type: () => view.types,
      recursive: () => view.recursive,
    },
    null,
  );
}

/** What a container view shows now: a host that left the inventory leaves every view. */
function entitiesBelow(site: Site, { container, types, recursive }: ContainerView): MoRef[] {
  const shown: MoRef[] = [];
  const walk = (ref: MoRef): void => {
    for (const child of site.children(ref)) {
      if (types.length === 0 || types.some((type) => isA(child.type, type))) shown.push(child);
      if (recursive) walk(child);
    }
  };
  walk(container);
  return shown;
}
