"""Base images of a Trust Authority Cluster."""

import gzip

from ..checks import check, equal, holds, refused
from . import specs
from .arguments import OLD_IMAGE

BASE_IMAGES = specs.TAC + ".attestation.os.esx.base_images"


def _images(site):
    service = site.authority(BASE_IMAGES)

    def run(operation, *arguments):
        return site.authority.wait(getattr(service, operation + "_task")(site.tac, *arguments))

    return service, run


@check("base images: import of a host's export gives an id; list and get show it; delete takes it away")
def life(site):
    _, run = _images(site)
    version = run("import_from_imgdb", site.export("host-3"))
    holds(version.startswith("ESXi 8.0.2-0.0.22380479+"), "an image with a driver of its own is another: " + version)
    [row] = [one for one in run("list") if one.version == version]
    equal((row.health, row.display_name), ("OK", "ESXi 8.0.2-0.0.22380479"))
    info = run("get", version)
    equal((info.health, info.details, info.display_name), ("OK", [], row.display_name))
    run("delete", version)
    holds(version not in [one.version for one in run("list")], "it is gone")
    refused("NOT_FOUND", run, "get", version)
    refused("NOT_FOUND", run, "delete", version)


@check("base images: filters by version, display name and health choose; empty ones choose everything")
def filters(site):
    service, run = _images(site)
    equal([one.version for one in run("list")], [OLD_IMAGE])
    for chosen, count in (
        (service.FilterSpec(version={OLD_IMAGE}), 1),
        (service.FilterSpec(version={"another", OLD_IMAGE}, health={"OK"}), 1),
        (service.FilterSpec(version={"another"}), 0),
        (service.FilterSpec(display_name={"ESXi 8.0.2-0.0.22380479"}), 1),
        (service.FilterSpec(display_name={"ESXi"}), 0),
        (service.FilterSpec(health={"ERROR", "WARNING"}), 0),
        (service.FilterSpec(version=set(), health=set()), 1),
    ):
        equal(len(run("list", chosen)), count, str(chosen))


@check("base images: what is no image database is INVALID_ARGUMENT, what is trusted already ALREADY_EXISTS")
def refused_imports(site):
    _, run = _images(site)
    for garbage in (b"", b"garbage", gzip.compress(b"garbage"), site.export("host-3")[:100]):
        refused("INVALID_ARGUMENT", run, "import_from_imgdb", garbage)
    refused("ALREADY_EXISTS", run, "import_from_imgdb", site.export("ta-host-1"))
    equal([one.version for one in run("list")], [OLD_IMAGE], "base images after all that")


@check("base images: an image that one host lacks is in ERROR, and the details name the host")
def lacking(site):
    _, run = _images(site)
    site.edit_host("set-connection", "ta-host-3", state="disconnected")
    version = run("import_from_imgdb", site.export("host-3"))
    equal(run("get", version).health, "WARNING", "health while a host cannot be asked")
    site.edit_host("set-connection", "ta-host-3", state="connected")
    info = run("get", version)
    equal(info.health, "ERROR", "health when it is back without the image")
    holds(any("ta-host-3" in one.default_message for one in info.details), "the details name the host")
    refused("ALREADY_EXISTS", run, "import_from_imgdb", site.export("host-3"))
    equal(run("get", version).health, "OK", "health after the second import, which reached the host that lacked it")
    run("delete", version)


@check("base images: last_attested_time is set for the image that hosts attest with, and absent for another")
def last_attested(site):
    _, run = _images(site)
    holds(run("get", OLD_IMAGE).last_attested_time is not None, "hosts attest with " + OLD_IMAGE)
    version = run("import_from_imgdb", site.export("ta-host-3"))
    info = run("get", version)
    holds(info.last_attested_time is None, "nobody attests with " + version)
    holds("last_attested_time" not in site.authority.provider.last["result"], "it is left out, not null")
    run("delete", version)
