import type { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';

/** The one object whose id is known beforehand: everything else hangs on it. */
export const SERVICE_INSTANCE: ManagedObjectReference = { type: 'ServiceInstance', id: 'ServiceInstance' };

/** What a server says about itself (`AboutInfo`). */
export interface AboutInfo {
  readonly fullName: string;
  /** `8.0.3`. */
  readonly version: string;
  readonly build: string;
  readonly apiVersion: string;
  /** `VirtualCenter`, or `HostAgent` for a host. */
  readonly apiType: string;
  /** Identity of a vCenter; a host has none. */
  readonly instanceUuid: string | undefined;
}

/** The singletons of a server, as far as we use them (`ServiceContent`). */
export interface ServiceContent {
  readonly about: AboutInfo;
  readonly rootFolder: ManagedObjectReference;
  readonly propertyCollector: ManagedObjectReference;
  readonly sessionManager: ManagedObjectReference;
  readonly viewManager: ManagedObjectReference;
  readonly authorizationManager: ManagedObjectReference | undefined;
  readonly eventManager: ManagedObjectReference | undefined;
  readonly diagnosticManager: ManagedObjectReference | undefined;
  readonly licenseManager: ManagedObjectReference | undefined;
}

/** Decodes a `ServiceContent`. */
export function readServiceContent(content: DataObject): ServiceContent {
  return {
    about: readAboutInfo(content.object('about')),
    rootFolder: content.reference('rootFolder'),
    propertyCollector: content.reference('propertyCollector'),
    sessionManager: content.reference('sessionManager'),
    viewManager: content.reference('viewManager'),
    authorizationManager: content.referenceOrUnset('authorizationManager'),
    eventManager: content.referenceOrUnset('eventManager'),
    diagnosticManager: content.referenceOrUnset('diagnosticManager'),
    licenseManager: content.referenceOrUnset('licenseManager'),
  };
}

/** Decodes an `AboutInfo`. */
function readAboutInfo(about: DataObject): AboutInfo {
  return {
    fullName: about.text('fullName'),
    version: about.text('version'),
    build: about.text('build'),
    apiVersion: about.text('apiVersion'),
    apiType: about.text('apiType'),
    instanceUuid: about.textOrUnset('instanceUuid'),
  };
}
