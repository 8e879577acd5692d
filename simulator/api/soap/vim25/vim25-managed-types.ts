// Derived table, not written by hand: from pyvmomi 9.1.1.0 (Apache-2.0, Copyright Broadcom) by introspection; fields of vSphere 9 left out.
//
// One entry a type: its base type, then its own fields in wire order, `name:type`, `name?:type` where optional.
// `@X` is a reference to a managed object X, `X[]` a repeated element.

/** Managed objects and their properties. */
export const MANAGED_TYPES: Readonly<Record<string, string>> = {
  AuthorizationManager:
    '- privilegeList?:AuthorizationPrivilege[] roleList?:AuthorizationRole[] description:AuthorizationDescription',
  ClusterComputeResource:
    'ComputeResource configuration:ClusterConfigInfo recommendation?:ClusterRecommendation[] drsRecommendation?:ClusterDrsRecommendation[] summaryEx:ClusterComputeResourceSummary hciConfig?:ClusterComputeResourceHCIConfigInfo migrationHistory?:ClusterDrsMigration[] actionHistory?:ClusterActionHistory[] drsFault?:ClusterDrsFaults[]',
  ComputeResource:
    'ManagedEntity resourcePool?:@ResourcePool host?:@HostSystem[] datastore?:@Datastore[] network?:@Network[] summary:ComputeResourceSummary environmentBrowser?:@EnvironmentBrowser configurationEx:ComputeResourceConfigInfo lifecycleManaged?:boolean configManagerEnabled?:boolean',
  ContainerView: 'ManagedObjectView container:@ManagedEntity type?:TypeName[] recursive:boolean',
  Datacenter:
    'ManagedEntity vmFolder:@Folder hostFolder:@Folder datastoreFolder:@Folder networkFolder:@Folder datastore?:@Datastore[] network?:@Network[] configuration:DatacenterConfigInfo',
  Datastore:
    'ManagedEntity info:DatastoreInfo summary:DatastoreSummary host?:DatastoreHostMount[] vm?:@VirtualMachine[] browser:@HostDatastoreBrowser capability:DatastoreCapability iormConfiguration?:StorageIORMInfo',
  DiagnosticManager: '-',
  EventHistoryCollector: 'HistoryCollector latestPage?:Event[] initialized?:boolean',
  EventManager: '- description:EventDescription latestEvent?:Event maxCollector:int',
  ExtensibleManagedObject: '- value?:CustomFieldValue[] availableField?:CustomFieldDef[]',
  Folder: 'ManagedEntity childType?:TypeName[] childEntity?:@ManagedEntity[] namespace?:string',
  HistoryCollector: '- filter:anyType',
  HostServiceSystem: 'ExtensibleManagedObject serviceInfo:HostServiceInfo',
  HostSystem:
    'ManagedEntity runtime:HostRuntimeInfo summary:HostListSummary hardware?:HostHardwareInfo capability?:HostCapability licensableResource:HostLicensableResourceInfo remediationState?:HostSystemRemediationState precheckRemediationResult?:ApplyHostProfileConfigurationSpec remediationResult?:ApplyHostProfileConfigurationResult complianceCheckState?:HostSystemComplianceCheckState complianceCheckResult?:ComplianceResult configManager:HostConfigManager config?:HostConfigInfo vm?:@VirtualMachine[] datastore?:@Datastore[] network?:@Network[] datastoreBrowser:@HostDatastoreBrowser systemResources?:HostSystemResourceInfo answerFileValidationState?:AnswerFileStatusResult answerFileValidationResult?:AnswerFileStatusResult',
  HostVirtualNicManager: 'ExtensibleManagedObject info:HostVirtualNicManagerInfo',
  LicenseAssignmentManager: '-',
  LicenseManager:
    '- source:LicenseSource sourceAvailable:boolean diagnostics?:LicenseDiagnostics featureInfo?:LicenseFeatureInfo[] licensedEdition:string licenses:LicenseManagerLicenseInfo[] licenseAssignmentManager?:@LicenseAssignmentManager evaluation:LicenseManagerEvaluationInfo',
  ManagedEntity:
    'ExtensibleManagedObject parent?:@ManagedEntity customValue?:CustomFieldValue[] overallStatus:ManagedEntityStatus configStatus:ManagedEntityStatus configIssue?:Event[] effectiveRole?:int[] permission?:Permission[] name:string disabledMethod?:MethodName[] recentTask?:@Task[] declaredAlarmState?:AlarmState[] triggeredAlarmState?:AlarmState[] alarmActionsEnabled?:boolean tag?:Tag[]',
  ManagedObjectView: 'View view?:@ManagedObject[]',
  Network: 'ManagedEntity summary:NetworkSummary host?:@HostSystem[] vm?:@VirtualMachine[]',
  PropertyCollector: '- filter?:@PropertyFilter[]',
  PropertyFilter: '- spec:PropertyFilterSpec partialUpdates:boolean',
  ResourcePool:
    'ManagedEntity summary:ResourcePoolSummary runtime:ResourcePoolRuntimeInfo owner:@ComputeResource resourcePool?:@ResourcePool[] vm?:@VirtualMachine[] config:ResourceConfigSpec namespace?:string childConfiguration?:ResourceConfigSpec[]',
  ServiceInstance: '- serverClock:dateTime capability:Capability content:ServiceContent',
  SessionManager:
    '- sessionList?:UserSession[] currentSession?:UserSession message?:string messageLocaleList?:string[] supportedLocaleList?:string[] defaultLocale:string',
  Task: 'ExtensibleManagedObject info:TaskInfo',
  TaskHistoryCollector: 'HistoryCollector latestPage?:TaskInfo[]',
  TaskManager: '- recentTask?:@Task[] description:TaskDescription maxCollector:int',
  View: '-',
  ViewManager: '- viewList?:@View[]',
  VirtualMachine:
    'ManagedEntity capability:VirtualMachineCapability config?:VirtualMachineConfigInfo layout?:VirtualMachineFileLayout layoutEx?:VirtualMachineFileLayoutEx storage?:VirtualMachineStorageInfo environmentBrowser:@EnvironmentBrowser resourcePool?:@ResourcePool parentVApp?:@ManagedEntity resourceConfig?:ResourceConfigSpec runtime:VirtualMachineRuntimeInfo guest?:GuestInfo summary:VirtualMachineSummary datastore?:@Datastore[] network?:@Network[] snapshot?:VirtualMachineSnapshotInfo rootSnapshot?:@VirtualMachineSnapshot[] guestHeartbeatStatus:ManagedEntityStatus',
};

/** Methods, by managed object and wire name: result, privilege (`-` for none), parameters. */
export const METHODS: Readonly<Record<string, string>> = {
  'AuthorizationManager.FetchUserPrivilegeOnEntities':
    'UserPrivilegeResult[] - entities:@ManagedEntity[] userName:string',
  'AuthorizationManager.HasPrivilegeOnEntities':
    'EntityPrivilege[] System.View entity:@ManagedEntity[] sessionId:string privId?:string[]',
  'ClusterComputeResource.AddHost_Task':
    '@Task Host.Inventory.AddHostToCluster spec:HostConnectSpec asConnected:boolean resourcePool?:@ResourcePool license?:string',
  'ClusterComputeResource.GetResourceUsage': 'ClusterResourceUsageSummary System.Read',
  'ClusterComputeResource.MoveHostInto_Task':
    '@Task Host.Inventory.EditCluster host:@HostSystem resourcePool?:@ResourcePool',
  'ClusterComputeResource.MoveInto_Task': '@Task Host.Inventory.EditCluster host:@HostSystem[]',
  'DiagnosticManager.BrowseDiagnosticLog':
    'DiagnosticManagerLogHeader Global.Diagnostics host?:@HostSystem key:string start?:int lines?:int',
  'DiagnosticManager.QueryDescriptions': 'DiagnosticManagerLogDescriptor[] Global.Diagnostics host?:@HostSystem',
  'EventHistoryCollector.ReadNextEvents': 'Event[] - maxCount:int',
  'EventHistoryCollector.ReadPreviousEvents': 'Event[] - maxCount:int',
  'EventManager.CreateCollectorForEvents': '@EventHistoryCollector System.View filter:EventFilterSpec',
  'EventManager.QueryEvents': 'Event[] System.View filter:EventFilterSpec',
  'HistoryCollector.DestroyCollector': 'void -',
  'HistoryCollector.ResetCollector': 'void -',
  'HistoryCollector.RewindCollector': 'void -',
  'HistoryCollector.SetCollectorPageSize': 'void - maxCount:int',
  'HostServiceSystem.RefreshServices': 'void Host.Config.NetService',
  'HostServiceSystem.RestartService': 'void Host.Config.NetService id:string',
  'HostServiceSystem.StartService': 'void Host.Config.NetService id:string',
  'HostServiceSystem.StopService': 'void Host.Config.NetService id:string',
  'HostServiceSystem.UpdateServicePolicy': 'void Host.Config.NetService id:string policy:string',
  'HostSystem.DisconnectHost_Task': '@Task Host.Config.Connection',
  'HostSystem.EnterMaintenanceMode_Task':
    '@Task Host.Config.Maintenance timeout:int evacuatePoweredOffVms?:boolean maintenanceSpec?:HostMaintenanceSpec',
  'HostSystem.ExitMaintenanceMode_Task': '@Task Host.Config.Maintenance timeout:int',
  'HostSystem.QueryTpmAttestationReport': 'HostTpmAttestationReport System.Read',
  'HostSystem.RebootHost_Task': '@Task Host.Config.Maintenance force:boolean',
  'HostSystem.ReconnectHost_Task':
    '@Task Host.Config.Connection cnxSpec?:HostConnectSpec reconnectSpec?:HostSystemReconnectSpec',
  'HostVirtualNicManager.QueryNetConfig': 'VirtualNicManagerNetConfig System.Read nicType:string',
  'LicenseAssignmentManager.QueryAssignedLicenses':
    'LicenseAssignmentManagerLicenseAssignment[] System.View entityId?:string',
  'LicenseAssignmentManager.UpdateAssignedLicense':
    'LicenseManagerLicenseInfo Global.Licenses entity:string licenseKey:string entityDisplayName?:string',
  'ManagedEntity.Destroy_Task': '@Task -',
  'PropertyCollector.CancelRetrievePropertiesEx': 'void System.View token:string',
  'PropertyCollector.CancelWaitForUpdates': 'void System.View',
  'PropertyCollector.CheckForUpdates': 'UpdateSet System.View version?:string',
  'PropertyCollector.ContinueRetrievePropertiesEx': 'RetrieveResult System.View token:string',
  'PropertyCollector.CreateFilter': '@PropertyFilter System.View spec:PropertyFilterSpec partialUpdates:boolean',
  'PropertyCollector.CreatePropertyCollector': '@PropertyCollector System.View',
  'PropertyCollector.DestroyPropertyCollector': 'void System.View',
  'PropertyCollector.RetrieveProperties': 'ObjectContent[] System.Anonymous specSet:PropertyFilterSpec[]',
  'PropertyCollector.RetrievePropertiesEx':
    'RetrieveResult System.Anonymous specSet:PropertyFilterSpec[] options:RetrieveOptions',
  'PropertyCollector.WaitForUpdates': 'UpdateSet System.View version?:string',
  'PropertyCollector.WaitForUpdatesEx': 'UpdateSet System.View version?:string options?:WaitOptions',
  'PropertyFilter.DestroyPropertyFilter': 'void -',
  'ServiceInstance.CurrentTime': 'dateTime System.View',
  'ServiceInstance.RetrieveServiceContent': 'ServiceContent System.Anonymous',
  'SessionManager.Login': 'UserSession System.Anonymous userName:string password:string locale?:string',
  'SessionManager.Logout': 'void System.View',
  'SessionManager.SessionIsActive': 'boolean Sessions.ValidateSession sessionID:string userName:string',
  'Task.CancelTask': 'void -',
  'TaskHistoryCollector.ReadNextTasks': 'TaskInfo[] - maxCount:int',
  'TaskHistoryCollector.ReadPreviousTasks': 'TaskInfo[] - maxCount:int',
  'TaskManager.CreateCollectorForTasks': '@TaskHistoryCollector System.View filter:TaskFilterSpec',
  'View.DestroyView': 'void System.View',
  'ViewManager.CreateContainerView':
    '@ContainerView System.View container:@ManagedEntity type?:TypeName[] recursive:boolean',
};
