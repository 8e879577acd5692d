"""Trust Authority Clusters as a whole: state, service status, hosts, principals."""

from ..certificates import same_certificate
from ..checks import check, equal, holds, refused
from . import specs

CLUSTERS = specs.TAC
ATTESTATION_STATUS = specs.TAC + ".attestation.service_status"
KMS_STATUS = specs.TAC + ".kms.service_status"


@check("clusters: list and get tell the state, filters by id and state choose")
def list_and_get(site):
    clusters = site.authority(CLUSTERS)
    equal([(one.cluster, one.state) for one in clusters.list()], [(site.tac, "ENABLE")])
    equal(clusters.list(clusters.FilterSpec(state={"DISABLE"})), [], "disabled clusters")
    equal([one.cluster for one in clusters.list(clusters.FilterSpec(cluster={site.tac}, state={"ENABLE"}))], [site.tac])
    equal(clusters.list(clusters.FilterSpec(cluster={"domain-c999999"})), [], "clusters of another id")
    info = clusters.get(site.tac)
    equal((info.cluster, info.state), (site.tac, "ENABLE"))
    equal({one.state for one in site.workload(CLUSTERS).list()}, {"DISABLE"}, "states on the workload vCenter")


@check("clusters: enabling an enabled cluster changes nothing, and a Trusted Cluster cannot be enabled")
def enable(site):
    clusters = site.authority(CLUSTERS)
    before = [one.version for one in site.authority.call(_images("list"), cluster=site.tac)]
    site.authority.wait(clusters.update_task(site.tac, clusters.UpdateSpec(state="ENABLE")))
    site.authority.wait(clusters.update_task(site.tac, clusters.UpdateSpec()))
    equal([one.version for one in site.authority.call(_images("list"), cluster=site.tac)], before, "base images")
    workload = site.workload(CLUSTERS)
    refused("ERROR", lambda: site.workload.wait(workload.update_task(site.trusted, workload.UpdateSpec("ENABLE"))))
    equal(workload.get(site.trusted).state, "DISABLE", "state of the Trusted Cluster")


@check("clusters: enabling starts both services on empty hosts, disabling stops them and forgets the configuration")
def enable_and_disable(site):
    client, clusters, cluster = site.workload, site.workload(CLUSTERS), site.cluster("Spare Cluster")
    for kind in ("attestation", "kms"):
        services = client("%s.%s.services" % (specs.TRUSTED, kind))
        for one in services.list(cluster):
            client.wait(services.delete_task(cluster, one.service))
    refused("NOT_FOUND", client.call, _images("list"), cluster=cluster)
    client.wait(clusters.update_task(cluster, clusters.UpdateSpec("ENABLE")))
    equal(clusters.get(cluster).state, "ENABLE", "state")
    equal(client.call(_images("list"), cluster=cluster), [], "base images of a new cluster")
    for service in (ATTESTATION_STATUS, KMS_STATUS):
        equal(client.wait(client(service).get_task(cluster)).health, "OK", service)
    client.call("com.vmware." + CLUSTERS + ".kms.providers.create$task", cluster=cluster, spec=_provider(client))
    client.wait(clusters.update_task(cluster, clusters.UpdateSpec("DISABLE")))
    equal(clusters.get(cluster).state, "DISABLE", "state")
    refused("NOT_FOUND", client.call, "com.vmware." + CLUSTERS + ".kms.providers.list$task", cluster=cluster)
    client.wait(clusters.update_task(cluster, clusters.UpdateSpec("ENABLE")))
    equal(client.call("com.vmware." + CLUSTERS + ".kms.providers.list$task", cluster=cluster), [], "key providers")
    client.wait(clusters.update_task(cluster, clusters.UpdateSpec("DISABLE")))


def _provider(client):
    return specs.key_provider(client, "passing")


def _images(operation):
    return "com.vmware.%s.attestation.os.esx.base_images.%s$task" % (CLUSTERS, operation)


@check("service status: OK; ERROR with details when a service stands still; WARNING while a host is away")
def service_status(site):
    client = site.authority
    for service, daemon in ((ATTESTATION_STATUS, "attestd"), (KMS_STATUS, "kmxd")):

        def health(service=service):
            return client.wait(client(service).get_task(site.tac))

        equal((health().health, health().details), ("OK", []), service)
        site.edit_host("set-service", "ta-host-2", service=daemon, running=False)
        found = health()
        equal(found.health, "ERROR", service)
        holds("ta-host-2" in found.details[0].default_message, "the details name the host")
        site.edit_host("set-service", "ta-host-2", service=daemon, running=True)
        site.edit_host("set-connection", "ta-host-2", state="notResponding")
        equal(health().health, "WARNING", service)
        site.edit_host("set-connection", "ta-host-2", state="connected")
        equal(health().health, "OK", service)


@check("trust authority hosts: each projection of the list has its members and no others, filters choose")
def hosts_listed(site):
    for kind in ("attestation", "kms"):
        service = site.authority("vcenter.trusted_infrastructure.trust_authority_hosts." + kind)
        everyone = service.list()
        equal(sorted(one.address.hostname for one in everyone), ["ta-host-%d.lab.example" % n for n in (1, 2, 3)])
        host = site.host("ta-host-1")
        members = {"BRIEF": (), "NORMAL": ("group", "cluster"), "FULL": ("group", "cluster", "trusted_ca")}
        for projection, present in members.items():
            [one] = service.list(service.FilterSpec(hosts={host}), projection)
            equal((one.summary_type, one.host), (projection, host), projection)
            for member in ("group", "cluster", "trusted_ca"):
                # The SDK gives an object only the members that its case has.
                equal(getattr(one, member, None) is not None, member in present, "%s.%s" % (projection, member))
        only = service.FilterSpec(address=[specs.address("ta-host-2.lab.example", 443)])
        equal([one.host for one in service.list(only)], [site.host("ta-host-2")], "by address")
        equal(service.list(service.FilterSpec(clusters={"domain-c999999"})), [], "of another cluster")
        equal(len(service.list(service.FilterSpec(clusters={site.tac}, groups={everyone[0].group}))), 3, "of the group")
        refused("INVALID_ARGUMENT", service.list, None, "NO_SUCH_PROJECTION")


@check("trust authority hosts: get tells how a host is reached, and why not")
def hosts_read(site):
    for kind, daemon in (("attestation", "attestd"), ("kms", "kmxd")):
        service = site.authority("vcenter.trusted_infrastructure.trust_authority_hosts." + kind)
        host = site.host("ta-host-1")
        info = service.get(host)
        equal((info.host, info.address.hostname, info.cluster), (host, "ta-host-1.lab.example", site.tac))
        holds("BEGIN CERTIFICATE" in info.trusted_ca.cert_chain[0], "it names the certificate")
        refused("NOT_FOUND", service.get, "host-999999")
        site.edit_host("set-service", "ta-host-1", service=daemon, running=False)
        refused("ERROR", service.get, host)
        site.edit_host("set-service", "ta-host-1", service=daemon, running=True)
        site.edit_host("set-connection", "ta-host-1", state="disconnected")
        refused("RESOURCE_INACCESSIBLE", service.get, host)
        site.edit_host("set-connection", "ta-host-1", state="connected")
        equal(service.get(host).host, host)


@check("principal: each vCenter names its token service, and the Trust Authority Cluster knows the workload's")
def principal(site):
    info = site.workload("vcenter.trusted_infrastructure.principal").get()
    holds(info.issuer.startswith("https://workload-vc.lab.example/"), info.issuer)
    other = site.authority("vcenter.trusted_infrastructure.principal").get()
    holds(other.issuer != info.issuer, "the two vCenters are two issuers")
    consumers = site.authority(specs.TAC + ".consumer_principals")
    [known] = site.authority.wait(consumers.list_task(site.tac, consumers.FilterSpec(issuer={info.issuer})))
    profile = site.authority.wait(consumers.get_task(site.tac, known.id))
    equal(profile.principal.id.name, info.principal.id.name, "principal")
    ours, theirs = profile.certificates[0].cert_chain[0], info.certificates[0].cert_chain[0]
    holds(same_certificate(ours, theirs), "the certificate is the same")
