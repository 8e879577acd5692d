"""What a Trust Authority Cluster trusts of TPMs: makers' certificates, single keys, settings."""

from ..certificates import Authority, public_key_pem, same_certificate
from ..checks import check, equal, holds, refused
from . import specs

CERTIFICATES = specs.TAC + ".attestation.tpm2.ca_certificates"
KEYS = specs.TAC + ".attestation.tpm2.endorsement_keys"
SETTINGS = specs.TAC + ".attestation.tpm2.settings"


def _runner(site, name):
    service = site.authority(name)

    def run(operation, *arguments):
        return site.authority.wait(getattr(service, operation + "_task")(site.tac, *arguments))

    return service, run


@check("TPM 2.0 CA certificates: create, list, get, delete")
def certificate_life(site):
    service, run = _runner(site, CERTIFICATES)
    equal([one.name for one in run("list")], ["tpm-manufacturer"])
    maker = Authority("Another TPM maker")
    intermediate, _ = maker.issue("Intermediate")
    equal(run("create", service.CreateSpec(name="maker", cert_chain=specs.chain(maker.pem, intermediate))), None)
    equal({one.name: one.health for one in run("list")}, {"tpm-manufacturer": "OK", "maker": "OK"})
    info = run("get", "maker")
    equal((len(info.cert_chain.cert_chain), info.health, info.details), (2, "OK", []))
    holds(same_certificate(info.cert_chain.cert_chain[0], maker.pem), "the chain begins with the root")
    refused("ALREADY_EXISTS", run, "create", service.CreateSpec(name="maker", cert_chain=specs.chain(maker.pem)))
    run("delete", "maker")
    refused("NOT_FOUND", run, "get", "maker")
    refused("NOT_FOUND", run, "delete", "maker")


@check("TPM 2.0 CA certificates: no chain, no certificate and a chain in the wrong order are INVALID_ARGUMENT")
def bad_certificates(site):
    service, run = _runner(site, CERTIFICATES)
    maker = Authority()
    leaf, _ = maker.issue("Leaf")
    for chain in (None, specs.chain(), specs.chain("no certificate"), specs.chain(leaf, maker.pem)):
        refused("INVALID_ARGUMENT", run, "create", service.CreateSpec(name="bad", cert_chain=chain))


@check("TPM 2.0 endorsement keys: by public key, or by a certificate that a trusted maker signed")
def key_life(site):
    service, run = _runner(site, KEYS)
    certificates, run_certificates = _runner(site, CERTIFICATES)
    equal(run("list"), [])
    public_key = public_key_pem()
    run("create", service.CreateSpec(name="by-key", public_key=public_key))
    equal(run("get", "by-key").public_key.strip(), public_key.strip(), "public key")
    refused("ALREADY_EXISTS", run, "create", service.CreateSpec(name="by-key", public_key=public_key_pem()))

    maker = Authority("Maker of endorsement keys")
    certificate, _ = maker.issue("TPM")
    by_certificate = service.CreateSpec(name="by-certificate", certificate=certificate)
    refused("INVALID_ARGUMENT", run, "create", by_certificate)
    run_certificates("create", certificates.CreateSpec(name="ek-maker", cert_chain=specs.chain(maker.pem)))
    run("create", by_certificate)
    equal({one.name: one.health for one in run("list")}, {"by-key": "OK", "by-certificate": "OK"})
    holds("BEGIN PUBLIC KEY" in run("get", "by-certificate").public_key, "its public key is told")
    for name in ("by-key", "by-certificate"):
        run("delete", name)
        refused("NOT_FOUND", run, "get", name)
        refused("NOT_FOUND", run, "delete", name)
    run_certificates("delete", "ek-maker")


@check("TPM 2.0 endorsement keys: neither, both and nonsense are INVALID_ARGUMENT")
def bad_keys(site):
    service, run = _runner(site, KEYS)
    certificate, _ = Authority().issue("TPM")
    for members in (
        {},
        {"public_key": public_key_pem(), "certificate": certificate},
        {"public_key": "no key"},
        {"certificate": "no certificate"},
    ):
        refused("INVALID_ARGUMENT", run, "create", service.CreateSpec(name="bad", **members))


@check("TPM 2.0 settings: an update changes what it names and leaves the rest")
def settings(site):
    service, run = _runner(site, SETTINGS)

    def read():
        info = run("get")
        equal((info.health, info.details), ("OK", []))
        return info.require_endorsement_keys, info.require_certificate_validation

    equal(read(), (False, True))
    run("update", service.UpdateSpec(require_certificate_validation=False))
    equal(read(), (False, False))
    run("update", service.UpdateSpec())
    equal(read(), (False, False))
    run("update", service.UpdateSpec(require_endorsement_keys=False, require_certificate_validation=True))
    equal(read(), (False, True))
