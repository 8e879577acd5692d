"""Compares two hosts of the Trust Authority Cluster, one of which was removed and added again, as VMware's SDKs read them.

    python -m suite.like_neighbour --ready ready.json ta-host-1 ta-host-2

Writes one JSON object: how many values were compared, what differs by nature, and what differs besides ("differences").
"""

import argparse
import datetime
import json
import re
import sys

from pyVmomi import VmomiSupport

from .rest import specs
from .rest.services import KINDS, registered
from .site import Site
from .vim_client import host_named

# What differs between any two healthy hosts, and why. Nothing else may.
BY_NATURE = (
    (r"^vim\.moid$|\.host$", "a managed object has an id of its own, and a host that is added again is another one"),
    (r"\.uuid$|\.serialNumber$", "another machine"),
    (r"\.sslThumbprint$|^rest\.presents\.\w+\.trusted_CA\.", "each host has a key and a certificate of its own"),
    (r"\.bootTime$|\.uptime$|\.tpmAttestation\.time$", "hosts boot one after the other"),
    (r"\.ipAddress$|\.mac$", "each host has addresses of its own"),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ready", required=True, help="the simulator's ready file")
    parser.add_argument("host", help="the host that was added again, by the first part of its name")
    parser.add_argument("neighbour", help="one that never left")
    options = parser.parse_args()
    site = Site(options.ready, [])
    found, wanted = (facts_of(site, name) for name in (options.host, options.neighbour))
    differences, by_nature = compare(found, wanted)
    told = {**of_the_cluster(site), **site.deviations.__dict__}
    print(json.dumps({"compared": len(wanted), "byNature": by_nature, "differences": differences, "cluster": told}))


def facts_of(site, name):
    """All that is told of a host, by path; its own name reads the same for every host."""
    facts = {}
    _flatten("vim", vim_facts(site, name), facts)
    _flatten("rest", rest_facts(site, name), facts)
    return {path: _nameless(value, name) for path, value in facts.items()}


def vim_facts(site, name):
    """pyvmomi: the managed object and what stands beside it."""
    service = site.vim("ta-vc")
    host = host_named(service, name)
    [licence] = service.content.licenseManager.licenseAssignmentManager.QueryAssignedLicenses(host._moId)
    return {
        "moid": host._moId,
        "name": host.name,
        "parent": host.parent._moId,
        "summary": host.summary,
        "runtime": host.runtime,
        "hardware": host.hardware,
        "config": host.config,
        "services": {one.key: one for one in host.configManager.serviceSystem.serviceInfo.service},
        "licence": licence.assignedLicense,
        "permissions": host.permission,
        "role": host.effectiveRole,
        "alarms": host.declaredAlarmState,
        "configStatus": host.configStatus,
        "overallStatus": host.overallStatus,
        "tags": host.tag,
    }


def rest_facts(site, name):
    """VMware's REST bindings: the inventory, its services as it presents them, and as the workload vCenter knows them."""
    client, moid = site.authority, site.host(name)
    hosts = client("vcenter.host")
    [summary] = hosts.list(hosts.FilterSpec(hosts={moid}))
    facts = {"summary": _plain(summary), "presents": {}, "known": {}}
    for kind in KINDS:
        presented = client("vcenter.trusted_infrastructure.trust_authority_hosts." + kind).get(moid)
        facts["presents"][kind] = _plain(presented)
        service = site.workload(registered(kind))
        known = [one for one in service.list() if one.address.hostname == presented.address.hostname]
        facts["known"][kind] = [_plain(service.get(one.service)) for one in known]
    return facts


def of_the_cluster(site):
    """What the Trust Authority Cluster says of all its hosts together: health is OK only where every host has the same."""
    client, tac = site.authority, specs.TAC

    def run(name, operation, *arguments):
        return client.wait(getattr(client(tac + name), operation + "_task")(site.tac, *arguments))

    def healths(name, key, *read):
        return {getattr(one, key): run(name, *read, getattr(one, key)).health for one in run(name, "list")}

    images = run(".attestation.os.esx.base_images", "list")
    [provider] = run(".kms.providers", "list")
    status = run(".kms.providers", "get", provider.provider).status
    return {
        "attestation": run(".attestation.service_status", "get").health,
        "keyProvider": run(".kms.service_status", "get").health,
        "baseImages": {one.version: one.health for one in images},
        "authorities": healths(".attestation.tpm2.ca_certificates", "name", "get"),
        "endorsementKeys": healths(".attestation.tpm2.endorsement_keys", "name", "get"),
        "tpmSettings": run(".attestation.tpm2.settings", "get").health,
        "principals": healths(".consumer_principals", "id", "get"),
        "provider": status.health,
        "servers": [
            [one.name, one.health, one.client_trust_server, one.server_trust_client] for one in status.servers
        ],
    }


def compare(found, wanted):
    """What differs without a reason, and the reasons of what else differs with the number of values."""
    differences, by_nature = [], {}
    for path in sorted(found.keys() | wanted.keys()):
        here, there = found.get(path, "nothing"), wanted.get(path, "nothing")
        if here == there:
            continue
        reason = next((why for pattern, why in BY_NATURE if re.search(pattern, path)), None)
        if reason is None:
            differences.append("%s: %s, its neighbour: %s" % (path, here, there))
        else:
            by_nature[reason] = by_nature.get(reason, 0) + 1
    return differences, by_nature


def _plain(value):
    """A structure of VMware's REST bindings as dictionaries."""
    return value.to_dict()


def _flatten(path, value, into):
    if isinstance(value, VmomiSupport.ManagedObject):
        into[path] = value._moId
    elif isinstance(value, VmomiSupport.DataObject):
        for member in value._GetPropertyList():
            _flatten("%s.%s" % (path, member.name), getattr(value, member.name), into)
    elif isinstance(value, dict):
        for key, one in value.items():
            _flatten("%s.%s" % (path, key), one, into)
    elif isinstance(value, (list, tuple, set)):
        into[path + ".length"] = len(value)
        for number, one in enumerate(value):
            _flatten("%s[%d]" % (path, number), one, into)
    elif isinstance(value, datetime.datetime):
        into[path] = value.isoformat()
    else:
        into[path] = None if value is None else str(value)


def _nameless(value, name):
    return re.sub(r"\b%s\b" % re.escape(name), "(name)", value) if isinstance(value, str) else value


if __name__ == "__main__":
    sys.exit(main())
