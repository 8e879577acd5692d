"""Attestation and key provider services of a workload vCenter and of its Trusted Clusters."""

from ..checks import check, equal, holds, refused, until
from . import specs

KINDS = ("attestation", "kms")


def registered(kind):
    """Services that a vCenter knows."""
    return "vcenter.trusted_infrastructure.%s.services" % kind


def of_cluster(kind):
    """Services that a cluster is to use."""
    return "%s.%s.services" % (specs.TRUSTED, kind)


def applied(kind):
    """What hosts have of them."""
    return "%s.%s.services_applied_config" % (specs.TRUSTED, kind)


@check("services: register, list by every filter, get, delete")
def registration(site):
    client = site.workload
    for kind in KINDS:
        service = client(registered(kind))
        before = {one.service for one in service.list()}
        equal(len(before), 3, "services of " + kind)
        made = service.create(specs.registered_service(client, kind, "extra.lab.example", "domain-of-another"))
        info = service.get(made)
        equal((info.address.hostname, info.group), ("extra.lab.example", "conformance"))
        equal(info.trust_authority_cluster, "domain-of-another")
        holds("trusted_CA" in client.provider.last, "the wire name is trusted_CA")
        for chosen in (
            service.FilterSpec(services={made}),
            service.FilterSpec(address=[specs.address("extra.lab.example")]),
            service.FilterSpec(group={"conformance"}),
            service.FilterSpec(trust_authority_cluster={"domain-of-another"}, services={made}),
        ):
            equal([one.service for one in service.list(chosen)], [made], str(chosen))
        equal(service.list(service.FilterSpec(group={"no such group"})), [])
        equal({one.service for one in service.list(service.FilterSpec())}, before | {made}, "an empty filter")
        again = specs.registered_service(client, kind, "extra.lab.example")
        refused("ALREADY_EXISTS", service.create, again)
        service.delete(made)
        refused("NOT_FOUND", service.get, made)
        refused("NOT_FOUND", service.delete, made)


@check("services: one without a host name or a certificate is INVALID_ARGUMENT, one in use RESOURCE_BUSY")
def registration_refused(site):
    client = site.workload
    for kind in KINDS:
        service = client(registered(kind))
        for member, value in (
            ("address", specs.address("")),
            ("trusted_ca", specs.chain()),
            ("trusted_ca", specs.chain("no certificate")),
        ):
            spec = specs.registered_service(client, kind, "bad.lab.example")
            setattr(spec, member, value)
            refused("INVALID_ARGUMENT", service.create, spec)
        refused("RESOURCE_BUSY", service.delete, service.list()[0].service)


@check("trusted cluster services: one service or a whole Trust Authority Cluster; list, get, delete")
def cluster_services(site):
    client, cluster = site.workload, site.trusted
    for kind in KINDS:
        service = client(of_cluster(kind))
        everyone = service.list(cluster)
        equal(len(everyone), 3, "services of the cluster")
        first = everyone[0]
        info = service.get(cluster, first.service)
        equal((info.address.hostname, info.group), (first.address.hostname, first.group))
        client.wait(service.delete_task(cluster, first.service))
        refused("NOT_FOUND", service.get, cluster, first.service)
        refused("NOT_FOUND", lambda s=service, one=first: client.wait(s.delete_task(cluster, one.service)))
        equal(len(service.list(cluster)), 2, "services that are left")
        made = client.wait(service.create_task(cluster, service.CreateSpec(type="SERVICE", service=first.service)))
        equal(service.get(cluster, made).address.hostname, first.address.hostname, "host name")
        for one in service.list(cluster):
            client.wait(service.delete_task(cluster, one.service))
        whole = service.CreateSpec(type="CLUSTER", trust_authority_cluster=first.trust_authority_cluster)
        client.wait(service.create_task(cluster, whole))
        equal(len(service.list(cluster)), 3, "services after creating them of the whole cluster")
        equal(len(service.list(cluster, service.FilterSpec(address=[first.address]))), 1, "by address")
        equal(service.list(cluster, service.FilterSpec(group={"no such group"})), [], "by group")
        for spec in (whole, service.CreateSpec(type="SERVICE", service=first.service)):
            refused("ALREADY_EXISTS", lambda s=service, one=spec: client.wait(s.create_task(cluster, one)))


@check("trusted cluster services: unknown ones are NOT_FOUND, and without a licence UNABLE_TO_ALLOCATE_RESOURCE")
def cluster_services_refused(site):
    client = site.workload
    for kind in KINDS:
        service = client(of_cluster(kind))
        known = client(registered(kind)).list()[0]

        def create(cluster, own=service, **members):
            client.wait(own.create_task(cluster, own.CreateSpec(**members)))

        refused("NOT_FOUND", create, site.trusted, type="SERVICE", service="no-such-service")
        refused("NOT_FOUND", create, site.trusted, type="CLUSTER", trust_authority_cluster="no-such-cluster")
        spare = site.cluster("Spare Cluster")
        for one in service.list(spare):
            client.wait(service.delete_task(spare, one.service))
        refused("UNABLE_TO_ALLOCATE_RESOURCE", create, spare, type="SERVICE", service=known.service)


@check("applied configuration: OK, diverged after a host was away, OK again after an update")
def diverged(site):
    client, cluster = site.workload, site.trusted
    whole = client(specs.TRUSTED + ".services_applied_config")
    equal(client.wait(whole.get_task(cluster)).health, "OK")
    for kind in KINDS:
        desired, service = client(of_cluster(kind)), client(applied(kind))
        first = desired.list(cluster)[0]
        equal([one.health for one in client.wait(service.list_task(cluster))], ["OK"] * 3)
        site.edit_host("set-connection", "host-2", state="disconnected")
        equal(client.wait(whole.get_task(cluster)).health, "NONE", "health while a host cannot be asked")
        client.wait(desired.delete_task(cluster, first.service))
        site.edit_host("set-connection", "host-2", state="connected")
        health = client.wait(whole.get_task(cluster))
        equal(health.health, "ERROR", "health of hosts that differ")
        holds("host-2" in health.details[0].default_message, "the details name the host")
        bad = client.wait(service.list_task(cluster, service.FilterSpec(health={"ERROR"})))
        equal([one.address.hostname for one in bad], [first.address.hostname])
        equal(bad[0].service, first.service, "it is still registered with the vCenter")
        info = client.wait(service.get_task(cluster, first.address))
        equal((info.health, info.groups, len(info.trustedc_as)), ("ERROR", {first.group}, 1))
        by_address = service.FilterSpec(address=[first.address], health=set())
        equal(len(client.wait(service.list_task(cluster, by_address))), 1, "by address")
        client.wait(service.update_task(cluster))
        equal(client.wait(whole.get_task(cluster)).health, "OK", "health after the update")
        refused("NOT_FOUND", lambda s=service, one=first: client.wait(s.get_task(cluster, one.address)))
        client.wait(desired.create_task(cluster, desired.CreateSpec(type="SERVICE", service=first.service)))
        equal(client.wait(whole.get_task(cluster)).health, "OK", "health at the end")


@check("applied configuration: delete takes it from the hosts and not from the desired state, update brings it back")
def removed(site):
    client, cluster = site.workload, site.trusted
    whole_name = specs.TRUSTED + ".services_applied_config"
    whole = client(whole_name)
    for name, kinds in ((whole_name, KINDS), (applied("attestation"), KINDS[:1]), (applied("kms"), KINDS[1:])):
        service = client(name)
        client.wait(service.delete_task(cluster))
        equal(client.wait(whole.get_task(cluster)).health, "ERROR", "health")
        for kind in KINDS:
            found = {one.health for one in client.wait(client(applied(kind)).list_task(cluster))}
            equal(found, {"ERROR" if kind in kinds else "OK"}, kind)
            equal(len(client(of_cluster(kind)).list(cluster)), 3, "desired services")
        client.wait(service.update_task(cluster))
        equal(client.wait(whole.get_task(cluster)).health, "OK", "health after the update")


@check("applied configuration: a host that cannot be reached makes update and delete end with ERROR")
def unreachable(site):
    client, cluster = site.workload, site.trusted
    site.edit_host("set-connection", "host-2", state="notResponding")
    for name in (specs.TRUSTED + ".services_applied_config", applied("attestation"), applied("kms")):
        for operation in ("delete_task", "update_task"):
            error = refused("ERROR", lambda s=client(name), o=operation: client.wait(getattr(s, o)(cluster)))
            holds("host-2" in error.messages[0].default_message, "the message names the host")
    site.edit_host("set-connection", "host-2", state="connected")
    client.wait(client(specs.TRUSTED + ".services_applied_config").update_task(cluster))
    equal(client.wait(client(specs.TRUSTED + ".services_applied_config").get_task(cluster)).health, "OK")


@check("applied configuration: a second change meanwhile is RESOURCE_BUSY, for every operation that names it")
def busy(site):
    client, cluster = site.workload, site.trusted
    whole = client(specs.TRUSTED + ".services_applied_config")
    waiting = [("get_task", whole), ("update_task", whole), ("delete_task", whole)]
    for kind in KINDS:
        service = client(applied(kind))
        waiting += [("list_task", service), ("update_task", service), ("delete_task", service)]
    waiting = [(operation, service, ()) for operation, service in waiting]
    waiting.append(("get_task", client(applied("kms")), (specs.address("ta-host-1.lab.example"),)))
    for operation, service, more in waiting:

        def meets_a_change(operation=operation, service=service, more=more):
            change = whole.update_task(cluster)
            try:
                client.wait(getattr(service, operation)(cluster, *more))
            except Exception as error:
                equal(error.error_type, "RESOURCE_BUSY", operation)
                return True
            finally:
                client.wait(change)
            return False

        until("%s of %s meets a change" % (operation, service), meets_a_change)
    client.wait(whole.update_task(cluster))
    equal(client.wait(whole.get_task(cluster)).health, "OK")
