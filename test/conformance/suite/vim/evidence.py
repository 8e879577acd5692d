"""What can be read of the past: tasks, events, logs, licences."""

from pyVmomi import vim, vmodl

from ..checks import check, equal, holds
from ..vim_client import fault_of, finish, host_named


@check("tasks: a collector pages through those of a host, and recent tasks hold the last")
def tasks(site):
    service = site.vim("ta-vc")
    host = host_named(service, "ta-host-3")
    for operation in (host.EnterMaintenanceMode_Task, host.ExitMaintenanceMode_Task):
        finish(operation(0))
    manager = service.content.taskManager
    entity = vim.TaskFilterSpec.ByEntity(entity=host, recursion="self")
    collector = manager.CreateCollectorForTasks(vim.TaskFilterSpec(entity=entity))
    collector.SetCollectorPageSize(5)
    collector.RewindCollector()
    read = []
    while page := collector.ReadNextTasks(1):
        read += [one.descriptionId for one in page]
    equal(read[-2:], ["HostSystem.enterMaintenanceMode", "HostSystem.exitMaintenanceMode"])
    collector.ResetCollector()
    equal(collector.ReadPreviousTasks(1)[0].state, "success", "state of the last")
    collector.DestroyCollector()
    fault_of(vmodl.fault.ManagedObjectNotFound, lambda: collector.ReadNextTasks(1))
    recent = [one.info.descriptionId for one in manager.recentTask]
    holds("HostSystem.exitMaintenanceMode" in recent, "recent tasks of vCenter: %s" % recent)


@check("events: maintenance mode of a host is told by events of its classes, in order")
def events(site):
    service = site.vim("ta-vc")
    host = host_named(service, "ta-host-3")
    manager = service.content.eventManager
    entity = vim.event.EventFilterSpec.ByEntity(entity=host, recursion="self")
    chosen = vim.event.EventFilterSpec(entity=entity)
    found = manager.QueryEvents(chosen)
    names = [type(one).__name__.rsplit(".", 1)[-1] for one in found]
    order = [names.index("EnteredMaintenanceModeEvent"), names.index("ExitMaintenanceModeEvent")]
    equal(order, sorted(order), "order of entering and leaving")
    equal({one.host.name for one in found if one.host}, {"ta-host-3.lab.example"}, "hosts of the events")
    equal([one.key for one in found], sorted(one.key for one in found), "keys")
    collector = manager.CreateCollectorForEvents(chosen)
    collector.RewindCollector()
    equal([one.key for one in collector.ReadNextEvents(2)], [one.key for one in found[:2]], "a page")
    collector.ResetCollector()
    holds(collector.ReadPreviousEvents(1), "the page before the end")
    collector.DestroyCollector()


@check("logs: attestd and kmxd of a TA Host, kmxa of a Trusted Host, vpxd of vCenter")
def logs(site):
    for vcenter, name, keys in (
        ("ta-vc", "ta-host-1", {"attestd", "kmxd"}),
        ("workload-vc", "host-1", {"kmxa"}),
        ("workload-vc", None, {"vpxd"}),
    ):
        service = site.vim(vcenter)
        manager = service.content.diagnosticManager
        host = host_named(service, name) if name else None
        known = {one.key for one in manager.QueryDescriptions(host)}
        for wanted in keys:
            [key] = [one for one in known if one.split(":")[0].startswith(wanted)]
            header = manager.BrowseDiagnosticLog(host, key, 1, 100)
            equal(header.lineEnd - header.lineStart + 1, len(header.lineText), "lines of " + key)
            holds(header.lineText, key + " has lines")
            last = manager.BrowseDiagnosticLog(host, key, 999999999, 0)
            equal(list(last.lineText), [], "text beyond the end")
        fault_of(vmodl.fault.InvalidArgument, lambda m=manager, h=host: m.BrowseDiagnosticLog(h, "no-such-log", 1, 1))


@check("licences: a host tells whether its licence holds Trust Authority, and can be given one")
def licences(site):
    service = site.vim("workload-vc")
    manager = service.content.licenseManager.licenseAssignmentManager

    def features(name):
        [found] = manager.QueryAssignedLicenses(host_named(service, name)._moId)
        return [one.value.key for one in found.assignedLicense.properties if one.key == "feature"], found

    equal(features("host-1")[0], ["trustedplatform"], "features of host-1")
    without, assignment = features("spare-1")
    equal(without, [], "features of spare-1")
    key = features("host-1")[1].assignedLicense.licenseKey
    host = host_named(service, "spare-1")
    equal(manager.UpdateAssignedLicense(host._moId, key, None).licenseKey, key, "licence after the change")
    equal(features("spare-1")[0], ["trustedplatform"], "features after the change")
    manager.UpdateAssignedLicense(host._moId, assignment.assignedLicense.licenseKey, None)
    holds(key in {one.licenseKey for one in service.content.licenseManager.licenses}, "it is in stock")
