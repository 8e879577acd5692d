/**
 * Bodies as recorded from vcsim v0.18.0 (govmomi, Apache-2.0), cut to what the tests look at. They differ from what
 * VMware documents in ways that a client must bear: the prefix `XMLSchema-instance`, faults named only by it, nine
 * digits of a second, an ended session told inside `missingSet`.
 */

const XSI = 'xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" XMLSchema-instance:type';

export const CLUSTER_HOSTS =
  '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="ClusterComputeResource">' +
  `clustercomputeresource-24</obj><propSet><name>name</name><val ${XSI}="xsd:string">DC0_C0</val></propSet><propSet>` +
  `<name>host</name><val ${XSI}="ArrayOfManagedObjectReference"><ManagedObjectReference type="HostSystem">host-30` +
  '</ManagedObjectReference><ManagedObjectReference type="HostSystem">host-37</ManagedObjectReference></val></propSet>' +
  '</objects></returnval></RetrievePropertiesExResponse>';

export const SERVICE_SYSTEM =
  '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="HostSystem">host-30</obj><propSet>' +
  `<name>configManager.serviceSystem</name><val ${XSI}="ManagedObjectReference" type="HostServiceSystem">serviceSystem` +
  '</val></propSet></objects></returnval></RetrievePropertiesExResponse>';

export const TASK =
  '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="Task">task-62</obj><propSet><name>info' +
  `</name><val ${XSI}="TaskInfo"><key>task-62</key><task type="Task">task-62</task><name>EnterMaintenanceMode</name>` +
  '<descriptionId>HostSystem.enterMaintenanceMode</descriptionId><entity type="HostSystem">host-30</entity><entityName>' +
  'host-30</entityName><state>success</state><cancelled>false</cancelled><cancelable>false</cancelable><queueTime>' +
  '2026-11-24T23:25:45.917315973Z</queueTime><startTime>2026-11-24T23:25:45.917324635Z</startTime><completeTime>' +
  '2026-11-24T23:25:45.917324635Z</completeTime><eventChainId>0</eventChainId></val></propSet></objects></returnval>' +
  '</RetrievePropertiesExResponse>';

export const UNKNOWN_PROPERTY =
  '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="HostSystem">host-30</obj><missingSet>' +
  `<path>bogusProp</path><fault><fault ${XSI}="InvalidProperty"><name>bogusProp</name></fault></fault></missingSet>` +
  '</objects></returnval></RetrievePropertiesExResponse>';

export const AFTER_LOGOUT =
  '<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="HostSystem">host-30</obj><missingSet>' +
  `<path>name</path><fault><fault ${XSI}="NotAuthenticated"><object type="HostSystem">host-30</object><privilegeId>` +
  'System.Read</privilegeId></fault></fault></missingSet></objects></returnval></RetrievePropertiesExResponse>';

export const OBJECT_GONE =
  '<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring></faultstring><detail>' +
  `<Fault ${XSI}="ManagedObjectNotFound"><obj type="HostSystem">host-99999</obj></Fault></detail></soapenv:Fault>`;

export const METHOD_UNKNOWN =
  '<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>HostSystem:host-30 does not implement: ' +
  `RebootHost_Task</faultstring><detail><Fault ${XSI}="MethodNotFound"><receiver type="HostSystem">host-30</receiver>` +
  '<method>RebootHost_Task</method></Fault></detail></soapenv:Fault>';
