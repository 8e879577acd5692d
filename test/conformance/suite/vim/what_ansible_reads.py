"""The calls of Ansible's modules for hosts and clusters (community.vmware, vmware.vmware, vmware.vmware_rest)."""

import requests
from pyVmomi import vim, vmodl

from ..checks import check, equal, holds
from ..vim_client import connect, fault_of, finish, host_named


@check("ansible: vmware_host_facts and the inventory find a host's addresses, of a vCenter and of the host itself")
def addresses(site):
    url, esxi = site.ready["esxi"]["urls"]["host-2.lab.example"], site.ready["esxi"]
    own_service = connect(url, site.ready["caFile"], esxi["username"], esxi["password"])
    [own] = own_service.content.viewManager.CreateContainerView(
        own_service.content.rootFolder, [vim.HostSystem], True
    ).view
    seen = host_named(site.vim("workload-vc"), "host-2")
    for host in (seen, own):
        [adapter] = host.config.network.vnic
        equal((adapter.device, adapter.spec.ip.subnetMask), ("vmk0", "255.255.255.0"))
        management = host.configManager.virtualNicManager.QueryNetConfig("management")
        selected = [one for one in management.candidateVnic if one.key in management.selectedVnic]
        equal([one.spec.ip.ipAddress for one in selected], [adapter.spec.ip.ipAddress], "management addresses")
        equal(host.configManager.virtualNicManager.QueryNetConfig("vmotion").selectedVnic, [], "for vMotion")
        kinds = {one.nicType for one in host.config.virtualNicManagerInfo.netConfig}
        equal({one.nicType for one in host.configManager.virtualNicManager.info.netConfig}, kinds, "kinds")
        equal(host.config.network.dnsConfig.hostName, "host-2", "name")
        holds(host.hardware.biosInfo.releaseDate and host.summary.quickStats.uptime >= 0, "the rest of the facts")
    wrong = fault_of(
        vmodl.fault.InvalidArgument, lambda: seen.configManager.virtualNicManager.QueryNetConfig("telephone")
    )
    equal(wrong.invalidProperty, "nicType")
    others = {host_named(site.vim("workload-vc"), name).config.network.vnic[0].spec.mac for name in ("host-1", "host-3")}
    equal(len(others | {seen.config.network.vnic[0].spec.mac}), 3, "hardware addresses of three hosts")


@check("ansible: vmware_cluster_info finds availability, DRS, storage and the use of a cluster")
def cluster_info(site):
    cluster = host_named(site.vim("workload-vc"), "host-1").parent
    config, usage = cluster.configurationEx, cluster.GetResourceUsage()
    holds(config.dasConfig.hostMonitoring and config.dasConfig.vmMonitoring, "host and VM monitoring are told")
    equal((config.drsConfig.enabled, config.vsanConfigInfo.defaultConfig.autoClaimStorage), (True, False))
    connected = [host for host in cluster.host if host.runtime.connectionState == "connected"]
    equal(usage.memCapacityMB, sum(host.summary.hardware.memorySize for host in connected) // 2**20, "memory")
    equal(usage.cpuCapacityMHz, sum(one.summary.hardware.cpuMhz * one.summary.hardware.numCpuCores for one in connected))


@check("ansible: vmware_guest_info finds guest and key of a virtual machine")
def guest_info(site):
    machines = [vm for host in host_named(site.vim("workload-vc"), "host-1").parent.host for vm in host.vm]
    encrypted = [vm for vm in machines if vm.config.keyId]
    holds(encrypted, "there is an encrypted virtual machine")
    holds(all(vm.config.keyId.providerId.id for vm in encrypted), "its key names a provider")
    for vm in machines:
        running = vm.runtime.powerState == "poweredOn"
        equal((vm.guest.guestState, bool(vm.summary.guest.guestFullName)), ("running" if running else "notRunning", True))


@check("ansible: vmware_maintenancemode puts a host into maintenance mode and takes it out again")
def maintenance_mode(site):
    host = host_named(site.vim("workload-vc"), "host-2")
    spec = vim.host.MaintenanceSpec(vsanMode=vim.vsan.host.DecommissionMode(objectAction="noAction"))
    finish(host.EnterMaintenanceMode_Task(120, True, spec))
    equal(host.runtime.inMaintenanceMode, True)
    finish(host.ExitMaintenanceMode_Task(120))
    equal(host.runtime.inMaintenanceMode, False)


@check("ansible: vmware_rest logs in at the former /rest and goes on with /api")
def former_session(site):
    session, former = requests.Session(), site.url("workload-vc") + "/rest/com/vmware/cis/session"
    session.trust_env, session.verify = False, site.ready["caFile"]
    refused = session.post(former, auth=(site.ready["username"], "wrong"), timeout=30)
    equal((refused.status_code, refused.json()["type"]), (401, "com.vmware.vapi.std.errors.unauthenticated"))
    begun = session.post(former, auth=(site.ready["username"], site.ready["password"]), timeout=30)
    equal(begun.status_code, 200, "status of the former login")
    session.headers["vmware-api-session-id"] = begun.json()["value"]
    hosts = session.get(site.url("workload-vc") + "/api/vcenter/host", timeout=30)
    equal(hosts.status_code, 200)
    holds("host-1.lab.example" in {one["name"] for one in hosts.json()}, "it lists hosts")
    equal(session.get(former, timeout=30).json()["value"]["user"].lower(), site.ready["username"].lower())
    equal((session.delete(former, timeout=30).status_code, session.get(former, timeout=30).status_code), (200, 401))
