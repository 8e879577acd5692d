import type { Site } from '../site';
import { managedObject, type ManagedObject } from '../managed-object';
import { licenseInfos } from '../methods/account-methods';
import { MoRef, type DataObject } from '../vim25/values';
import { recentTasks } from './managed-entity';

/** Ids of the singletons: a vCenter and an ESXi host call them differently. */
export interface SingletonIds {
  readonly propertyCollector: string;
  readonly viewManager: string;
  readonly sessionManager: string;
  readonly authorizationManager: string;
  readonly eventManager: string;
  readonly taskManager: string;
  readonly diagnosticManager: string;
  readonly licenseManager: string;
}

/** Recorded: vcsim's service content. */
export const VCENTER_IDS: SingletonIds = {
  propertyCollector: 'propertyCollector',
  viewManager: 'ViewManager',
  sessionManager: 'SessionManager',
  authorizationManager: 'AuthorizationManager',
  eventManager: 'EventManager',
  taskManager: 'TaskManager',
  diagnosticManager: 'DiagMgr',
  licenseManager: 'LicenseManager',
};

/** As ESXi names them, from memory of its service content (guessed). */
export const ESXI_IDS: SingletonIds = {
  propertyCollector: 'ha-property-collector',
  viewManager: 'ViewManager',
  sessionManager: 'ha-sessionmgr',
  authorizationManager: 'ha-authmgr',
  eventManager: 'ha-eventmgr',
  taskManager: 'ha-taskmgr',
  diagnosticManager: 'ha-diagnosticmgr',
  licenseManager: 'ha-license-manager',
};

const LICENSE_ASSIGNMENT = new MoRef('LicenseAssignmentManager', 'LicenseAssignmentManager');

/** ServiceContent: only what this server really has. @param about AboutInfo */
export function serviceContent(ids: SingletonIds, rootFolder: MoRef, about: DataObject): DataObject {
  return { rootFolder, about, ...Object.fromEntries(Object.keys(ids).map((name) => [name, singleton(ids, name)])) };
}

/** `viewManager` → ViewManager:ViewManager: the fields of ServiceContent are named after the types. */
function singleton(ids: SingletonIds, name: string): MoRef {
  return new MoRef(name.charAt(0).toUpperCase() + name.slice(1), ids[name as keyof SingletonIds]);
}

/** The singletons by id. SessionManager is not among them: each session sees its own. */
export function singletons(site: Site): ReadonlyMap<string, ManagedObject> {
  const { ids } = site;
  const simple = ['viewManager', 'authorizationManager', 'diagnosticManager'].map((name) =>
    managedObject(singleton(ids, name), {}, null),
  );
  const objects = [
    ...simple,
    managedObject(
      new MoRef('ServiceInstance', 'ServiceInstance'),
      { serverClock: () => new Date(site.world.clock.now()), content: () => site.content() },
      null,
    ),
    managedObject(singleton(ids, 'eventManager'), { maxCollector: () => MAX_COLLECTORS }, null),
    managedObject(
      singleton(ids, 'taskManager'),
      { recentTask: () => recentTasks(site.world, site.endpoint), maxCollector: () => MAX_COLLECTORS },
      null,
    ),
    managedObject(
      singleton(ids, 'licenseManager'),
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
