"""Specifications of vTA objects in VMware's own classes, valid as they are."""

from com.vmware.vcenter.trusted_infrastructure_client import (
    NetworkAddress,
    StsPrincipal,
    StsPrincipalId,
    StsPrincipalType,
    X509CertChain,
)

from ..certificates import Authority, public_key_pem

TAC = "vcenter.trusted_infrastructure.trust_authority_clusters"
TRUSTED = "vcenter.trusted_infrastructure.trusted_clusters"
AUTHORITY = Authority()


def chain(*certificates):
    """X509CertChain."""
    return X509CertChain(cert_chain=list(certificates))


def address(hostname, port=None):
    """NetworkAddress."""
    return NetworkAddress(hostname=hostname, port=port)


def ca_certificate(client, name):
    """A CA certificate of a TPM maker."""
    service = client(TAC + ".attestation.tpm2.ca_certificates")
    return service.CreateSpec(name=name, cert_chain=chain(AUTHORITY.pem))


def endorsement_key(client, name):
    """An endorsement key by its public half."""
    return client(TAC + ".attestation.tpm2.endorsement_keys").CreateSpec(name=name, public_key=public_key_pem())


def principal(user="vpxd-extension-conformance"):
    """Who a token service speaks for."""
    return StsPrincipal(id=StsPrincipalId(name=user, domain="vsphere.local"), type=StsPrincipalType.STS_USER)


def consumer(client, issuer):
    """A consumer principal."""
    return client(TAC + ".consumer_principals").CreateSpec(
        certificates=[chain(AUTHORITY.pem)],
        issuer_alias="conformance",
        issuer=issuer,
        principal=principal(),
    )


def key_provider(client, name, servers=("kms-1.lab.example",), username=None):
    """A KMIP key provider."""
    providers = client(TAC + ".kms.providers")
    named = [
        providers.Server(name="server-%d" % number, address=address(host, 5696))
        for number, host in enumerate(servers, 1)
    ]
    return providers.CreateSpec(
        provider=name,
        master_key_id="8a2d7a5e-0c0f-4b52-9d0c-7f5f3c2c9f11",
        key_server=providers.KeyServerCreateSpec(
            type="KMIP",
            description="made by a check",
            kmip_server=providers.KmipServerCreateSpec(servers=named, username=username),
        ),
    )


def registered_service(client, kind, hostname, cluster="domain-c8"):
    """An attestation or key provider service, as a workload vCenter is told of it."""
    return client("vcenter.trusted_infrastructure.%s.services" % kind).CreateSpec(
        address=address(hostname),
        trusted_ca=chain(AUTHORITY.pem),
        group="conformance",
        trust_authority_cluster=cluster,
    )


def unseal(client):
    """Something to unseal."""
    service = client("vcenter.trusted_infrastructure.hosts.hardware.tpm.endorsement_keys")
    return service.UnsealSpec(public_area=b"public", private_area=b"private", seed=b"seed")
