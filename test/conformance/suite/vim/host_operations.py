"""What can be done to hosts, and in which state."""

from pyVmomi import vim, vmodl

from ..checks import check, equal, holds, until
from ..vim_client import fault_of, find, finish, host_named


@check("hosts: an operation in the wrong state is the fault that vim25 names for it")
def wrong_states(site):
    host = host_named(site.vim("workload-vc"), "host-1")
    for operation in (
        lambda: host.ExitMaintenanceMode_Task(0),
        lambda: host.RebootHost_Task(False),
        lambda: host.ReconnectHost_Task(),
        lambda: host.Destroy_Task(),
    ):
        fault_of(vim.fault.InvalidState, lambda one=operation: finish(one()))
    finish(host.EnterMaintenanceMode_Task(0, False))
    fault_of(vim.fault.InvalidState, lambda: finish(host.EnterMaintenanceMode_Task(0)))
    finish(host.ExitMaintenanceMode_Task(0))
    finish(host.DisconnectHost_Task())
    equal(host.runtime.connectionState, "disconnected", "connection state")
    fault_of(vim.fault.InvalidState, lambda: finish(host.DisconnectHost_Task()))
    fault_of(vmodl.fault.HostNotConnected, lambda: finish(host.EnterMaintenanceMode_Task(0)))
    finish(host.ReconnectHost_Task())
    equal(host.runtime.connectionState, "connected", "connection state")


@check("hosts: maintenance mode that does not come about times out, or is cancelled; two at once are TaskInProgress")
def stuck(site):
    host = host_named(site.vim("workload-vc"), "host-1")
    site.fault("mm-hangs", host="host-1.lab.example")
    fault_of(vim.fault.Timedout, lambda: finish(host.EnterMaintenanceMode_Task(1)))
    site.fault("mm-hangs", host="host-1.lab.example")
    task = host.EnterMaintenanceMode_Task(0)
    until("the host is busy", lambda: task.info.state == "running")
    fault_of(vim.fault.TaskInProgress, lambda: finish(host.RebootHost_Task(True)))
    holds(task.info.cancelable, "it can be cancelled")
    task.CancelTask()
    fault_of(vmodl.fault.RequestCanceled, lambda: finish(task))
    holds(task.info.cancelled, "its record says so")
    site.no_faults()


@check("hosts: adding one is refused for a wrong thumbprint, a wrong password, an unknown name, one that is there")
def bad_additions(site):
    service = site.vim("workload-vc")
    cluster = find(service, vim.ClusterComputeResource, "Spare Cluster")
    host = host_named(service, "spare-1")
    thumbprint, password = host.summary.config.sslThumbprint, site.ready["esxi"]["password"]
    finish(host.DisconnectHost_Task())
    finish(host.Destroy_Task())
    fault_of(vmodl.fault.ManagedObjectNotFound, lambda: host.name)

    def add(name="spare-1.lab.example", user="root", secret=password, print_=thumbprint):
        spec = vim.host.ConnectSpec(hostName=name, userName=user, password=secret, sslThumbprint=print_, force=False)
        return finish(cluster.AddHost_Task(spec, True))

    untrusted = fault_of(vim.fault.SSLVerifyFault, lambda: add(print_=None))
    equal(untrusted.thumbprint, thumbprint, "thumbprint that the fault tells")
    fault_of(vim.fault.InvalidLogin, lambda: add(secret="wrong"))
    fault_of(vim.fault.NoHost, lambda: add(name="nobody.lab.example"))
    fault_of(vim.fault.DuplicateName, lambda: add(name="host-1.lab.example"))
    elsewhere = site.world()
    [managed] = [one for one in elsewhere["hosts"] if one["name"] == "ta-host-1.lab.example"]
    fault_of(
        vim.fault.AlreadyBeingManaged, lambda: add(name="ta-host-1.lab.example", print_=managed["sslThumbprint"])
    )
    added = add()
    equal((added.name, added.runtime.connectionState), ("spare-1.lab.example", "connected"))
    equal(added.parent._moId, cluster._moId, "cluster")


@check("hosts: one moves to another cluster in maintenance mode, and back")
def moved(site):
    service = site.vim("workload-vc")
    home = find(service, vim.ClusterComputeResource, "Spare Cluster")
    other = find(service, vim.ClusterComputeResource, "Trusted Cluster")
    host = host_named(service, "spare-1")
    fault_of(vim.fault.InvalidState, lambda: finish(other.MoveInto_Task([host])))
    finish(host.EnterMaintenanceMode_Task(0))
    finish(other.MoveInto_Task([host]))
    equal(host.parent._moId, other._moId, "cluster after the move")
    fault_of(vim.fault.DuplicateName, lambda: finish(other.MoveInto_Task([host])))
    finish(home.MoveHostInto_Task(host, None))
    equal(host.parent._moId, home._moId, "cluster after the way back")
    finish(host.ExitMaintenanceMode_Task(0))


@check("services of a host: stop, start, restart, policy; an unknown one is NotFound")
def services(site):
    host = host_named(site.vim("ta-vc"), "ta-host-3")
    system = host.configManager.serviceSystem

    def state(key):
        [found] = [one for one in system.serviceInfo.service if one.key == key]
        return found.running, found.policy

    for key in ("attestd", "kmxd"):
        equal(state(key)[0], True, key)
        system.StopService(key)
        equal(state(key)[0], False, key)
        system.StartService(key)
        system.RestartService(key)
        equal(state(key)[0], True, key)
        before = state(key)[1]
        system.UpdateServicePolicy(key, "off")
        equal(state(key)[1], "off", "policy")
        system.UpdateServicePolicy(key, before)
    system.RefreshServices()
    holds("kmxa" not in {one.key for one in system.serviceInfo.service}, "kmxa is none of them")
    for operation in (system.StopService, system.StartService, system.RestartService):
        fault_of(vim.fault.NotFound, lambda one=operation: one("no-such-service"))
    fault_of(vim.fault.NotFound, lambda: system.UpdateServicePolicy("no-such-service", "on"))
