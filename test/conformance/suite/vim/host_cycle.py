"""A whole life of a host by pyvmomi, and what only REST has: its trust configuration."""

from pyVmomi import vim

from ..checks import check, equal, holds, until
from ..rest.specs import TRUSTED
from ..vim_client import find, finish, host_named


@check("cycle: maintenance mode, services, reboot, disconnect, reconnect, remove, add again, trust configuration")
def host_cycle(site):
    service = site.vim("workload-vc")
    host = host_named(service, "host-2")
    cluster = find(service, vim.ClusterComputeResource, "Trusted Cluster")
    machine, booted, old_id = host.hardware.systemInfo.uuid, host.runtime.bootTime, host._moId
    thumbprint = host.summary.config.sslThumbprint

    holds(host.vm, "it has virtual machines")
    finish(host.EnterMaintenanceMode_Task(0))
    holds(host.runtime.inMaintenanceMode, "it is in maintenance mode")
    equal([one.name for one in host.vm if one.runtime.powerState == "poweredOn"], [], "machines that still run on it")

    host.configManager.serviceSystem.RestartService("vpxa")
    finish(host.RebootHost_Task(False))
    until("the host goes away", lambda: host.runtime.connectionState == "notResponding")
    until("the host is back", lambda: host.runtime.connectionState == "connected")
    holds(host.runtime.bootTime > booted, "it booted")
    holds(host.runtime.inMaintenanceMode, "it is still in maintenance mode")
    until("it attests again", lambda: _attested(host))

    finish(host.DisconnectHost_Task())
    equal({one.attestationStatus for one in host.summary.trustAuthorityAttestationInfos}, {"unknown"}, "attestation")
    finish(host.ReconnectHost_Task())
    until("it attests after the reconnect", lambda: _attested(host))

    finish(host.DisconnectHost_Task())
    finish(host.Destroy_Task())
    holds(machine not in [one.hardware.systemInfo.uuid for one in cluster.host], "it is out of the inventory")
    spec = vim.host.ConnectSpec(
        hostName="host-2.lab.example",
        userName="root",
        password=site.ready["esxi"]["password"],
        sslThumbprint=thumbprint,
        force=True,
    )
    added = finish(cluster.AddHost_Task(spec, True))
    holds(added._moId != old_id, "it has another id")
    equal((added.hardware.systemInfo.uuid, added.parent._moId), (machine, cluster._moId))
    finish(added.ExitMaintenanceMode_Task(0))
    equal(added.runtime.inMaintenanceMode, False, "maintenance mode")
    # A host that joins a Trusted Cluster has nothing of its configuration until vCenter applies it.
    applied = site.workload(TRUSTED + ".services_applied_config")
    equal(site.workload.wait(applied.get_task(site.trusted)).health, "ERROR", "health of what is applied")
    site.workload.wait(applied.update_task(site.trusted))
    equal(site.workload.wait(applied.get_task(site.trusted)).health, "OK", "health of what is applied")
    until("it attests after all", lambda: _attested(added))


def _attested(host):
    return {one.attestationStatus for one in host.summary.trustAuthorityAttestationInfos} == {"attested"}
