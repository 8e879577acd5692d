"""Hosts, clusters, datacenters and virtual machines; services of the appliance."""

from ..checks import check, equal, holds, refused


@check("hosts: list by every filter; a host that is not connected has no power state")
def hosts_listed(site):
    service = site.workload("vcenter.host")
    names = {one.host: one.name for one in service.list()}
    wanted = ["host-1", "host-2", "host-3", "spare-1"]
    equal(sorted(names.values()), [name + ".lab.example" for name in wanted])
    host = site.host("host-1")
    [center] = site.workload("vcenter.datacenter").list()
    for chosen, count in (
        (service.FilterSpec(hosts={host}), 1),
        (service.FilterSpec(names={"host-1.lab.example", "nobody"}), 1),
        (service.FilterSpec(clusters={site.trusted}), 3),
        (service.FilterSpec(clusters={site.trusted}, hosts={site.host("spare-1")}), 0),
        (service.FilterSpec(datacenters={center.datacenter}), 4),
        (service.FilterSpec(folders={"group-v99"}), 0),
        (service.FilterSpec(standalone=True), 0),
        (service.FilterSpec(standalone=False, connection_states={"CONNECTED"}), 4),
        (service.FilterSpec(connection_states={"DISCONNECTED", "NOT_RESPONDING"}), 0),
    ):
        equal(len(service.list(chosen)), count, str(chosen))
    site.edit_host("set-connection", "host-1", state="notResponding")
    [away] = service.list(service.FilterSpec(hosts={host}))
    equal(away.connection_state, "NOT_RESPONDING", "connection state")
    holds("power_state" not in site.workload.provider.last[0], "its power state is left out")
    site.edit_host("set-connection", "host-1", state="connected")
    [back] = service.list(service.FilterSpec(hosts={host}))
    equal((back.connection_state, back.power_state), ("CONNECTED", "POWERED_ON"))


@check("hosts: disconnect and connect, each refused when it is so already; a host of a cluster cannot be deleted")
def hosts_connected(site):
    service, host = site.workload("vcenter.host"), site.host("host-1")
    refused("ALREADY_IN_DESIRED_STATE", service.connect, host)
    service.disconnect(host)
    refused("ALREADY_IN_DESIRED_STATE", service.disconnect, host)
    service.connect(host)
    refused("RESOURCE_IN_USE", service.delete, host)
    for operation in (service.connect, service.disconnect, service.delete):
        refused("NOT_FOUND", operation, "host-999999")


@check("clusters, datacenters and virtual machines: list by filters, get, and NOT_FOUND")
def the_rest(site):
    clusters = site.workload("vcenter.cluster")
    equal({one.name for one in clusters.list()}, {"Trusted Cluster", "Spare Cluster"})
    [one] = clusters.list(clusters.FilterSpec(names={"Trusted Cluster"}))
    holds(one.drs_enabled, "DRS is on")
    equal(clusters.get(one.cluster).name, "Trusted Cluster")
    refused("NOT_FOUND", clusters.get, "domain-c999999")
    centers = site.workload("vcenter.datacenter")
    [center] = centers.list(centers.FilterSpec(names={"Datacenter"}))
    holds(centers.get(center.datacenter).host_folder.startswith("group-h"), "it has a folder of hosts")
    equal(centers.list(centers.FilterSpec(names={"another"})), [])
    refused("NOT_FOUND", centers.get, "datacenter-999999")
    machines = site.workload("vcenter.VM")
    for chosen, count in (
        (machines.FilterSpec(hosts={site.host("host-1")}), 2),
        (machines.FilterSpec(clusters={site.trusted}), 6),
        (machines.FilterSpec(clusters={site.trusted}, power_states={"POWERED_OFF"}), 0),
    ):
        equal(len(machines.list(chosen)), count, str(chosen))
    first = machines.list()[0]
    info = machines.get(first.vm)
    equal((info.name, info.power_state, info.cpu.count), (first.name, first.power_state, first.cpu_count))
    refused("NOT_FOUND", machines.get, "vm-999999")


@check("system: hello agrees on the newest release that both know, or on none")
def hello(site):
    service = site.workload("vcenter.system")
    equal(service.hello(service.HelloSpec(api_releases=["9.9.9.9", "8.0.3.0", "8.0.1.0"])).api_release, "8.0.3.0")
    equal(service.hello(service.HelloSpec(api_releases=["1.2.3.4"])).api_release, "")


@check("services of the appliance: list, get, stop, start, restart over both of their APIs")
def services(site):
    for name, listing in (("appliance.services", "list"), ("vcenter.services.service", "list_details")):
        service = site.workload(name)
        holds("vsphere-ui" in getattr(service, listing)(), "vsphere-ui is listed")
        equal(service.get("vsphere-ui").state, "STARTED", "state")
        refused("NOT_ALLOWED_IN_CURRENT_STATE", service.start, "vsphere-ui")
        service.stop("vsphere-ui")
        equal(service.get("vsphere-ui").state, "STOPPED", "state")
        refused("NOT_ALLOWED_IN_CURRENT_STATE", service.stop, "vsphere-ui")
        service.start("vsphere-ui")
        service.restart("vsphere-ui")
        equal(service.get("vsphere-ui").state, "STARTED", "state")
        for operation in (service.get, service.start, service.stop, service.restart):
            refused("NOT_FOUND", operation, "no-such-service")


@check("installed software of a host: components and image, and why it cannot be told")
def software(site):
    components = site.workload("esx.hosts.software.installed_components")
    installed = components.list(site.host("host-3"))
    equal(installed["net-driver"].version, "1.2.3-4", "version of the driver")
    holds("net-driver" not in components.list(site.host("host-1")), "host-1 does not have it")
    refused("NOT_FOUND", components.list, "host-999999")
    service = site.workload("esx.hosts.software")

    def read(host):
        return service.get(service.ConnectionSpec(auth_type="EXISTING", host=host))

    equal(read(site.host("host-3")).software_info.base_image.version, "8.0.2-0.0.22380479")
    refused("NOT_FOUND", read, "host-999999")
    site.edit_host("set-connection", "host-3", state="notResponding")
    refused("SERVICE_UNAVAILABLE", components.list, site.host("host-3"))
    refused("SERVICE_UNAVAILABLE", read, site.host("host-3"))
    site.edit_host("set-connection", "host-3", state="connected")
