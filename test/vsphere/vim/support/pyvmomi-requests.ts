/**
 * Requests as recorded from pyvmomi 9.1.1.0 (VMware's Python client, Apache-2.0) at API version 8.0.3.0, without its
 * `versionId` attributes, which servers ignore. Our client has to send the same.
 */
export const PYVMOMI: Readonly<Record<string, string>> = {
  enterMaintenanceMode:
    '<EnterMaintenanceMode_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this><timeout>0</timeout>' +
    '<evacuatePoweredOffVms>true</evacuatePoweredOffVms></EnterMaintenanceMode_Task>',
  exitMaintenanceMode:
    '<ExitMaintenanceMode_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this><timeout>0</timeout>' +
    '</ExitMaintenanceMode_Task>',
  reboot:
    '<RebootHost_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this><force>false</force></RebootHost_Task>',
  disconnect: '<DisconnectHost_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this></DisconnectHost_Task>',
  reconnect: '<ReconnectHost_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this></ReconnectHost_Task>',
  reconnectWith:
    '<ReconnectHost_Task xmlns="urn:vim25"><_this type="HostSystem">host-21</_this><cnxSpec><hostName>h1</hostName>' +
    '<userName>root</userName><password>pw</password><force>true</force></cnxSpec><reconnectSpec><syncState>true' +
    '</syncState></reconnectSpec></ReconnectHost_Task>',
  addHost:
    '<AddHost_Task xmlns="urn:vim25"><_this type="ClusterComputeResource">domain-c2</_this><spec><hostName>newhost.lab' +
    '</hostName><port>443</port><sslThumbprint>AA:BB</sslThumbprint><userName>root</userName><password>pw</password>' +
    '<force>true</force></spec><asConnected>true</asConnected></AddHost_Task>',
  moveInto:
    '<MoveInto_Task xmlns="urn:vim25"><_this type="ClusterComputeResource">domain-c2</_this><host type="HostSystem">' +
    'host-21</host></MoveInto_Task>',
  removeHost: '<Destroy_Task xmlns="urn:vim25"><_this type="HostSystem">host-22</_this></Destroy_Task>',
  startService:
    '<StartService xmlns="urn:vim25"><_this type="HostServiceSystem">serviceSystem-21</_this><id>attestd</id>' +
    '</StartService>',
  stopService:
    '<StopService xmlns="urn:vim25"><_this type="HostServiceSystem">serviceSystem-21</_this><id>attestd</id></StopService>',
  restartService:
    '<RestartService xmlns="urn:vim25"><_this type="HostServiceSystem">serviceSystem-21</_this><id>attestd</id>' +
    '</RestartService>',
  currentTime: '<CurrentTime xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime>',
  logout: '<Logout xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this></Logout>',
  createContainerView:
    '<CreateContainerView xmlns="urn:vim25"><_this type="ViewManager">ViewManager</_this><container type="Folder">' +
    'group-d1</container><type>HostSystem</type><recursive>true</recursive></CreateContainerView>',
};
