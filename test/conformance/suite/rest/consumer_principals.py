"""Consumer principals: whose hosts may attest."""

from ..certificates import same_certificate
from ..checks import check, equal, holds, refused
from . import specs

CONSUMERS = specs.TAC + ".consumer_principals"


@check("consumer principals: create gives a profile; list, filters and get show it; delete ends it")
def life(site):
    client, service = site.authority, site.authority(CONSUMERS)

    def run(operation, *arguments):
        return client.wait(getattr(service, operation + "_task")(site.tac, *arguments))

    [known] = run("list")
    issuer = "https://conformance.lab.example/openidconnect/vsphere.local"
    profile = run("create", specs.consumer(client, issuer))
    info = run("get", profile)
    equal((info.id, info.issuer, info.issuer_alias, info.health), (profile, issuer, "conformance", "OK"))
    equal((info.principal.id.name, info.principal.type), ("vpxd-extension-conformance", "STS_USER"))
    holds(same_certificate(info.certificates[0].cert_chain[0], specs.AUTHORITY.pem), "it has its certificate")
    holds(info.message is None, "a healthy profile has no message")
    for chosen, ids in (
        (None, {known.id, profile}),
        (service.FilterSpec(), {known.id, profile}),
        (service.FilterSpec(id={profile}), {profile}),
        (service.FilterSpec(issuer={known.issuer}), {known.id}),
        (service.FilterSpec(principals=[specs.principal()]), {profile}),
        (service.FilterSpec(principals=[specs.principal("nobody")]), set()),
        (service.FilterSpec(id={known.id}, issuer={issuer}), set()),
    ):
        equal({one.id for one in run("list", chosen)}, ids, str(chosen))
    refused("ALREADY_EXISTS", run, "create", specs.consumer(client, issuer))
    run("delete", profile)
    refused("NOT_FOUND", run, "get", profile)
    refused("NOT_FOUND", run, "delete", profile)


@check("consumer principals: certificates that cannot be read are ERROR, the only word that the operation has")
def bad_certificates(site):
    client, service = site.authority, site.authority(CONSUMERS)
    for certificates in ([], [specs.chain("no certificate")]):
        spec = specs.consumer(client, "https://bad")
        spec.certificates = certificates
        refused("ERROR", lambda spec=spec: client.wait(service.create_task(site.tac, spec)))


@check("consumer principals: one that a host lacks says so")
def lacking(site):
    client, service = site.authority, site.authority(CONSUMERS)
    site.edit_host("set-connection", "ta-host-3", state="disconnected")
    profile = client.wait(service.create_task(site.tac, specs.consumer(client, "https://lacking")))
    site.edit_host("set-connection", "ta-host-3", state="connected")
    info = client.wait(service.get_task(site.tac, profile))
    equal(info.health, "ERROR", "health")
    holds(info.message is not None, "it has a message")
    client.wait(service.delete_task(site.tac, profile))
