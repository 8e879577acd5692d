"""The property collector."""

import threading

from pyVmomi import vim, vmodl

from ..checks import check, equal, holds, until
from ..vim_client import fault_of, finish, host_named, read

Query = vmodl.query.PropertyCollector


@check("properties: pages of one object bring every host, once")
def pages(site):
    service = site.vim("workload-vc")
    view = service.content.viewManager.CreateContainerView(service.content.rootFolder, [vim.HostSystem], True)
    hosts = list(view.view)
    found, _ = read(service, hosts, ["name", "runtime.connectionState"])
    equal(sorted(one["name"] for one in found.values()), sorted(host.name for host in hosts))
    equal({one["runtime.connectionState"] for one in found.values()}, {"connected"})
    options = Query.RetrieveOptions(maxObjects=2)
    first = service.content.propertyCollector.RetrievePropertiesEx([_through(view)], options)
    equal((len(first.objects), first.token is not None), (2, True))
    service.content.propertyCollector.CancelRetrievePropertiesEx(first.token)
    fault_of(
        vmodl.fault.InvalidArgument,
        lambda: service.content.propertyCollector.ContinueRetrievePropertiesEx(first.token),
    )
    equal(len(service.content.propertyCollector.RetrieveProperties([_through(view)])), len(hosts), "the old method")
    view.DestroyView()
    fault_of(vmodl.fault.ManagedObjectNotFound, lambda: view.view)


def _through(view):
    walk = Query.TraversalSpec(name="view", type=vim.view.ContainerView, path="view", skip=False)
    return Query.FilterSpec(
        objectSet=[Query.ObjectSpec(obj=view, skip=True, selectSet=[walk])],
        propSet=[Query.PropertySpec(type=vim.HostSystem, pathSet=["name"])],
    )


@check("properties: an unknown property and an unknown object are faults")
def unknown(site):
    service = site.vim("workload-vc")
    host = host_named(service, "host-1")
    wrong = fault_of(vmodl.query.InvalidProperty, lambda: read(service, [host], ["runtime.noSuchThing"]))
    equal(wrong.name, "runtime.noSuchThing", "property")
    gone = vim.HostSystem("host-999999", service._stub)
    fault_of(vmodl.fault.ManagedObjectNotFound, lambda: gone.name)
    missing = fault_of(vmodl.fault.ManagedObjectNotFound, lambda: gone.EnterMaintenanceMode_Task(0))
    equal(missing.obj._moId, "host-999999", "object")


@check("properties: what a host is, in all the paths that the product reads")
def host_facts(site):
    service = site.vim("workload-vc")
    host = host_named(service, "host-1")
    paths = [
        "config.product.version",
        "config.product.build",
        "hardware.systemInfo.uuid",
        "runtime.bootTime",
        "runtime.inMaintenanceMode",
        "runtime.powerState",
        "summary.config.sslThumbprint",
        "summary.rebootRequired",
        "summary.tpmAttestation",
        "capability.rebootSupported",
        "parent",
    ]
    found, missing = read(service, [host], paths)
    equal(missing[host], {}, "missing properties")
    facts = found[host]
    equal((facts["config.product.version"], facts["config.product.build"]), ("8.0.2", "22380479"))
    equal((facts["runtime.inMaintenanceMode"], facts["runtime.powerState"]), (False, "poweredOn"))
    equal(facts["summary.tpmAttestation"].status, "accepted", "TPM attestation")
    equal(facts["parent"]._moId, site.trusted, "cluster")
    report = host.QueryTpmAttestationReport()
    holds(report.tpmPcrValues and report.tpmLogReliable is not None, "there is a report of its TPM")


@check("properties: each attestation service of the cluster reports the attestation of a host")
def attestations(site):
    service = site.vim("workload-vc")

    def status(name):
        return {one.attestationStatus for one in host_named(service, name).summary.trustAuthorityAttestationInfos}

    until("host-1 is attested", lambda: status("host-1") == {"attested"})
    until("host-3, whose image is not trusted, is not attested", lambda: status("host-3") == {"notAttested"})
    infos = host_named(service, "host-1").summary.trustAuthorityAttestationInfos
    equal(len(infos), 3, "reports")
    for one in infos:
        holds(one.attestedAt < one.attestedUntil, "it was attested before it ends")
    services = {one.service for one in site.workload("vcenter.trusted_infrastructure.attestation.services").list()}
    equal({one.serviceId for one in infos}, services, "services")
    equal(host_named(site.vim("ta-vc"), "ta-host-1").summary.trustAuthorityAttestationInfos, [], "of a TA Host")


@check("updates: a filter tells the whole first and then what changes; the wait can be cancelled")
def updates(site):
    service = site.vim("workload-vc")
    host = host_named(service, "host-1")
    collector = service.content.propertyCollector.CreatePropertyCollector()
    wanted = Query.FilterSpec(
        objectSet=[Query.ObjectSpec(obj=host)],
        propSet=[Query.PropertySpec(type=vim.HostSystem, pathSet=["name", "runtime.inMaintenanceMode"])],
    )
    watch = collector.CreateFilter(wanted, True)
    first = collector.WaitForUpdatesEx(None, Query.WaitOptions(maxWaitSeconds=10))
    [change] = first.filterSet[0].objectSet
    equal((change.kind, {one.name: one.val for one in change.changeSet}["runtime.inMaintenanceMode"]), ("enter", False))
    nothing = collector.WaitForUpdatesEx(first.version, Query.WaitOptions(maxWaitSeconds=0))
    equal(nothing, None, "updates when nothing happened")
    task = host.EnterMaintenanceMode_Task(0)
    second = collector.WaitForUpdatesEx(first.version, Query.WaitOptions(maxWaitSeconds=30))
    [change] = second.filterSet[0].objectSet
    equal([(one.name, one.val) for one in change.changeSet], [("runtime.inMaintenanceMode", True)])
    finish(task)
    finish(host.ExitMaintenanceMode_Task(0))
    left = collector.CheckForUpdates(second.version)
    equal(left.filterSet[0].objectSet[0].changeSet[0].val, False, "value after leaving")
    equal(collector.WaitForUpdates(None).filterSet[0].objectSet[0].kind, "enter", "the old method begins anew")
    _cancelled_wait(collector)
    watch.DestroyPropertyFilter()
    collector.DestroyPropertyCollector()
    fault_of(vmodl.fault.ManagedObjectNotFound, lambda: collector.CheckForUpdates(None))


def _cancelled_wait(collector):
    current = collector.CheckForUpdates(None).version
    ended = []

    def wait():
        try:
            collector.WaitForUpdatesEx(current, Query.WaitOptions(maxWaitSeconds=30))
        except vmodl.fault.RequestCanceled as fault:
            ended.append(fault)

    waiting = threading.Thread(target=wait)
    waiting.start()

    def cancelled():
        collector.CancelWaitForUpdates()
        return ended

    until("the wait is cancelled", cancelled)
    waiting.join()
