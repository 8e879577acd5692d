"""Arguments that make every operation of vTA succeed, or come as far as to what is to be tried."""

from ..contract import TRUST
from . import specs

OLD_IMAGE = "ESXi 8.0.2-0.0.22380479"
SHORT = len(TRUST)


def vcenter_of(operation):
    """Which vCenter answers an operation: the one of the Trust Authority Cluster, or of the Trusted Clusters."""
    return "ta-vc" if operation.key[SHORT:].startswith("trust_authority") else "workload-vc"


def arguments_of(site, operation):
    """Arguments by the names of the bindings; ids are of objects that exist."""
    client = site.rest(vcenter_of(operation))
    name = operation.key[SHORT:].removesuffix("$task")
    found = {}
    if "{cluster}" in operation.path:
        found["cluster"] = site.tac if vcenter_of(operation) == "ta-vc" else site.trusted
    for parameter in operation.path_parameters:
        if parameter != "cluster":
            found[parameter] = _object(site, client, name, parameter)
    for parameter, value in _values(client, name).items():
        found[parameter] = value
    return found


def _object(site, client, name, parameter):
    if parameter == "host":
        return site.host("ta-host-1" if name.startswith("trust_authority") else "host-1")
    if parameter == "profile":
        listing = TRUST + "trust_authority_clusters.consumer_principals.list$task"
        [known] = site.authority.call(listing, cluster=site.tac)
        return known.id
    if parameter == "service":
        kind = "kms" if "kms" in name else "attestation"
        return client("vcenter.trusted_infrastructure.%s.services" % kind).list()[0].service
    if parameter == "name":
        return "tpm-manufacturer" if "ca_certificates" in name else "conformance-key"
    return {"version": OLD_IMAGE, "provider": "corp-kms", "tpm": "tpm0", "key": "ek-ecc"}[parameter]


def _values(client, name):
    """Bodies and required queries, by the operation's name below trusted_infrastructure."""
    bodies = {
        "attestation.services.create": lambda: specs.registered_service(client, "attestation", "new.lab.example"),
        "kms.services.create": lambda: specs.registered_service(client, "kms", "new.lab.example"),
        "trust_authority_clusters.update": lambda: client(specs.TAC).UpdateSpec(state="ENABLE"),
        "trust_authority_clusters.attestation.tpm2.ca_certificates.create": lambda: specs.ca_certificate(client, "new"),
        "trust_authority_clusters.attestation.tpm2.endorsement_keys.create": lambda: specs.endorsement_key(
            client, "new"
        ),
        "trust_authority_clusters.attestation.tpm2.settings.update": lambda: client(
            specs.TAC + ".attestation.tpm2.settings"
        ).UpdateSpec(require_endorsement_keys=False),
        "trust_authority_clusters.consumer_principals.create": lambda: specs.consumer(client, "https://new"),
        "trust_authority_clusters.kms.providers.create": lambda: specs.key_provider(client, "new"),
        "trust_authority_clusters.kms.providers.update": lambda: client(specs.TAC + ".kms.providers").UpdateSpec(
            master_key_id="4f1d0a52-6c1e-4d0e-9b7a-2f9a3c5d7e11"
        ),
        "trust_authority_clusters.kms.providers.trusted_peer_certificates.update": lambda: client(
            specs.TAC + ".kms.providers.trusted_peer_certificates"
        ).UpdateSpec(),
        "trusted_clusters.attestation.services.create": lambda: _cluster_services(client, "attestation"),
        "trusted_clusters.kms.services.create": lambda: _cluster_services(client, "kms"),
        "hosts.hardware.tpm.endorsement_keys.unseal": lambda: specs.unseal(client),
    }
    if name in bodies:
        return {"spec": bodies[name]()}
    if name.endswith("base_images.import_from_imgdb"):
        return {"imgdb": b"no image"}
    if name.endswith("client_certificate.update"):
        certificate, key = specs.AUTHORITY.issue("KMIP client")
        spec = client(specs.TAC + ".kms.providers.client_certificate").UpdateSpec(
            certificate=certificate, private_key=key
        )
        return {"spec": spec}
    if name.endswith("credential.set"):
        return {"credential": "another password"}
    if name.endswith("services_applied_config.get") and not name.startswith("trusted_clusters.services"):
        return {"address": specs.address("ta-host-1.lab.example")}
    return {}


def _cluster_services(client, kind):
    service = client("%s.%s.services" % (specs.TRUSTED, kind))
    return service.CreateSpec(type="CLUSTER", trust_authority_cluster="domain-c8")
