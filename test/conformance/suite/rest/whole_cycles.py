"""Whole stories by VMware's SDKs alone."""

from pyVmomi import vim

from ..checks import check, equal, holds, refused, until
from ..vim_client import find, finish, host_named
from . import specs
from .arguments import OLD_IMAGE

BASE_IMAGES = specs.TAC + ".attestation.os.esx.base_images"


@check("cycle: a host's image is exported, imported, attested with and removed again")
def export_import_attest_remove(site):
    client, images = site.authority, site.authority(BASE_IMAGES)
    service = site.vim("workload-vc")

    def attestation():
        return {one.attestationStatus for one in host_named(service, "host-3").summary.trustAuthorityAttestationInfos}

    until("host-3 is not attested", lambda: attestation() == {"notAttested"})
    version = client.wait(images.import_from_imgdb_task(site.tac, site.export("host-3")))
    equal(client.wait(images.get_task(site.tac, version)).health, "OK", "health of the image")
    until("host-3 is attested", lambda: attestation() == {"attested"})
    until("the image was attested with", lambda: client.wait(images.get_task(site.tac, version)).last_attested_time)
    client.wait(images.delete_task(site.tac, version))
    until("host-3 is not attested any more", lambda: attestation() == {"notAttested"})
    equal([one.version for one in client.wait(images.list_task(site.tac))], [OLD_IMAGE], "images that are left")


@check("cycle: a Trust Authority Host that was removed and added again gets its configuration back, object by object")
def host_restored(site):
    kept = _configuration(site)
    _remove_and_add(site, "ta-host-2")
    status = site.authority(specs.TAC + ".attestation.service_status")
    equal(site.authority.wait(status.get_task(site.tac)).health, "ERROR", "service status while it has nothing")
    clusters = site.authority(specs.TAC)
    site.authority.wait(clusters.update_task(site.tac, clusters.UpdateSpec("ENABLE")))
    equal(site.authority.wait(status.get_task(site.tac)).health, "OK", "service status after enabling")
    holds(_unhealthy(site) >= {"tpm-manufacturer", OLD_IMAGE, "corp-kms"}, "health says what it lacks")
    _restore(site, kept)
    equal(_unhealthy(site), set(), "objects that are not on all hosts")


def _run(site, name, operation, *arguments):
    return site.authority.wait(getattr(site.authority(name), operation + "_task")(site.tac, *arguments))


def _configuration(site):
    """What is needed to bring it back: what the API tells, and what only the site's owner has."""
    return {
        "image": site.export("ta-host-1"),
        "maker": _run(site, specs.TAC + ".attestation.tpm2.ca_certificates", "get", "tpm-manufacturer"),
        "consumer": _run(
            site,
            specs.TAC + ".consumer_principals",
            "get",
            _run(site, specs.TAC + ".consumer_principals", "list")[0].id,
        ),
        "provider": _run(site, specs.TAC + ".kms.providers", "get", "corp-kms"),
        "client": _run(site, specs.TAC + ".kms.providers.client_certificate", "get", "corp-kms"),
        "peers": _run(site, specs.TAC + ".kms.providers.trusted_peer_certificates", "get", "corp-kms"),
    }


def _remove_and_add(site, name):
    service = site.vim("ta-vc")
    host = host_named(service, name)
    cluster = find(service, vim.ClusterComputeResource, "vTA Cluster")
    thumbprint = host.summary.config.sslThumbprint
    finish(host.EnterMaintenanceMode_Task(0))
    finish(host.DisconnectHost_Task())
    finish(host.Destroy_Task())
    spec = vim.host.ConnectSpec(
        hostName=name + ".lab.example",
        userName="root",
        password=site.ready["esxi"]["password"],
        sslThumbprint=thumbprint,
    )
    added = finish(cluster.AddHost_Task(spec, True))
    finish(added.ExitMaintenanceMode_Task(0))


def _restore(site, kept):
    """Creates again what every other host has: the new host gets it, and the answer is that it exists."""
    tac, client = specs.TAC, site.authority

    def create(name, operation, *arguments):
        refused("ALREADY_EXISTS", _run, site, name, operation, *arguments)

    create(BASE_IMAGES, "import_from_imgdb", kept["image"])
    makers = tac + ".attestation.tpm2.ca_certificates"
    create(makers, "create", client(makers).CreateSpec("tpm-manufacturer", kept["maker"].cert_chain))
    consumer, consumers = kept["consumer"], client(tac + ".consumer_principals")
    spec = consumers.CreateSpec(
        certificates=consumer.certificates,
        issuer_alias=consumer.issuer_alias,
        issuer=consumer.issuer,
        principal=consumer.principal,
    )
    create(tac + ".consumer_principals", "create", spec)
    _restore_provider(site, kept, create)


def _restore_provider(site, kept, create):
    providers, old = site.authority(specs.TAC + ".kms.providers"), kept["provider"].key_server
    kmip = providers.KmipServerCreateSpec(servers=old.kmip_server.servers, username=old.kmip_server.username)
    server = providers.KeyServerCreateSpec(type="KMIP", description=old.description, kmip_server=kmip)
    spec = providers.CreateSpec("corp-kms", kept["provider"].master_key_id, server)
    create(specs.TAC + ".kms.providers", "create", spec)
    certificate = site.authority(specs.TAC + ".kms.providers.client_certificate")
    both = certificate.UpdateSpec(kept["client"].certificate, site.secret("corp-kms-client.key"))
    _run(site, specs.TAC + ".kms.providers.client_certificate", "update", "corp-kms", both)
    peers = site.authority(specs.TAC + ".kms.providers.trusted_peer_certificates")
    trusted = peers.UpdateSpec(kept["peers"].certificates)
    _run(site, specs.TAC + ".kms.providers.trusted_peer_certificates", "update", "corp-kms", trusted)
    _run(site, specs.TAC + ".kms.providers.credential", "set", "corp-kms", site.secret("corp-kms-password"))


def _unhealthy(site):
    """Names of objects whose health is not OK."""
    found = set()
    for name, key in (
        (BASE_IMAGES, "version"),
        (specs.TAC + ".attestation.tpm2.ca_certificates", "name"),
        (specs.TAC + ".kms.providers", "provider"),
    ):
        found |= {getattr(one, key) for one in _run(site, name, "list") if one.health != "OK"}
    for one in _run(site, specs.TAC + ".consumer_principals", "list"):
        if _run(site, specs.TAC + ".consumer_principals", "get", one.id).health != "OK":
            found.add(one.issuer)
    if _run(site, specs.TAC + ".attestation.tpm2.settings", "get").health != "OK":
        found.add("TPM 2.0 settings")
    return found
