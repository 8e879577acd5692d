"""The endpoint, sessions and who may do what."""

import requests
from pyVim.connect import Disconnect
from pyVmomi import vim

from ..checks import check, equal, holds
from ..vim_client import connect, fault_of, find, host_named


@check("vim: the versions document names the version that pyvmomi chooses")
def versions(site):
    url = site.url("ta-vc") + "/sdk/vimServiceVersions.xml"
    reply = requests.get(url, verify=site.ready["caFile"], timeout=30)
    equal(reply.status_code, 200, "status")
    holds("<name>urn:vim25</name>" in reply.text, "it names urn:vim25")
    for version in ("8.0.2.0", "7.0.1.0", "7.0", "6.7"):
        holds("<version>%s</version>" % version in reply.text, "it names " + version)
    equal(site.vim("ta-vc")._stub.version, "vim.version.v8_0_2_0", "version that pyvmomi speaks")


@check("vim: about and content of vCenter and of an ESXi host")
def about(site):
    content = site.vim("ta-vc").RetrieveContent()
    equal((content.about.apiType, content.about.version, content.about.build), ("VirtualCenter", "8.0.2", "22617221"))
    holds(content.about.instanceUuid, "the instance has a UUID")
    holds(content.rootFolder and content.viewManager and content.eventManager, "it has what it needs")
    host = _esxi(site, "ta-host-1")
    equal((host.content.about.apiType, host.content.about.version), ("HostAgent", "8.0.2"))
    holds(host.CurrentTime() is not None and site.vim("ta-vc").CurrentTime() is not None, "both know the time")
    Disconnect(host)


def _esxi(site, name):
    url = site.ready["esxi"]["urls"][name + ".lab.example"]
    return connect(url, site.ready["caFile"], site.ready["esxi"]["username"], site.ready["esxi"]["password"])


@check("vim: an ESXi host asked directly tells its hardware, its boot and its services")
def own_host(site):
    service = _esxi(site, "ta-host-2")
    [own] = service.content.viewManager.CreateContainerView(service.content.rootFolder, [vim.HostSystem], True).view
    seen = host_named(site.vim("ta-vc"), "ta-host-2")
    equal(own.hardware.systemInfo.uuid, seen.hardware.systemInfo.uuid, "UUID of the hardware")
    equal(own.runtime.bootTime, seen.runtime.bootTime, "boot time")
    equal(own.config.product.build, seen.config.product.build, "build")
    running = {one.key: one.running for one in own.configManager.serviceSystem.serviceInfo.service}
    equal((running["attestd"], running["kmxd"]), (True, True), "services")
    url, ca_file = site.ready["esxi"]["urls"]["ta-host-2.lab.example"], site.ready["caFile"]
    fault_of(vim.fault.InvalidLogin, lambda: connect(url, ca_file, "root", "wrong"))
    Disconnect(service)


@check("vim: a session knows itself and ends at logout; wrong password, ended session, missing privilege differ")
def three_answers(site):
    url, ca_file = site.url("workload-vc"), site.ready["caFile"]
    service = connect(url, ca_file, "auditor@vsphere.local", site.ready["password"])
    sessions = service.content.sessionManager
    current = sessions.currentSession
    equal(current.userName.lower(), "auditor@vsphere.local", "user")
    of_administrator = site.vim("workload-vc").content.sessionManager
    equal(of_administrator.SessionIsActive(current.key, "nobody"), False, "a session of somebody else is active")
    host = host_named(service, "host-1")
    denied = fault_of(vim.fault.NoPermission, lambda: host.EnterMaintenanceMode_Task(0))
    equal(denied.privilegeId, "Host.Config.Maintenance", "privilege that is missing")
    equal(denied.object._moId, host._moId, "object that it is missing on")
    fault_of(vim.fault.NoPermission, lambda: sessions.SessionIsActive(current.key, current.userName))
    sessions.Logout()
    fault_of(vim.fault.NotAuthenticated, lambda: host.EnterMaintenanceMode_Task(0))
    fault_of(vim.fault.NotAuthenticated, lambda: host.name)
    for user in ("auditor@vsphere.local", "nobody@vsphere.local"):
        fault_of(vim.fault.InvalidLogin, lambda one=user: connect(url, ca_file, one, "wrong"))


@check("vim: AuthorizationManager tells what an account may do")
def privileges(site):
    url, password = site.url("workload-vc"), site.ready["password"]
    for user, may in ((site.ready["username"], True), ("auditor@vsphere.local", False)):
        service = connect(url, site.ready["caFile"], user, password)
        host = host_named(service, "host-1")
        manager, session = service.content.authorizationManager, service.content.sessionManager.currentSession
        wanted = ["Host.Config.Maintenance", "System.Read"]
        [found] = manager.HasPrivilegeOnEntities([host], session.key, wanted)
        equal({one.privId: one.isGranted for one in found.privAvailability}, {wanted[0]: may, wanted[1]: True})
        [held] = manager.FetchUserPrivilegeOnEntities([host], user)
        equal("Host.Config.Maintenance" in held.privileges, may, "Host.Config.Maintenance is among them")
        Disconnect(service)


@check("vim: the inventory is a tree from the root folder to the hosts")
def tree(site):
    service = site.vim("workload-vc")
    [center] = [one for one in service.content.rootFolder.childEntity if isinstance(one, vim.Datacenter)]
    clusters = {one.name: one for one in center.hostFolder.childEntity}
    equal(set(clusters), {"Trusted Cluster", "Spare Cluster"})
    cluster = clusters["Trusted Cluster"]
    equal({one.name for one in cluster.host}, {"host-%d.lab.example" % number for number in (1, 2, 3)})
    equal({one.parent._moId for one in cluster.host}, {cluster._moId}, "parents of the hosts")
    holds(cluster.configurationEx.drsConfig.enabled, "DRS is on")
    equal(find(service, vim.ClusterComputeResource, "Trusted Cluster")._moId, site.trusted, "id in REST and SOAP")
