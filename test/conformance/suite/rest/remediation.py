"""Scan, check, stage and apply of a desired image."""

from pyVmomi import vim

from ..checks import check, equal, holds, refused, until
from . import specs

SOFTWARE = "esx.settings.clusters.software"
IMAGES = "com.vmware." + specs.TAC + ".attestation.os.esx.base_images"
NEW = "8.0.3-0.0.24674464"


@check("scan and compliance: hosts on another image are named, with what it would take")
def compliance(site):
    client, cluster = site.workload, site.trusted
    scanned = client.wait(client(SOFTWARE).scan_task(cluster))
    equal(scanned.status, "NON_COMPLIANT", "status")
    names = {scanned.host_info[host].name for host in scanned.non_compliant_hosts}
    equal(names, {"host-%d.lab.example" % number for number in (1, 2, 3)})
    one = scanned.hosts[site.host("host-1")]
    equal(one.status, "NON_COMPLIANT", "status of a host")
    equal((one.base_image.current.version, one.base_image.target.version), ("8.0.2-0.0.22380479", NEW))
    kept = client(SOFTWARE + ".compliance").get(cluster)
    equal((kept.status, kept.commit), (scanned.status, scanned.commit))
    refused("NOT_FOUND", client(SOFTWARE + ".compliance").get, "domain-c999999")
    refused("NOT_FOUND", lambda: client.wait(client(SOFTWARE).scan_task("domain-c999999")))


@check("check: the result tells of cluster and hosts, and is kept")
def checked(site):
    client, cluster, service = site.workload, site.trusted, site.workload(SOFTWARE)
    result = client.wait(service.check_task(cluster, service.CheckSpec(hosts={site.host("host-1")})))
    equal(result.status, "OK", "status")
    equal({one.type for one in result.entity_results} - {"CLUSTER", "HOST"}, set(), "kinds of results")
    kept = client(SOFTWARE + ".reports.last_check_result").get(cluster)
    equal((kept.status, kept.commit, kept.start_time), (result.status, result.commit, result.start_time))
    spare = site.cluster("Spare Cluster")
    refused("NOT_FOUND", client(SOFTWARE + ".reports.last_check_result").get, spare)
    refused("NOT_FOUND", client(SOFTWARE + ".reports.last_apply_result").get, spare)


@check("check, stage and apply: a host of another cluster and an unknown commit are INVALID_ARGUMENT")
def foreign(site):
    client, cluster, service = site.workload, site.trusted, site.workload(SOFTWARE)
    other = site.host("spare-1")
    for make, run in (
        (service.CheckSpec, service.check_task),
        (service.StageSpec, service.stage_task),
        (lambda **members: service.ApplySpec(accept_eula=True, **members), service.apply_task),
    ):
        refused("INVALID_ARGUMENT", lambda m=make, r=run: client.wait(r(cluster, m(hosts={other}))))
        refused("INVALID_ARGUMENT", lambda m=make, r=run: client.wait(r(cluster, m(commit="no-such-commit"))))
        refused("NOT_FOUND", lambda m=make, r=run: client.wait(r("domain-c999999", m())))


@check("apply: without the licence agreement it is ERROR, and nothing happens")
def no_agreement(site):
    client, cluster, service = site.workload, site.trusted, site.workload(SOFTWARE)
    for spec in (service.ApplySpec(), service.ApplySpec(accept_eula=False)):
        refused("ERROR", lambda one=spec: client.wait(service.apply_task(cluster, one)))
    refused("NOT_FOUND", client(SOFTWARE + ".reports.last_apply_result").get, cluster)


@check("stage and apply one host: it runs the image, the others do not; a second operation meanwhile is refused")
def one_host(site):
    client, cluster, service = site.workload, site.trusted, site.workload(SOFTWARE)
    host = site.host("host-2")
    staged = client.wait(service.stage_task(cluster, service.StageSpec(hosts={host})))
    equal(staged.successful_hosts, {host}, "staged hosts")
    spec = service.ApplySpec(hosts={host}, accept_eula=True)
    task = service.apply_task(cluster, spec)
    refused("NOT_ALLOWED_IN_CURRENT_STATE", lambda: client.wait(service.apply_task(cluster, spec)))
    refused("NOT_ALLOWED_IN_CURRENT_STATE", lambda: client.wait(service.check_task(cluster, service.CheckSpec())))
    refused("NOT_ALLOWED_IN_CURRENT_STATE", lambda: client.wait(service.stage_task(cluster, service.StageSpec())))
    result = client.wait(task)
    equal((result.status.status, result.successful_hosts, result.failed_hosts), ("OK", {host}, set()))
    equal(client(SOFTWARE + ".reports.last_apply_result").get(cluster).successful_hosts, {host}, "kept result")
    components = client("esx.hosts.software")
    info = components.get(components.ConnectionSpec(auth_type="EXISTING", host=host))
    equal(info.software_info.base_image.version, NEW, "what it runs")
    compliance = client(SOFTWARE + ".compliance").get(cluster)
    equal((compliance.compliant_hosts, len(compliance.non_compliant_hosts)), ({host}, 2))
    refused("ALREADY_IN_DESIRED_STATE", lambda: client.wait(service.apply_task(cluster, spec)))


@check("apply: a host that fails is named in the result")
def one_fails(site):
    client, cluster, service = site.workload, site.trusted, site.workload(SOFTWARE)
    host = site.host("host-1")
    # Encrypted machines can only move to a host that attests: the new image has to be trusted.
    version = site.authority.call(IMAGES + ".import_from_imgdb$task", cluster=site.tac, imgdb=site.export("host-2"))
    attests = vim.HostSystem(site.host("host-2"), site.vim("workload-vc")._stub)
    until("host-2 attests", lambda: attests.summary.trustAuthorityAttestationInfos[0].attestationStatus == "attested")
    site.fault("remediation-fails", host="host-1.lab.example")
    result = client.wait(service.apply_task(cluster, service.ApplySpec(hosts={host}, accept_eula=True)))
    equal((result.status.status, result.failed_hosts, result.successful_hosts), ("ERROR", {host}, set()))
    equal(result.host_status[host].status, "ERROR", "status of the host")
    holds(result.host_status[host].notifications.errors, "its notifications say why")
    equal(client(SOFTWARE + ".reports.last_apply_result").get(cluster).failed_hosts, {host}, "kept result")
    holds(vim.HostSystem(host, attests._stub).runtime.inMaintenanceMode, "it stays in maintenance mode")
    site.edit_host("set-maintenance-mode", "host-1", on=False)
    site.authority.call(IMAGES + ".delete$task", cluster=site.tac, version=version)
