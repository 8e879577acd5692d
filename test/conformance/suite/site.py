"""The site that the checks work on: what the simulator's ready file says, and how to reach it."""

import json
from pathlib import Path

import requests

from .api_provider import Deviations
from .rest_client import RestClient, log_in
from .vim_client import connect


class Site:
    """One running simulator. Clients log in when they are first asked for."""

    def __init__(self, ready_file, answered):
        self.ready = json.loads(Path(ready_file).read_text())
        self.directory = Path(self.ready["caFile"]).parent
        self.answered = frozenset(answered)
        self.deviations = Deviations()
        self.control = requests.Session()
        self.control.trust_env = False
        self._clients = {}
        self._clusters = {}

    @property
    def authority(self):
        """The vCenter of the Trust Authority Cluster, as an administrator."""
        return self.rest("ta-vc")

    @property
    def workload(self):
        """The vCenter of the Trusted Clusters, as an administrator."""
        return self.rest("workload-vc")

    def url(self, vcenter):
        """Base URL of a vCenter by its id in the scenario."""
        is_authority = vcenter == "ta-vc"
        return self.ready["trustAuthority"]["vCenter"] if is_authority else self.ready["trusted"][0]["vCenter"]

    def rest(self, vcenter):
        """An administrator's REST session; a new one when the last was ended by a restart."""
        if ("rest", vcenter) not in self._clients:
            made = self.rest_as(vcenter, self.ready["username"], self.ready["password"])
            self._clients["rest", vcenter] = made
        return self._clients["rest", vcenter]

    def rest_as(self, vcenter, user, password):
        """A REST session of its own."""
        return log_in(self.url(vcenter), self.ready["caFile"], self.deviations, user, password)

    def anonymous(self, vcenter, token=None):
        """A client without a session, or with a made-up one."""
        return RestClient(self.url(vcenter), self.ready["caFile"], self.deviations, token=token)

    def vim(self, vcenter):
        """An administrator's pyvmomi session: its ServiceInstance."""
        if ("vim", vcenter) not in self._clients:
            made = connect(self.url(vcenter), self.ready["caFile"], self.ready["username"], self.ready["password"])
            self._clients["vim", vcenter] = made
        return self._clients["vim", vcenter]

    def forget(self, vcenter):
        """The vCenter restarted: its sessions are gone."""
        self._clients = {key: client for key, client in self._clients.items() if key[1] != vcenter}

    def cluster(self, name):
        """Id of a cluster by its name; it does not change."""
        if name not in self._clusters:
            vcenter = self.authority if name == "vTA Cluster" else self.workload
            service = vcenter("vcenter.cluster")
            [found] = service.list(service.FilterSpec(names={name}))
            self._clusters[name] = found.cluster
        return self._clusters[name]

    @property
    def tac(self):
        """Id of the Trust Authority Cluster."""
        return self.cluster("vTA Cluster")

    @property
    def trusted(self):
        """Id of the Trusted Cluster."""
        return self.cluster("Trusted Cluster")

    def host(self, name):
        """Id of a host by the first part of its name."""
        vcenter = self.authority if name.startswith("ta-") else self.workload
        host = vcenter("vcenter.host")
        [found] = host.list(host.FilterSpec(names={name + ".lab.example"}))
        return found.host

    def export(self, name):
        """`boot_imgdb.tgz` of a host, as documented: from the host itself."""
        url = self.ready["esxi"]["urls"][name + ".lab.example"] + "/boot_imgdb.tgz"
        login = (self.ready["esxi"]["username"], self.ready["esxi"]["password"])
        reply = requests.get(url, auth=login, verify=self.ready["caFile"], timeout=30)
        reply.raise_for_status()
        return reply.content

    def secret(self, name):
        """A secret that the site's owner has at hand: a KMIP password, a client key."""
        return (self.directory / "secrets" / name).read_text()

    def edit(self, edit, **fields):
        """A hand at the console of the simulated world."""
        self._control("POST", "/world/edit", {"edit": edit, **fields})

    def edit_host(self, edit, name, **fields):
        """An edit of a host by the first part of its name."""
        self.edit(edit, host=name + ".lab.example", **fields)

    def fault(self, kind, **fields):
        """Injects a fault."""
        self.faults([{"kind": kind, **fields}])

    def faults(self, faults):
        """Injects several, each for one request."""
        self._control("POST", "/faults", faults)

    def no_faults(self):
        """Takes all faults away."""
        self._control("DELETE", "/faults")

    def world(self):
        """The whole state of the world."""
        return self._control("GET", "/world").json()

    def _control(self, method, path, body=None):
        reply = self.control.request(method, self.ready["control"] + path, json=body, timeout=30)
        if reply.status_code >= 400:
            raise AssertionError("control %s %s: %s" % (method, path, reply.text))
        return reply
