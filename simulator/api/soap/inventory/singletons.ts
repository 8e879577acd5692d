import type { Site } from '../site';
import { managedObject, type ManagedObject } from '../managed-object';
import { licenseInfos } from '../methods/account-methods';
import { MoRef, type DataObject } from '../vim25/values';
import { recentTasks } from './managed-entity';

/** Ids of the singletons as a vCenter names them (recorded: vcsim's service content). */
const IDS = {
  viewManager: ['ViewManager', 'ViewManager'],
  sessionManager: ['SessionManager', 'SessionManager'],
  authorizationManager: ['AuthorizationManager', 'AuthorizationManager'],
  eventManager: ['EventManager', 'EventManager'],
  taskManager: ['TaskManager', 'TaskManager'],
  diagnosticManager: ['DiagnosticManager', 'DiagMgr'],
  licenseManager: ['LicenseManager', 'LicenseManager'],
} as const;

const LICENSE_ASSIGNMENT = new MoRef('LicenseAssignmentManager', 'LicenseAssignmentManager');

/** ServiceContent: only what this server really has. @param about AboutInfo */
export function serviceContent(rootFolder: MoRef, about: DataObject): DataObject {
  return {
    rootFolder,
    propertyCollector: new MoRef('PropertyCollector', 'propertyCollector'),
    about,
    ...Object.fromEntries(Object.entries(IDS).map(([name, [type, id]]) => [name, new MoRef(type, id)])),
  };
}

/** The singletons by id. SessionManager is not among them: each session sees its own. */
export function singletons(site: Site): ReadonlyMap<string, ManagedObject> {
  const simple = [IDS.viewManager, IDS.authorizationManager, IDS.diagnosticManager].map(([type, id]) =>
    managedObject(new MoRef(type, id), {}, null),
  );
  const objects = [
    ...simple,
    managedObject(
      new MoRef('ServiceInstance', 'ServiceInstance'),
      { serverClock: () => new Date(site.world.clock.now()), content: () => site.content() },
      null,
    ),
    managedObject(new MoRef(...IDS.eventManager), { maxCollector: () => MAX_COLLECTORS }, null),
    managedObject(
      new MoRef(...IDS.taskManager),
      { recentTask: () => recentTasks(site.world, site.endpoint), maxCollector: () => MAX_COLLECTORS },
      null,
    ),
    managedObject(
      new MoRef(...IDS.licenseManager),
      {
        sourceAvailable: () => true,
        licensedEdition: () => 'esx.enterprisePlus.cpuPackage',
        licenses: licenseInfos,
        licenseAssignmentManager: () => LICENSE_ASSIGNMENT,
      },
      null,
    ),
    managedObject(LICENSE_ASSIGNMENT, {}, null),
  ];
  return new Map(objects.map((object) => [object.ref.value, object]));
}

const MAX_COLLECTORS = 32;
