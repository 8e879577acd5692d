"""Every error that the contract names for an operation of vTA: provoked where that can be done, injected where not."""

from ..checks import check, holds, refused
from ..contract import OPERATIONS, TRUST, TRUST_OPERATIONS
from ..samples import sample_arguments
from .arguments import arguments_of, vcenter_of

# Hosts of the Trust Authority Cluster hold what these read and write; the others ask vCenter only.
KEPT_ON_HOSTS = TRUST + "trust_authority_clusters."
NOT_KEPT = ("list", "get", "update$task", "attestation.service_status.get$task", "kms.service_status.get$task")


def _each(wanted):
    return [operation for operation in TRUST_OPERATIONS if wanted(operation)]


@check("errors: every operation of vTA is answered, and wants a session")
def unauthenticated(site):
    missing = [operation.key for operation in TRUST_OPERATIONS if operation.key not in site.answered]
    if missing:
        raise AssertionError("not answered: %s" % ", ".join(missing))
    for token in (None, "made-up"):
        strangers = {id: site.anonymous(id, token) for id in ("ta-vc", "workload-vc")}
        for operation in TRUST_OPERATIONS:
            stranger = strangers[vcenter_of(operation)]
            refused("UNAUTHENTICATED", stranger.call, operation.key, **arguments_of(site, operation))


@check("errors: every operation of vTA whose path names objects says NOT_FOUND for each that does not exist")
def not_found(site):
    for operation in _each(lambda one: "NOT_FOUND" in one.errors):
        client, arguments = site.rest(vcenter_of(operation)), arguments_of(site, operation)
        for parameter in operation.path_parameters:
            changed = {**arguments, parameter: "no such %s" % parameter}
            refused("NOT_FOUND", client.call, operation.key, **changed)


@check("errors: every operation of vTA that can say INVALID_ARGUMENT does so for an empty id in its path")
def empty_ids(site):
    for operation in _each(lambda one: "INVALID_ARGUMENT" in one.errors):
        client, arguments = site.rest(vcenter_of(operation)), arguments_of(site, operation)
        for parameter in operation.path_parameters:
            if operation.path.endswith("{%s}" % parameter):
                continue  # Without it the path is another one.
            changed = {**arguments, parameter: ""}
            refused("INVALID_ARGUMENT", client.call, operation.key, **changed)


@check("errors: without a host that can be asked, every operation on what hosts keep is ERROR")
def no_host(site):
    kept = _each(lambda one: one.key.startswith(KEPT_ON_HOSTS) and one.key[len(KEPT_ON_HOSTS) :] not in NOT_KEPT)
    calls = []
    for operation in kept:
        arguments = arguments_of(site, operation)
        if operation.name == "import_from_imgdb$task":
            arguments["imgdb"] = site.export("host-3")
        calls.append((operation.key, arguments))
    for number in (1, 2, 3):
        site.edit_host("set-connection", "ta-host-%d" % number, state="disconnected")
    try:
        for key, arguments in calls:
            refused("ERROR", site.authority.call, key, **arguments)
    finally:
        for number in (1, 2, 3):
            site.edit_host("set-connection", "ta-host-%d" % number, state="connected")


@check("errors: an account without privileges is UNAUTHORIZED for every operation of vTA")
def unauthorized(site):
    user, password = "auditor@vsphere.local", site.ready["password"]
    auditors = {id: site.rest_as(id, user, password) for id in ("ta-vc", "workload-vc")}
    for operation in TRUST_OPERATIONS:
        auditor, arguments = auditors[vcenter_of(operation)], arguments_of(site, operation)
        refused("UNAUTHORIZED", auditor.call, operation.key, **arguments)


@check("errors: nor may such an account do what images and the appliance ask privileges and levels for")
def unauthorized_elsewhere(site):
    auditor = site.rest_as("workload-vc", "auditor@vsphere.local", site.ready["password"])
    for operation in OPERATIONS.values():
        asks = operation.key.startswith("com.vmware.appliance.") or any(
            not privilege.startswith("System.") for privilege in operation.privileges
        )
        if asks and operation.key in site.answered and not operation.key.startswith(TRUST):
            refused("UNAUTHORIZED", auditor.call, operation.key, **sample_arguments(auditor, operation))
    holds(auditor("vcenter.host").list(), "it may look at the inventory")


@check("errors: every other operation that is answered wants a session, and says NOT_FOUND for ids of nothing")
def the_others(site):
    stranger = site.anonymous("workload-vc")
    for operation in OPERATIONS.values():
        if operation.key not in site.answered or operation.key.startswith((TRUST, "com.vmware.cis.session.")):
            continue
        arguments = sample_arguments(stranger, operation)
        refused("UNAUTHENTICATED", stranger.call, operation.key, **arguments)
        if "NOT_FOUND" in operation.errors and operation.path_parameters:
            refused("NOT_FOUND", site.workload.call, operation.key, **arguments)


@check("errors: the SDK knows each error that an operation declares, with its status, however it comes about")
def declared(site):
    for operation in OPERATIONS.values():
        if operation.key not in site.answered:
            continue
        vcenter = vcenter_of(operation)
        client = site.rest(vcenter)
        arguments = sample_arguments(client, operation)
        name = operation.key.removesuffix("$task")
        site.faults([_error(name, vcenter, error_type) for error_type in operation.errors])
        for error_type in operation.errors:
            refused(error_type, client.call, operation.key, **arguments)
        # Spent ones would be looked through by every request that follows.
        site.no_faults()


def _error(operation, vcenter, error_type):
    return {"kind": "error", "operation": operation, "vCenter": vcenter, "error": error_type}
