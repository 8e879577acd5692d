// Derived table, not written by hand: from pyvmomi 9.1.1.0 (Apache-2.0, Copyright Broadcom) by introspection; fields of vSphere 9 left out.
//
// One entry a type: its base type, then its own fields in wire order, `name:type`, `name?:type` where optional.
// `@X` is a reference to a managed object X, `X[]` a repeated element.

/** Data objects of vim25 that the simulator writes or reads. */
export const DATA_TYPES: Readonly<Record<string, string>> = {
  AboutInfo:
    'DynamicData name:string fullName:string vendor:string version:string patchLevel?:string build:string localeVersion?:string localeBuild?:string osType:string productLineId:string apiType:string apiVersion:string instanceUuid?:string licenseProductName?:string licenseProductVersion?:string',
  AuthorizationPrivilege: 'DynamicData privId:string onParent:boolean name:string privGroupName:string',
  AuthorizationRole: 'DynamicData roleId:int system:boolean name:string info:Description privilege?:string[]',
  ClusterComputeResourceSummary:
    'ComputeResourceSummary currentFailoverLevel:int admissionControlInfo?:ClusterDasAdmissionControlInfo numVmotions:int targetBalance?:int currentBalance?:int drsScore?:int numVmsPerDrsScoreBucket?:int[] usageSummary?:ClusterUsageSummary currentEVCModeKey?:string currentEVCGraphicsModeKey?:string dasData?:ClusterDasData clusterMaintenanceModeStatus?:string vcsHealthStatus?:string vcsSlots?:ClusterComputeResourceVcsSlots[]',
  ClusterConfigInfo:
    'DynamicData dasConfig:ClusterDasConfigInfo dasVmConfig?:ClusterDasVmConfigInfo[] drsConfig:ClusterDrsConfigInfo drsVmConfig?:ClusterDrsVmConfigInfo[] rule?:ClusterRuleInfo[]',
  ClusterConfigInfoEx:
    'ComputeResourceConfigInfo systemVMsConfig?:ClusterSystemVMsConfigInfo dasConfig:ClusterDasConfigInfo dasVmConfig?:ClusterDasVmConfigInfo[] drsConfig:ClusterDrsConfigInfo drsVmConfig?:ClusterDrsVmConfigInfo[] rule?:ClusterRuleInfo[] orchestration?:ClusterOrchestrationInfo vmOrchestration?:ClusterVmOrchestrationInfo[] dpmConfigInfo?:ClusterDpmConfigInfo dpmHostConfig?:ClusterDpmHostConfigInfo[] vsanConfigInfo?:VsanClusterConfigInfo vsanHostConfig?:VsanHostConfigInfo[] group?:ClusterGroupInfo[] infraUpdateHaConfig?:ClusterInfraUpdateHaConfigInfo proactiveDrsConfig?:ClusterProactiveDrsConfigInfo cryptoConfig?:ClusterCryptoConfigInfo',
  ClusterDasConfigInfo:
    'DynamicData enabled?:boolean vmMonitoring?:string hostMonitoring?:string vmComponentProtecting?:string failoverLevel?:int admissionControlPolicy?:ClusterDasAdmissionControlPolicy admissionControlEnabled?:boolean defaultVmSettings?:ClusterDasVmSettings option?:OptionValue[] heartbeatDatastore?:@Datastore[] hBDatastoreCandidatePolicy?:string',
  ClusterDasVmSettings:
    'DynamicData restartPriority?:string restartPriorityTimeout?:int isolationResponse?:string vmToolsMonitoringSettings?:ClusterVmToolsMonitoringSettings vmComponentProtectionSettings?:ClusterVmComponentProtectionSettings',
  ClusterDpmConfigInfo:
    'DynamicData enabled?:boolean defaultDpmBehavior?:DpmBehavior hostPowerActionRate?:int option?:OptionValue[]',
  ClusterDrsConfigInfo:
    'DynamicData enabled?:boolean enableVmBehaviorOverrides?:boolean defaultVmBehavior?:DrsBehavior vmotionRate?:int scaleDescendantsShares?:string option?:OptionValue[]',
  ClusterResourceUsageSummary:
    'DynamicData cpuUsedMHz:int cpuCapacityMHz:int memUsedMB:int memCapacityMB:int pMemAvailableMB?:long pMemCapacityMB?:long storageUsedMB:long storageCapacityMB:long',
  ClusterVmToolsMonitoringSettings:
    'DynamicData enabled?:boolean vmMonitoring?:string clusterSettings?:boolean failureInterval?:int minUpTime?:int maxFailures?:int maxFailureWindow?:int',
  ComputeResourceConfigInfo:
    'DynamicData vmSwapPlacement:string spbmEnabled?:boolean defaultHardwareVersionKey?:string maximumHardwareVersionKey?:string',
  ComputeResourceEventArgument: 'EntityEventArgument computeResource:@ComputeResource',
  ComputeResourceSummary:
    'DynamicData totalCpu:int totalMemory:long numCpuCores:short numCpuThreads:short effectiveCpu:int effectiveMemory:long numHosts:int numEffectiveHosts:int overallStatus:ManagedEntityStatus',
  CryptoKeyId: 'DynamicData keyId:string providerId?:KeyProviderId',
  CustomFieldValue: 'DynamicData key:int',
  DatacenterEventArgument: 'EntityEventArgument datacenter:@Datacenter',
  Description: 'DynamicData label:string summary:string',
  DiagnosticManagerLogDescriptor:
    'DynamicData key:string fileName:string creator:string format:string mimeType:string info:Description',
  DiagnosticManagerLogHeader: 'DynamicData lineStart:int lineEnd:int lineText?:string[]',
  DynamicProperty: 'DataObject name:PropertyPath val:anyType',
  ElementDescription: 'Description key:string',
  EnteredMaintenanceModeEvent: 'HostEvent',
  EnteringMaintenanceModeEvent: 'HostEvent',
  EntityEventArgument: 'EventArgument name:string',
  EntityPrivilege: 'DynamicData entity:@ManagedEntity privAvailability:PrivilegeAvailability[]',
  Event:
    'DynamicData key:int chainId:int createdTime:dateTime userName:string datacenter?:DatacenterEventArgument computeResource?:ComputeResourceEventArgument host?:HostEventArgument vm?:VmEventArgument ds?:DatastoreEventArgument net?:NetworkEventArgument dvs?:DvsEventArgument fullFormattedMessage?:string changeTag?:string',
  EventArgument: 'DynamicData',
  EventEx:
    'Event eventTypeId:string severity?:string message?:string arguments?:KeyAnyValue[] objectId?:string objectType?:TypeName objectName?:string fault?:LocalizedMethodFault',
  EventFilterSpec:
    'DynamicData entity?:EventFilterSpecByEntity time?:EventFilterSpecByTime userName?:EventFilterSpecByUsername eventChainId?:int alarm?:@Alarm scheduledTask?:@ScheduledTask disableFullMessage?:boolean category?:string[] type?:TypeName[] tag?:string[] eventTypeId?:string[] maxCount?:int delayedInit?:boolean',
  EventFilterSpecByEntity: 'DynamicData entity:@ManagedEntity recursion:EventFilterSpecRecursionOption',
  EventFilterSpecByTime: 'DynamicData beginTime?:dateTime endTime?:dateTime',
  EventFilterSpecByUsername: 'DynamicData systemUser:boolean userList?:string[]',
  ExitMaintenanceModeEvent: 'HostEvent',
  GeneralEvent: 'Event message:string',
  GuestInfo:
    'DynamicData toolsStatus?:VirtualMachineToolsStatus toolsVersionStatus?:string toolsVersionStatus2?:string toolsRunningStatus?:string toolsVersion?:string toolsInstallType?:string guestId?:string guestFamily?:string guestFullName?:string guestDetailedData?:string hostName?:string ipAddress?:string net?:GuestNicInfo[] ipStack?:GuestStackInfo[] disk?:GuestDiskInfo[] screen?:GuestScreenInfo guestState:string appHeartbeatStatus?:string guestKernelCrashed?:boolean appState?:string guestOperationsReady?:boolean interactiveGuestOperationsReady?:boolean guestStateChangeSupported?:boolean generationInfo?:GuestInfoNamespaceGenerationInfo[] hwVersion?:string customizationInfo?:GuestInfoCustomizationInfo',
  HostAddedEvent: 'HostEvent',
  HostBIOSInfo:
    'DynamicData biosVersion?:string releaseDate?:dateTime vendor?:string majorRelease?:int minorRelease?:int firmwareMajorRelease?:int firmwareMinorRelease?:int firmwareType?:string',
  HostCapability:
    'DynamicData recursiveResourcePoolsSupported:boolean cpuMemoryResourceConfigurationSupported:boolean rebootSupported:boolean shutdownSupported:boolean vmotionSupported:boolean standbySupported:boolean ipmiSupported?:boolean maxSupportedVMs?:int maxRunningVMs?:int maxSupportedVcpus?:int maxRegisteredVMs?:int datastorePrincipalSupported:boolean sanSupported:boolean nfsSupported:boolean iscsiSupported:boolean vlanTaggingSupported:boolean nicTeamingSupported:boolean highGuestMemSupported:boolean maintenanceModeSupported:boolean suspendedRelocateSupported:boolean restrictedSnapshotRelocateSupported:boolean perVmSwapFiles:boolean localSwapDatastoreSupported:boolean unsharedSwapVMotionSupported:boolean backgroundSnapshotsSupported:boolean preAssignedPCIUnitNumbersSupported:boolean screenshotSupported:boolean scaledScreenshotSupported:boolean storageVMotionSupported:boolean vmotionWithStorageVMotionSupported:boolean vmotionAcrossNetworkSupported?:boolean maxNumDisksSVMotion?:int maxVirtualDiskDescVersionSupported?:int hbrNicSelectionSupported:boolean vrNfcNicSelectionSupported:boolean recordReplaySupported:boolean ftSupported:boolean replayUnsupportedReason?:string replayCompatibilityIssues?:string[] smpFtSupported:boolean ftCompatibilityIssues?:string[] smpFtCompatibilityIssues?:string[] maxVcpusPerFtVm?:int loginBySSLThumbprintSupported?:boolean cloneFromSnapshotSupported:boolean deltaDiskBackingsSupported:boolean perVMNetworkTrafficShapingSupported:boolean tpmSupported:boolean tpmVersion?:string txtEnabled?:boolean supportedCpuFeature?:HostCpuIdInfo[] virtualExecUsageSupported:boolean storageIORMSupported:boolean vmDirectPathGen2Supported?:boolean vmDirectPathGen2UnsupportedReason?:string[] vmDirectPathGen2UnsupportedReasonExtended?:string supportedVmfsMajorVersion?:int[] vStorageCapable:boolean snapshotRelayoutSupported:boolean firewallIpRulesSupported?:boolean servicePackageInfoSupported?:boolean maxHostRunningVms?:int maxHostSupportedVcpus?:int vmfsDatastoreMountCapable:boolean eightPlusHostVmfsSharedAccessSupported:boolean nestedHVSupported:boolean vPMCSupported:boolean interVMCommunicationThroughVMCISupported:boolean scheduledHardwareUpgradeSupported?:boolean featureCapabilitiesSupported:boolean latencySensitivitySupported:boolean storagePolicySupported?:boolean accel3dSupported:boolean reliableMemoryAware?:boolean multipleNetworkStackInstanceSupported?:boolean messageBusProxySupported?:boolean vsanSupported?:boolean vFlashSupported?:boolean hostAccessManagerSupported?:boolean provisioningNicSelectionSupported:boolean nfs41Supported?:boolean nfs41Krb5iSupported?:boolean turnDiskLocatorLedSupported?:boolean virtualVolumeDatastoreSupported?:boolean markAsSsdSupported?:boolean markAsLocalSupported?:boolean smartCardAuthenticationSupported?:boolean pMemSupported?:boolean pMemSnapshotSupported?:boolean cryptoSupported?:boolean oneKVolumeAPIsSupported?:boolean gatewayOnNicSupported?:boolean upitSupported?:boolean cpuHwMmuSupported?:boolean encryptedVMotionSupported?:boolean encryptionChangeOnAddRemoveSupported?:boolean encryptionHotOperationSupported?:boolean encryptionWithSnapshotsSupported?:boolean encryptionFaultToleranceSupported?:boolean encryptionMemorySaveSupported?:boolean encryptionRDMSupported?:boolean encryptionVFlashSupported?:boolean encryptionCBRCSupported?:boolean encryptionHBRSupported?:boolean ftEfiSupported?:boolean unmapMethodSupported?:string maxMemMBPerFtVm?:int virtualMmuUsageIgnored?:boolean virtualExecUsageIgnored?:boolean vmCreateDateSupported?:boolean vmfs3EOLSupported?:boolean ftVmcpSupported?:boolean quickBootSupported?:boolean encryptedFtSupported?:boolean assignableHardwareSupported?:boolean suspendToMemorySupported?:boolean useFeatureReqsForOldHWv?:boolean markPerenniallyReservedSupported?:boolean hppPspSupported?:boolean deviceRebindWithoutRebootSupported?:boolean storagePolicyChangeSupported?:boolean precisionTimeProtocolSupported?:boolean remoteDeviceVMotionSupported?:boolean maxSupportedVmMemory?:int ahDeviceHintsSupported?:boolean nvmeOverTcpSupported?:boolean nvmeStorageFabricServicesSupported?:boolean assignHwPciConfigSupported?:boolean timeConfigSupported?:boolean nvmeBatchOperationsSupported?:boolean pMemFailoverSupported?:boolean hostConfigEncryptionSupported?:boolean maxSupportedSimultaneousThreads?:int ptpConfigSupported?:boolean maxSupportedPtpPorts?:int sgxRegistrationSupported?:boolean pMemIndependentSnapshotSupported?:boolean iommuSLDirtyCapable?:boolean vmknicBindingSupported?:boolean ultralowFixedUnmapSupported?:boolean nvmeVvolSupported?:boolean fptHotplugSupported?:boolean mconnectSupported?:boolean vsanNicMgmtSupported?:boolean vvolNQNSupported?:boolean stretchedSCSupported?:boolean vmknicBindingOnNFSv41?:boolean vpStatusCheckSupported?:boolean nConnectSupported?:boolean userKeySupported?:boolean ndcmSupported?:boolean uefiSecureBoot?:boolean',
  HostConfigInfo:
    'DynamicData host:@HostSystem product:AboutInfo deploymentInfo?:HostDeploymentInfo hyperThread?:HostHyperThreadScheduleInfo cpuScheduler?:HostCpuSchedulerInfo consoleReservation?:ServiceConsoleReservationInfo virtualMachineReservation?:VirtualMachineMemoryReservationInfo storageDevice?:HostStorageDeviceInfo multipathState?:HostMultipathStateInfo fileSystemVolume?:HostFileSystemVolumeInfo systemFile?:string[] network?:HostNetworkInfo vmotion?:HostVMotionInfo virtualNicManagerInfo?:HostVirtualNicManagerInfo capabilities?:HostNetCapabilities datastoreCapabilities?:HostDatastoreSystemCapabilities offloadCapabilities?:HostNetOffloadCapabilities service?:HostServiceInfo firewall?:HostFirewallInfo autoStart?:HostAutoStartManagerConfig activeDiagnosticPartition?:HostDiagnosticPartition option?:OptionValue[] optionDef?:OptionDef[] datastorePrincipal?:string localSwapDatastore?:@Datastore systemSwapConfiguration?:HostSystemSwapConfiguration systemResources?:HostSystemResourceInfo dateTimeInfo?:HostDateTimeInfo flags?:HostFlagInfo adminDisabled?:boolean lockdownMode?:HostLockdownMode ipmi?:HostIpmiInfo sslThumbprintInfo?:HostSslThumbprintInfo sslThumbprintData?:HostSslThumbprintInfo[] certificate?:byte[] pciPassthruInfo?:HostPciPassthruInfo[] authenticationManagerInfo?:HostAuthenticationManagerInfo featureVersion?:HostFeatureVersionInfo[] powerSystemCapability?:PowerSystemCapability powerSystemInfo?:PowerSystemInfo cacheConfigurationInfo?:HostCacheConfigurationInfo[] wakeOnLanCapable?:boolean featureCapability?:HostFeatureCapability[] maskedFeatureCapability?:HostFeatureCapability[] vFlashConfigInfo?:HostVFlashManagerVFlashConfigInfo vsanHostConfig?:VsanHostConfigInfo domainList?:string[] scriptCheckSum?:base64Binary hostConfigCheckSum?:base64Binary descriptionTreeCheckSum?:base64Binary graphicsInfo?:HostGraphicsInfo[] sharedPassthruGpuTypes?:string[] graphicsConfig?:HostGraphicsConfig sharedGpuCapabilities?:HostSharedGpuCapabilities[] ioFilterInfo?:HostIoFilterInfo[] sriovDevicePool?:HostSriovDevicePoolInfo[] assignableHardwareBinding?:HostAssignableHardwareBinding[] assignableHardwareConfig?:HostAssignableHardwareConfig',
  HostConfigManager:
    'DynamicData cpuScheduler?:@HostCpuSchedulerSystem datastoreSystem?:@HostDatastoreSystem memoryManager?:@HostMemorySystem storageSystem?:@HostStorageSystem networkSystem?:@HostNetworkSystem vmotionSystem?:@HostVMotionSystem virtualNicManager?:@HostVirtualNicManager serviceSystem?:@HostServiceSystem firewallSystem?:@HostFirewallSystem advancedOption?:@OptionManager diagnosticSystem?:@HostDiagnosticSystem autoStartManager?:@HostAutoStartManager snmpSystem?:@HostSnmpSystem dateTimeSystem?:@HostDateTimeSystem patchManager?:@HostPatchManager imageConfigManager?:@HostImageConfigManager bootDeviceSystem?:@HostBootDeviceSystem firmwareSystem?:@HostFirmwareSystem healthStatusSystem?:@HostHealthStatusSystem pciPassthruSystem?:@HostPciPassthruSystem licenseManager?:@LicenseManager kernelModuleSystem?:@HostKernelModuleSystem authenticationManager?:@HostAuthenticationManager powerSystem?:@HostPowerSystem cacheConfigurationManager?:@HostCacheConfigurationManager esxAgentHostManager?:@HostEsxAgentHostManager iscsiManager?:@IscsiManager vFlashManager?:@HostVFlashManager vsanSystem?:@HostVsanSystem messageBusProxy?:@MessageBusProxy userDirectory?:@UserDirectory accountManager?:@HostLocalAccountManager hostAccessManager?:@HostAccessManager graphicsManager?:@HostGraphicsManager vsanInternalSystem?:@HostVsanInternalSystem certificateManager?:@HostCertificateManager cryptoManager?:@CryptoManager nvdimmSystem?:@HostNvdimmSystem assignableHardwareManager?:@HostAssignableHardwareManager',
  HostConfigSummary:
    'DynamicData name:string port:int sslThumbprint?:string product?:AboutInfo vmotionEnabled:boolean faultToleranceEnabled:boolean featureVersion?:HostFeatureVersionInfo[] agentVmDatastore?:@Datastore agentVmNetwork?:@Network',
  HostConnectInfo:
    'DynamicData serverIp?:string inDasCluster?:boolean host:HostListSummary vm?:VirtualMachineSummary[] vimAccountNameRequired?:boolean clusterSupported?:boolean network?:HostConnectInfoNetworkInfo[] datastore?:HostDatastoreConnectInfo[] license?:HostLicenseConnectInfo capability?:HostCapability',
  HostConnectSpec:
    'DynamicData hostName?:string port?:int sslThumbprint?:string userName?:string password?:string vmFolder?:@Folder force:boolean vimAccountName?:string vimAccountPassword?:string managementIp?:string lockdownMode?:HostLockdownMode hostGateway?:HostGatewaySpec',
  HostConnectedEvent: 'HostEvent',
  HostConnectionLostEvent: 'HostEvent',
  HostCpuInfo: 'DynamicData numCpuPackages:short numCpuCores:short numCpuThreads:short hz:long',
  HostCpuPackage:
    'DynamicData index:short vendor:string hz:long busHz:long description:string threadId:short[] cpuFeature?:HostCpuIdInfo[] family?:short model?:short stepping?:short',
  HostDigestInfo: 'DynamicData digestMethod:string digestValue:byte[] objectName?:string',
  HostDisconnectedEvent: 'HostEvent reason?:string',
  HostDnsConfig:
    'DynamicData dhcp:boolean virtualNicDevice?:string ipv6VirtualNicDevice?:string hostName:string domainName:string address?:string[] searchDomain?:string[]',
  HostEvent: 'Event',
  HostEventArgument: 'EntityEventArgument host:@HostSystem',
  HostFeatureVersionInfo: 'DynamicData key:string value:string',
  HostHardwareInfo:
    'DynamicData systemInfo:HostSystemInfo cpuPowerManagementInfo?:HostCpuPowerManagementInfo cpuInfo:HostCpuInfo cpuPkg:HostCpuPackage[] memorySize:long numaInfo?:HostNumaInfo smcPresent:boolean pciDevice?:HostPciDevice[] dvxClasses?:HostDvxClass[] cpuFeature?:HostCpuIdInfo[] biosInfo?:HostBIOSInfo reliableMemoryInfo?:HostReliableMemoryInfo persistentMemoryInfo?:HostPersistentMemoryInfo sgxInfo?:HostSgxInfo sevInfo?:HostSevInfo memoryTieringType?:string memoryTierInfo?:HostMemoryTierInfo[]',
  HostHardwareSummary:
    'DynamicData vendor:string model:string uuid:string otherIdentifyingInfo?:HostSystemIdentificationInfo[] memorySize:long cpuModel:string cpuMhz:int numCpuPkgs:short numCpuCores:short numCpuThreads:short numNics:int numHBAs:int',
  HostIpConfig:
    'DynamicData dhcp:boolean ipAddress?:string subnetMask?:string ipV6Config?:HostIpConfigIpV6AddressConfiguration',
  HostListSummary:
    'DynamicData host?:@HostSystem hardware?:HostHardwareSummary runtime?:HostRuntimeInfo config:HostConfigSummary quickStats:HostListSummaryQuickStats overallStatus:ManagedEntityStatus rebootRequired:boolean customValue?:CustomFieldValue[] managementServerIp?:string maxEVCModeKey?:string currentEVCModeKey?:string currentEVCGraphicsModeKey?:string gateway?:HostListSummaryGatewaySummary tpmAttestation?:HostTpmAttestationInfo trustAuthorityAttestationInfos?:HostTrustAuthorityAttestationInfo[]',
  HostListSummaryQuickStats:
    'DynamicData overallCpuUsage?:int overallMemoryUsage?:int distributedCpuFairness?:int distributedMemoryFairness?:int availablePMemCapacity?:int uptime?:int',
  HostMaintenanceSpec: 'DynamicData vsanMode?:VsanHostDecommissionMode purpose?:string',
  HostNetworkInfo:
    'DynamicData vswitch?:HostVirtualSwitch[] proxySwitch?:HostProxySwitch[] portgroup?:HostPortGroup[] pnic?:PhysicalNic[] rdmaDevice?:HostRdmaDevice[] vnic?:HostVirtualNic[] consoleVnic?:HostVirtualNic[] dnsConfig?:HostDnsConfig ipRouteConfig?:HostIpRouteConfig consoleIpRouteConfig?:HostIpRouteConfig routeTableInfo?:HostIpRouteTableInfo dhcp?:HostDhcpService[] nat?:HostNatService[] ipV6Enabled?:boolean atBootIpV6Enabled?:boolean netStackInstance?:HostNetStackInstance[] opaqueSwitch?:HostOpaqueSwitch[] opaqueNetwork?:HostOpaqueNetworkInfo[] nsxTransportNodeId?:string nvdsToVdsMigrationRequired?:boolean migrationStatus?:string',
  HostRemovedEvent: 'HostEvent',
  HostRuntimeInfo:
    'DynamicData connectionState:HostSystemConnectionState powerState:HostSystemPowerState standbyMode?:string inMaintenanceMode:boolean inQuarantineMode?:boolean bootTime?:dateTime healthSystemRuntime?:HealthSystemRuntime dasHostState?:ClusterDasFdmHostState tpmPcrValues?:HostTpmDigestInfo[] vsanRuntimeInfo?:VsanHostRuntimeInfo networkRuntimeInfo?:HostRuntimeInfoNetworkRuntimeInfo vFlashResourceRuntimeInfo?:HostVFlashManagerVFlashResourceRunTimeInfo hostMaxVirtualDiskCapacity?:long cryptoState?:string cryptoKeyId?:CryptoKeyId statelessNvdsMigrationReady?:string partialMaintenanceMode?:HostPartialMaintenanceModeRuntimeInfo[] stateEncryption?:HostRuntimeInfoStateEncryptionInfo',
  HostService:
    'DynamicData key:string label:string required:boolean uninstallable:boolean running:boolean ruleset?:string[] policy:string sourcePackage?:HostServiceSourcePackage',
  HostServiceInfo: 'DynamicData service?:HostService[]',
  HostServiceSourcePackage: 'DynamicData sourcePackageName:string description:string',
  HostShutdownEvent: 'HostEvent reason:string',
  HostSystemIdentificationInfo: 'DynamicData identifierValue:string identifierType:ElementDescription',
  HostSystemInfo:
    'DynamicData vendor:string model:string uuid:string otherIdentifyingInfo?:HostSystemIdentificationInfo[] serialNumber?:string qualifiedName?:HostQualifiedName[] vvolHostNQN?:HostQualifiedName vvolHostId?:string bootCommandLine?:string',
  HostSystemReconnectSpec: 'DynamicData syncState?:boolean',
  HostTpmAttestationInfo:
    'DynamicData time:dateTime status:HostTpmAttestationInfoAcceptanceStatus message?:LocalizableMessage',
  HostTpmAttestationReport:
    'DynamicData tpmPcrValues:HostTpmDigestInfo[] tpmEvents:HostTpmEventLogEntry[] tpmLogReliable:boolean',
  HostTpmDigestInfo: 'HostDigestInfo pcrNumber:int',
  HostTpmEventDetails: 'DynamicData dataHash:byte[] dataHashMethod?:string',
  HostTpmEventLogEntry: 'DynamicData pcrIndex:int eventDetails:HostTpmEventDetails',
  HostTrustAuthorityAttestationInfo:
    'DynamicData attestationStatus:string serviceId?:string attestedAt?:dateTime attestedUntil?:dateTime messages?:LocalizableMessage[]',
  HostVirtualNic: 'DynamicData device:string key:string portgroup:string spec:HostVirtualNicSpec port?:string',
  HostVirtualNicManagerInfo: 'DynamicData netConfig?:VirtualNicManagerNetConfig[]',
  HostVirtualNicSpec:
    'DynamicData ip?:HostIpConfig mac?:string distributedVirtualPort?:DistributedVirtualSwitchPortConnection portgroup?:string mtu?:int tsoEnabled?:boolean netStackInstanceKey?:string opaqueNetwork?:HostVirtualNicOpaqueNetworkSpec externalId?:string pinnedPnic?:string ipRouteSpec?:HostVirtualNicIpRouteSpec systemOwned?:boolean dpuId?:string',
  KeyAnyValue: 'DynamicData key:string value:anyType',
  KeyProviderId: 'DynamicData id:string',
  KeyValue: 'DynamicData key:string value:string',
  LicenseAssignmentManagerLicenseAssignment:
    'DynamicData entityId:string scope?:string entityDisplayName?:string assignedLicense:LicenseManagerLicenseInfo properties?:KeyAnyValue[]',
  LicenseManagerLicenseInfo:
    'DynamicData licenseKey:string editionKey:string name:string total:int used?:int costUnit:string properties?:KeyAnyValue[] labels?:KeyValue[]',
  LocalizableMessage: 'DynamicData key:string arg?:KeyAnyValue[] message?:string',
  LocalizedMethodFault: 'MethodFault fault:LocalizedMethodFault localizedMessage?:string',
  MissingObject: 'DynamicData obj:@ManagedObject fault:LocalizedMethodFault',
  MissingProperty: 'DynamicData path:PropertyPath fault:LocalizedMethodFault',
  ObjectContent: 'DynamicData obj:@ManagedObject propSet?:DynamicProperty[] missingSet?:MissingProperty[]',
  ObjectSpec: 'DynamicData obj:@ManagedObject skip?:boolean selectSet?:SelectionSpec[]',
  ObjectUpdate:
    'DynamicData kind:ObjectUpdateKind obj:@ManagedObject changeSet?:PropertyChange[] missingSet?:MissingProperty[]',
  PrivilegeAvailability: 'DynamicData privId:string isGranted:boolean',
  PropertyChange: 'DynamicData name:PropertyPath op:PropertyChangeOp val?:anyType',
  PropertyFilterSpec:
    'DynamicData propSet:PropertySpec[] objectSet:ObjectSpec[] reportMissingObjectsInResults?:boolean',
  PropertyFilterUpdate: 'DynamicData filter:@PropertyFilter objectSet?:ObjectUpdate[] missingSet?:MissingObject[]',
  PropertySpec: 'DynamicData type:TypeName all?:boolean pathSet?:PropertyPath[]',
  RetrieveOptions: 'DynamicData maxObjects?:int',
  RetrieveResult: 'DynamicData token?:string objects:ObjectContent[]',
  SelectionSpec: 'DynamicData name?:string',
  ServiceContent:
    'DynamicData rootFolder:@Folder propertyCollector:@PropertyCollector viewManager?:@ViewManager about:AboutInfo setting?:@OptionManager userDirectory?:@UserDirectory sessionManager?:@SessionManager authorizationManager?:@AuthorizationManager serviceManager?:@ServiceManager perfManager?:@PerformanceManager scheduledTaskManager?:@ScheduledTaskManager alarmManager?:@AlarmManager eventManager?:@EventManager taskManager?:@TaskManager extensionManager?:@ExtensionManager customizationSpecManager?:@CustomizationSpecManager guestCustomizationManager?:@VirtualMachineGuestCustomizationManager customFieldsManager?:@CustomFieldsManager accountManager?:@HostLocalAccountManager diagnosticManager?:@DiagnosticManager licenseManager?:@LicenseManager searchIndex?:@SearchIndex fileManager?:@FileManager datastoreNamespaceManager?:@DatastoreNamespaceManager virtualDiskManager?:@VirtualDiskManager virtualizationManager?:@VirtualizationManager snmpSystem?:@HostSnmpSystem vmProvisioningChecker?:@VirtualMachineProvisioningChecker vmCompatibilityChecker?:@VirtualMachineCompatibilityChecker ovfManager?:@OvfManager ipPoolManager?:@IpPoolManager dvSwitchManager?:@DistributedVirtualSwitchManager hostProfileManager?:@HostProfileManager clusterProfileManager?:@ClusterProfileManager complianceManager?:@ProfileComplianceManager localizationManager?:@LocalizationManager storageResourceManager?:@StorageResourceManager guestOperationsManager?:@GuestOperationsManager overheadMemoryManager?:@OverheadMemoryManager certificateManager?:@CertificateManager ioFilterManager?:@IoFilterManager vStorageObjectManager?:@VStorageObjectManagerBase hostSpecManager?:@HostSpecificationManager cryptoManager?:@CryptoManager healthUpdateManager?:@HealthUpdateManager failoverClusterConfigurator?:@FailoverClusterConfigurator failoverClusterManager?:@FailoverClusterManager tenantManager?:@TenantTenantManager siteInfoManager?:@SiteInfoManager storageQueryManager?:@StorageQueryManager',
  SessionEvent: 'Event',
  TaskDescription: 'DynamicData methodInfo:ElementDescription[] state:ElementDescription[] reason:TypeDescription[]',
  TaskEvent: 'Event info:TaskInfo',
  TaskFilterSpec:
    'DynamicData entity?:TaskFilterSpecByEntity time?:TaskFilterSpecByTime userName?:TaskFilterSpecByUsername activationId?:string[] state?:TaskInfoState[] alarm?:@Alarm scheduledTask?:@ScheduledTask eventChainId?:int[] tag?:string[] parentTaskKey?:string[] rootTaskKey?:string[]',
  TaskFilterSpecByEntity: 'DynamicData entity:@ManagedEntity recursion:TaskFilterSpecRecursionOption',
  TaskFilterSpecByTime: 'DynamicData timeType:TaskFilterSpecTimeOption beginTime?:dateTime endTime?:dateTime',
  TaskFilterSpecByUsername: 'DynamicData systemUser:boolean userList?:string[]',
  TaskInfo:
    'DynamicData key:string task:@Task description?:LocalizableMessage name?:MethodName descriptionId:string entity?:@ManagedEntity entityName?:string locked?:@ManagedEntity[] state:TaskInfoState cancelled:boolean cancelable:boolean error?:LocalizedMethodFault result?:anyType progress?:int progressDetails?:KeyAnyValue[] reason:TaskReason queueTime:dateTime startTime?:dateTime completeTime?:dateTime eventChainId:int changeTag?:string parentTaskKey?:string rootTaskKey?:string activationId?:string',
  TaskReason: 'DynamicData',
  TaskReasonSystem: 'TaskReason',
  TaskReasonUser: 'TaskReason userName:string',
  ToolsConfigInfo:
    'DynamicData toolsVersion?:int toolsInstallType?:string afterPowerOn?:boolean afterResume?:boolean beforeGuestStandby?:boolean beforeGuestShutdown?:boolean beforeGuestReboot?:boolean toolsUpgradePolicy?:string pendingCustomization?:string customizationKeyId?:CryptoKeyId syncTimeWithHostAllowed?:boolean syncTimeWithHost?:boolean lastInstallInfo?:ToolsConfigInfoToolsLastInstallInfo',
  TraversalSpec: 'SelectionSpec type:TypeName path:PropertyPath skip?:boolean selectSet?:SelectionSpec[]',
  TypeDescription: 'Description key:TypeName',
  UpdateSet: 'DynamicData version:string filterSet?:PropertyFilterUpdate[] truncated?:boolean',
  UserLoginSessionEvent: 'SessionEvent ipAddress:string userAgent?:string locale:string sessionId:string',
  UserLogoutSessionEvent:
    'SessionEvent ipAddress?:string userAgent?:string callCount?:long sessionId?:string loginTime?:dateTime',
  UserPrivilegeResult: 'DynamicData entity:@ManagedEntity privileges?:string[]',
  UserSession:
    'DynamicData key:string userName:string fullName:string loginTime:dateTime lastActiveTime:dateTime locale:string messageLocale:string extensionSession:boolean ipAddress:string userAgent:string callCount:long',
  VirtualHardware:
    'DynamicData numCPU:int numCoresPerSocket?:int autoCoresPerSocket?:boolean memoryMB:int virtualICH7MPresent?:boolean virtualSMCPresent?:boolean device?:VirtualDevice[] motherboardLayout?:string simultaneousThreads?:int',
  VirtualMachineConfigInfo:
    'DynamicData changeVersion:string modified:dateTime name:string guestFullName:string version:string uuid:string createDate?:dateTime instanceUuid?:string npivNodeWorldWideName?:long[] npivPortWorldWideName?:long[] npivWorldWideNameType?:string npivDesiredNodeWwns?:short npivDesiredPortWwns?:short npivTemporaryDisabled?:boolean npivOnNonRdmDisks?:boolean locationId?:string template:boolean guestId:string alternateGuestName:string annotation?:string files:VirtualMachineFileInfo tools?:ToolsConfigInfo flags:VirtualMachineFlagInfo consolePreferences?:VirtualMachineConsolePreferences defaultPowerOps:VirtualMachineDefaultPowerOpInfo rebootPowerOff?:boolean hardware:VirtualHardware vcpuConfig?:VirtualMachineVcpuConfig[] cpuAllocation?:ResourceAllocationInfo memoryAllocation?:ResourceAllocationInfo latencySensitivity?:LatencySensitivity memoryHotAddEnabled?:boolean cpuHotAddEnabled?:boolean cpuHotRemoveEnabled?:boolean hotPlugMemoryLimit?:long hotPlugMemoryIncrementSize?:long cpuAffinity?:VirtualMachineAffinityInfo memoryAffinity?:VirtualMachineAffinityInfo networkShaper?:VirtualMachineNetworkShaperInfo extraConfig?:OptionValue[] cpuFeatureMask?:HostCpuIdInfo[] datastoreUrl?:VirtualMachineConfigInfoDatastoreUrlPair[] swapPlacement?:string bootOptions?:VirtualMachineBootOptions ftInfo?:FaultToleranceConfigInfo repConfig?:ReplicationConfigSpec vAppConfig?:VmConfigInfo vAssertsEnabled?:boolean changeTrackingEnabled?:boolean firmware?:string maxMksConnections?:int guestAutoLockEnabled?:boolean managedBy?:ManagedByInfo memoryReservationLockedToMax?:boolean initialOverhead?:VirtualMachineConfigInfoOverheadInfo nestedHVEnabled?:boolean vPMCEnabled?:boolean scheduledHardwareUpgradeInfo?:ScheduledHardwareUpgradeInfo forkConfigInfo?:VirtualMachineForkConfigInfo vFlashCacheReservation?:long vmxConfigChecksum?:base64Binary messageBusTunnelEnabled?:boolean vmStorageObjectId?:string swapStorageObjectId?:string keyId?:CryptoKeyId guestIntegrityInfo?:VirtualMachineGuestIntegrityInfo migrateEncryption?:string sgxInfo?:VirtualMachineSgxInfo contentLibItemInfo?:VirtualMachineContentLibraryItemInfo ftEncryptionMode?:string guestMonitoringModeInfo?:VirtualMachineGuestMonitoringModeInfo sevEnabled?:boolean numaInfo?:VirtualMachineVirtualNumaInfo pmemFailoverEnabled?:boolean vmxStatsCollectionEnabled?:boolean vmOpNotificationToAppEnabled?:boolean vmOpNotificationTimeout?:long deviceSwap?:VirtualMachineVirtualDeviceSwap pmem?:VirtualMachineVirtualPMem deviceGroups?:VirtualMachineVirtualDeviceGroups fixedPassthruHotPlugEnabled?:boolean metroFtEnabled?:boolean metroFtHostGroup?:string',
  VirtualMachineConfigSummary:
    'DynamicData name:string template:boolean vmPathName:string memorySizeMB?:int cpuReservation?:int memoryReservation?:int numCpu?:int numEthernetCards?:int numVirtualDisks?:int uuid?:string instanceUuid?:string guestId?:string guestFullName?:string annotation?:string product?:VAppProductInfo installBootRequired?:boolean ftInfo?:FaultToleranceConfigInfo managedBy?:ManagedByInfo tpmPresent?:boolean numVmiopBackings?:int hwVersion?:string',
  VirtualMachineDefaultPowerOpInfo:
    'DynamicData powerOffType?:string suspendType?:string resetType?:string defaultPowerOffType?:string defaultSuspendType?:string defaultResetType?:string standbyAction?:string',
  VirtualMachineFileInfo:
    'DynamicData vmPathName?:string snapshotDirectory?:string suspendDirectory?:string logDirectory?:string ftMetadataDirectory?:string',
  VirtualMachineFlagInfo:
    'DynamicData disableAcceleration?:boolean enableLogging?:boolean useToe?:boolean runWithDebugInfo?:boolean monitorType?:string htSharing?:string snapshotDisabled?:boolean snapshotLocked?:boolean diskUuidEnabled?:boolean virtualMmuUsage?:string virtualExecUsage?:string snapshotPowerOffBehavior?:string recordReplayEnabled?:boolean faultToleranceType?:string cbrcCacheEnabled?:boolean vvtdEnabled?:boolean vbsEnabled?:boolean',
  VirtualMachineGuestSummary:
    'DynamicData guestId?:string guestFullName?:string toolsStatus?:VirtualMachineToolsStatus toolsVersionStatus?:string toolsVersionStatus2?:string toolsRunningStatus?:string hostName?:string ipAddress?:string hwVersion?:string',
  VirtualMachineQuickStats:
    'DynamicData overallCpuUsage?:int overallCpuDemand?:int overallCpuReadiness?:int guestMemoryUsage?:int hostMemoryUsage?:int guestHeartbeatStatus:ManagedEntityStatus distributedCpuEntitlement?:int distributedMemoryEntitlement?:int staticCpuEntitlement?:int staticMemoryEntitlement?:int grantedMemory?:int privateMemory?:int sharedMemory?:int swappedMemory?:int balloonedMemory?:int consumedOverheadMemory?:int ftLogBandwidth?:int ftSecondaryLatency?:int ftLatencyStatus?:ManagedEntityStatus compressedMemory?:long uptimeSeconds?:int ssdSwappedMemory?:long activeMemory?:int memoryTierStats?:VirtualMachineQuickStatsMemoryTierStats[]',
  VirtualMachineRuntimeInfo:
    'DynamicData device?:VirtualMachineDeviceRuntimeInfo[] host?:@HostSystem connectionState:VirtualMachineConnectionState powerState:VirtualMachinePowerState vmFailoverInProgress?:boolean faultToleranceState:VirtualMachineFaultToleranceState dasVmProtection?:VirtualMachineRuntimeInfoDasProtectionState toolsInstallerMounted:boolean suspendTime?:dateTime bootTime?:dateTime suspendInterval?:long question?:VirtualMachineQuestionInfo memoryOverhead?:long maxCpuUsage?:int maxMemoryUsage?:int numMksConnections:int recordReplayState:VirtualMachineRecordReplayState cleanPowerOff?:boolean needSecondaryReason?:string onlineStandby:boolean minRequiredEVCModeKey?:string consolidationNeeded:boolean offlineFeatureRequirement?:VirtualMachineFeatureRequirement[] featureRequirement?:VirtualMachineFeatureRequirement[] featureMask?:HostFeatureMask[] vFlashCacheAllocation?:long paused?:boolean snapshotInBackground?:boolean quiescedForkParent?:boolean instantCloneFrozen?:boolean cryptoState?:string suspendedToMemory?:boolean opNotificationTimeout?:long iommuActive?:boolean',
  VirtualMachineSummary:
    'DynamicData vm?:@VirtualMachine runtime:VirtualMachineRuntimeInfo guest?:VirtualMachineGuestSummary config:VirtualMachineConfigSummary storage?:VirtualMachineStorageSummary quickStats:VirtualMachineQuickStats overallStatus:ManagedEntityStatus customValue?:CustomFieldValue[]',
  VirtualNicManagerNetConfig:
    'DynamicData nicType:string multiSelectAllowed:boolean candidateVnic?:HostVirtualNic[] selectedVnic?:string[]',
  VmEvent: 'Event template:boolean',
  VmEventArgument: 'EntityEventArgument vm:@VirtualMachine',
  VmMigratedEvent:
    'VmEvent sourceHost:HostEventArgument sourceDatacenter?:DatacenterEventArgument sourceDatastore?:DatastoreEventArgument',
  VsanClusterConfigInfo:
    'DynamicData enabled?:boolean defaultConfig?:VsanClusterConfigInfoHostDefaultInfo vsanEsaEnabled?:boolean',
  VsanClusterConfigInfoHostDefaultInfo: 'DynamicData uuid?:string autoClaimStorage?:boolean checksumEnabled?:boolean',
  VsanHostDecommissionMode: 'DynamicData objectAction:string',
  WaitOptions: 'DynamicData maxWaitSeconds?:int maxObjectUpdates?:int',
};

/** Enumerations; on the wire their values are text. */
export const ENUM_TYPES: Readonly<Record<string, string>> = {
  DpmBehavior: 'manual automated',
  DrsBehavior: 'manual partiallyAutomated fullyAutomated',
  EventFilterSpecRecursionOption: 'self children all',
  HostLockdownMode: 'lockdownDisabled lockdownNormal lockdownStrict',
  HostSystemConnectionState: 'connected notResponding disconnected',
  HostSystemPowerState: 'poweredOn poweredOff standBy unknown',
  HostTpmAttestationInfoAcceptanceStatus: 'notAccepted accepted',
  ManagedEntityStatus: 'gray green yellow red',
  ObjectUpdateKind: 'modify enter leave',
  PropertyChangeOp: 'add remove assign indirectRemove',
  TaskFilterSpecRecursionOption: 'self children all',
  TaskFilterSpecTimeOption: 'queuedTime startedTime completedTime',
  TaskInfoState: 'queued running success error',
  VirtualMachineConnectionState: 'connected disconnected orphaned inaccessible invalid',
  VirtualMachineFaultToleranceState: 'notConfigured disabled enabled needSecondary starting running',
  VirtualMachinePowerState: 'poweredOff poweredOn suspended',
  VirtualMachineRecordReplayState: 'recording replaying inactive',
  VirtualMachineToolsStatus: 'toolsNotInstalled toolsNotRunning toolsOld toolsOk',
};
