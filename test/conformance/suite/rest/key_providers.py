"""Key providers: servers, client certificate, credential, peers."""

from ..certificates import Authority, same_certificate
from ..checks import check, equal, holds, refused
from . import specs

PROVIDERS = specs.TAC + ".kms.providers"
CLIENT = PROVIDERS + ".client_certificate"
PEERS = PROVIDERS + ".trusted_peer_certificates"


def _run(site, service, operation, *arguments):
    client = site.authority
    return client.wait(getattr(client(service), operation + "_task")(site.tac, *arguments))


@check("key providers: the one of the site is healthy, server by server")
def healthy(site):
    equal([(one.provider, one.health) for one in _run(site, PROVIDERS, "list")], [("corp-kms", "OK")])
    info = _run(site, PROVIDERS, "get", "corp-kms")
    equal((info.status.health, info.status.details, info.key_server.type), ("OK", [], "KMIP"))
    equal(info.key_server.kmip_server.username, "kmip-user", "user")
    names = [one.address.hostname for one in info.key_server.kmip_server.servers]
    equal(names, ["kms-1.lab.example", "kms-2.lab.example"])
    for server in info.status.servers:
        equal((server.health, server.client_trust_server, server.server_trust_client), ("OK", True, True), server.name)
    holds("password" not in str(site.authority.provider.last).lower(), "no password is told")


@check("key providers: create, update what is named, delete")
def life(site):
    client, providers = site.authority, site.authority(PROVIDERS)
    _run(site, PROVIDERS, "create", specs.key_provider(client, "made", username="somebody"))
    equal({one.provider for one in _run(site, PROVIDERS, "list")}, {"corp-kms", "made"})
    info = _run(site, PROVIDERS, "get", "made")
    equal((info.key_server.description, info.key_server.proxy_server), ("made by a check", None))
    equal(info.status.health, "ERROR", "health of a provider that no server knows")
    refused("ALREADY_EXISTS", _run, site, PROVIDERS, "create", specs.key_provider(client, "made"))
    change = providers.UpdateSpec(
        key_server=providers.KeyServerUpdateSpec(
            type="KMIP",
            proxy_server=specs.address("proxy.lab.example", 8080),
            connection_timeout=30,
            kmip_server=providers.KmipServerUpdateSpec(username="somebody else"),
        )
    )
    _run(site, PROVIDERS, "update", "made", change)
    found = _run(site, PROVIDERS, "get", "made")
    equal(found.key_server.kmip_server.username, "somebody else", "user")
    equal((found.key_server.proxy_server.port, found.key_server.connection_timeout), (8080, 30))
    equal((found.master_key_id, found.key_server.description), (info.master_key_id, "made by a check"), "the rest")
    _run(site, PROVIDERS, "update", "made", providers.UpdateSpec(master_key_id="another"))
    equal(_run(site, PROVIDERS, "get", "made").master_key_id, "another", "master key")
    _run(site, PROVIDERS, "delete", "made")
    for operation in ("get", "delete"):
        refused("NOT_FOUND", _run, site, PROVIDERS, operation, "made")
    refused("NOT_FOUND", _run, site, PROVIDERS, "update", "made", change)


@check("key providers: no server, and two servers of one name, are INVALID_ARGUMENT")
def bad_servers(site):
    client, providers = site.authority, site.authority(PROVIDERS)
    for servers in ((), ("a", "b")):
        spec = specs.key_provider(client, "bad", servers)
        for server in spec.key_server.kmip_server.servers:
            server.name = "same"
        refused("INVALID_ARGUMENT", _run, site, PROVIDERS, "create", spec)
        kmip = providers.KmipServerUpdateSpec(servers=spec.key_server.kmip_server.servers)
        change = providers.UpdateSpec(key_server=providers.KeyServerUpdateSpec(type="KMIP", kmip_server=kmip))
        refused("INVALID_ARGUMENT", _run, site, PROVIDERS, "update", "corp-kms", change)


@check("client certificate: made on the hosts, or uploaded with its key")
def client_certificate(site):
    _run(site, PROVIDERS, "create", specs.key_provider(site.authority, "made"))
    service = site.authority(CLIENT)
    refused("NOT_FOUND", _run, site, CLIENT, "get", "made")
    _run(site, CLIENT, "create", "made")
    own = _run(site, CLIENT, "get", "made").certificate
    holds("BEGIN CERTIFICATE" in own, "it is PEM")
    equal(sorted(site.authority.provider.last["result"]), ["certificate"], "what is told: no key")
    certificate, key = specs.AUTHORITY.issue("KMIP client")
    _run(site, CLIENT, "update", "made", service.UpdateSpec(certificate=certificate, private_key=key))
    holds(same_certificate(_run(site, CLIENT, "get", "made").certificate, certificate), "the uploaded one is in use")
    _, another_key = specs.AUTHORITY.issue("Another client")
    for bad, its_key in ((certificate, another_key), ("no certificate", key), (certificate, "no key"), (own, None)):
        refused("INVALID_ARGUMENT", _run, site, CLIENT, "update", "made", service.UpdateSpec(bad, its_key))
    holds(same_certificate(_run(site, CLIENT, "get", "made").certificate, certificate), "a refusal changes nothing")
    _run(site, PROVIDERS, "delete", "made")


@check("client certificate: signed for a request whose key never left the hosts")
def signing_request(site):
    _run(site, PROVIDERS, "create", specs.key_provider(site.authority, "made"))
    refused("NOT_FOUND", _run, site, CLIENT + ".csr", "get", "made")
    made = _run(site, CLIENT + ".csr", "create", "made").csr
    equal(_run(site, CLIENT + ".csr", "get", "made").csr, made, "signing request")
    certificate = Authority("Signer").sign_request(made)
    _run(site, CLIENT, "update", "made", site.authority(CLIENT).UpdateSpec(certificate=certificate))
    holds(same_certificate(_run(site, CLIENT, "get", "made").certificate, certificate), "it is in use")
    stranger, _ = specs.AUTHORITY.issue("Stranger")
    spec = site.authority(CLIENT).UpdateSpec(certificate=stranger)
    refused("INVALID_ARGUMENT", _run, site, CLIENT, "update", "made", spec)
    _run(site, PROVIDERS, "delete", "made")


@check("credential: a wrong password makes the provider unhealthy, the right one heals it")
def credential(site):
    _run(site, PROVIDERS + ".credential", "set", "corp-kms", "wrong")
    info = _run(site, PROVIDERS, "get", "corp-kms")
    equal(info.status.health, "ERROR", "health")
    equal({one.server_trust_client for one in info.status.servers}, {False}, "the servers trust the client")
    _run(site, PROVIDERS + ".credential", "set", "corp-kms", site.secret("corp-kms-password"))
    equal(_run(site, PROVIDERS, "get", "corp-kms").status.health, "OK", "health")


@check("peer certificates: what servers show now, and which of it is trusted")
def peers(site):
    current = site.authority(PROVIDERS + ".current_peer_certificates")

    def shown(chosen=None):
        return _run(site, PROVIDERS + ".current_peer_certificates", "list", "corp-kms", chosen)

    everyone = shown()
    rows = [(one.server_name, one.trusted, one.error_messages) for one in everyone]
    equal(rows, [("kms-1", True, []), ("kms-2", True, [])])
    trusted = _run(site, PEERS, "get", "corp-kms").certificates
    holds(same_certificate(trusted[0], everyone[0].certificate), "the trusted certificate is the one that is shown")
    spec = site.authority(PEERS).UpdateSpec
    _run(site, PEERS, "update", "corp-kms", spec(certificates=trusted[:1]))
    equal([one.server_name for one in shown(current.FilterSpec(trusted=False))], ["kms-2"])
    equal([one.server_name for one in shown(current.FilterSpec(server_names={"kms-1"}, trusted=True))], ["kms-1"])
    status = _run(site, PROVIDERS, "get", "corp-kms").status
    equal((status.health, [one.client_trust_server for one in status.servers]), ("WARNING", [True, False]))
    _run(site, PEERS, "update", "corp-kms", spec())
    equal(len(_run(site, PEERS, "get", "corp-kms").certificates), 1, "an unset list changes nothing")
    refused("INVALID_ARGUMENT", _run, site, PEERS, "update", "corp-kms", spec(certificates=["no certificate"]))
    _run(site, PEERS, "update", "corp-kms", spec(certificates=trusted))
    equal(_run(site, PROVIDERS, "get", "corp-kms").status.health, "OK", "health")


@check("peer certificates: a server that does not answer has messages and no certificate")
def silent_server(site):
    site.edit("set-key-server", hostname="kms-2.lab.example", reachable=False)
    rows = _run(site, PROVIDERS + ".current_peer_certificates", "list", "corp-kms")
    silent = rows[1]
    equal((silent.certificate, silent.trusted), (None, False))
    holds(silent.error_messages, "it says why")
    site.edit("set-key-server", hostname="kms-2.lab.example", reachable=True)


@check("key providers: nothing of what was made is left")
def left_as_found(site):
    equal([(one.provider, one.health) for one in _run(site, PROVIDERS, "list")], [("corp-kms", "OK")])
