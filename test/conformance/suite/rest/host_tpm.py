"""The TPM of a host."""

import base64
import hashlib

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from ..checks import check, equal, holds, refused
from . import specs

TPM = "vcenter.trusted_infrastructure.hosts.hardware.tpm"


@check("TPM: list and its filters, get")
def devices(site):
    for client, name in ((site.workload, "host-1"), (site.authority, "ta-host-1")):
        service, host = client(TPM), site.host(name)
        equal([(one.tpm, one.major_version, one.active) for one in service.list(host)], [("tpm0", 2, True)])
        for chosen, count in (
            (service.FilterSpec(major_versions={2}, active=True), 1),
            (service.FilterSpec(major_versions={1, 2}), 1),
            (service.FilterSpec(major_versions={1}), 0),
            (service.FilterSpec(active=False), 0),
            (service.FilterSpec(), 1),
        ):
            equal(len(service.list(host, chosen)), count, str(chosen))
        info = service.get(host, "tpm0")
        equal((info.major_version, info.minor_version, info.active), (2, 0, True))
        holds(info.banks and info.manufacturer, "it names its maker and its banks")
        refused("NOT_FOUND", service.list, "host-999999")
        refused("NOT_FOUND", service.get, host, "tpm7")


@check("TPM: the endorsement key fits its certificate, and the maker that the Trust Authority Cluster trusts signed it")
def endorsement_key(site):
    service, host = site.workload(TPM + ".endorsement_keys"), site.host("host-1")
    [row] = service.list(host, "tpm0")
    equal([one.key for one in service.list(host, "tpm0", service.FilterSpec(types={row.type}))], [row.key])
    others = {"RSA_2048", "ECC_NIST_P_256"} - {row.type}
    equal(service.list(host, "tpm0", service.FilterSpec(types=others)), [], "keys of another type")
    info = service.get(host, "tpm0", row.key)
    equal(info.type, row.type)
    certificate = load_pem_x509_certificate(info.certificate.encode())
    equal(certificate.public_key(), load_pem_public_key(info.public_key.encode()), "public key")
    holds(len(info.name) == 34 and info.name[:2] == b"\x00\x0b", "the name is a SHA-256 name")
    maker = load_pem_x509_certificate(info.manufacturer_certificates.cert_chain[0].encode())
    certificate.verify_directly_issued_by(maker)
    trusted = site.authority.call(
        "com.vmware.%s.attestation.tpm2.ca_certificates.get$task" % specs.TAC, cluster=site.tac, name="tpm-manufacturer"
    )
    known = load_pem_x509_certificate(trusted.cert_chain.cert_chain[0].encode())
    equal(hashlib.sha256(known.tbs_certificate_bytes).digest(), hashlib.sha256(maker.tbs_certificate_bytes).digest())
    refused("NOT_FOUND", service.get, host, "tpm0", "no-such-key")
    refused("NOT_FOUND", service.get, host, "tpm7", row.key)


@check("TPM: unseal answers base64, the event log is whole")
def unseal_and_log(site):
    keys, host = site.workload(TPM + ".endorsement_keys"), site.host("host-1")
    answer = keys.unseal(host, "tpm0", "ek-ecc", specs.unseal(site.workload))
    holds(isinstance(answer, (bytes, str)) and answer, "something comes back")
    holds(base64.b64decode(site.workload.provider.last, validate=True), "as base64")
    log = site.workload(TPM + ".event_log").get(host, "tpm0")
    equal((log.type, log.truncated), ("EFI_TCG2_EVENT_LOG_FORMAT_TCG_2", False))
    holds(log.data and log.banks, "there is a log, and the registers that it explains")
    refused("NOT_FOUND", site.workload(TPM + ".event_log").get, host, "tpm7")
    refused("NOT_FOUND", keys.unseal, host, "tpm0", "no-such-key", specs.unseal(site.workload))


@check("TPM: a host that cannot be reached is SERVICE_UNAVAILABLE, a type that there is not INVALID_ARGUMENT")
def unavailable(site):
    host = site.host("host-1")
    keys, service = site.workload(TPM + ".endorsement_keys"), site.workload(TPM)
    refused("INVALID_ARGUMENT", keys.list, host, "tpm0", keys.FilterSpec(types={"RSA_512"}))
    site.edit_host("set-connection", "host-1", state="notResponding")
    refused("SERVICE_UNAVAILABLE", service.list, host)
    refused("SERVICE_UNAVAILABLE", service.get, host, "tpm0")
    refused("SERVICE_UNAVAILABLE", keys.list, host, "tpm0")
    refused("SERVICE_UNAVAILABLE", keys.get, host, "tpm0", "ek-ecc")
    refused("SERVICE_UNAVAILABLE", keys.unseal, host, "tpm0", "ek-ecc", specs.unseal(site.workload))
    refused("SERVICE_UNAVAILABLE", site.workload(TPM + ".event_log").get, host, "tpm0")
    site.edit_host("set-connection", "host-1", state="connected")
