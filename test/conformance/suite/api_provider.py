"""VMware's stubs over /api.

The vAPI runtime speaks JSON-RPC, and its REST connector the former /rest form. Below its stubs this provider sends
what the contract says, and hands back data values, so that all of VMware's own checks apply to every reply.
"""

import decimal
import json

import requests
from vmware.vapi.core import ApiProvider, ExecutionContext, MethodResult
from vmware.vapi.data.value import VoidValue
from vmware.vapi.bindings import type as kinds
from vmware.vapi.protocol.client.connector import Connector

from .contract import ERROR_STATUS, OPERATIONS
from .placement import place
from .typed_json import JsonReader, Misfit

# The simulator's request log knows the SDK's requests by this name.
USER_AGENT = "vmware-vcenter/8.0.3.0"

# Errors that come from the endpoint in front of the services: no operation needs to declare them.
OF_THE_ENDPOINT = {"UNAUTHENTICATED", "UNAUTHORIZED", "SERVICE_UNAVAILABLE"}


class Deviations:
    """What no reply of a whole run may show."""

    def __init__(self):
        self.unknown_fields = []
        self.undeclared_errors = []
        self.wrong_statuses = []


class RestProvider(ApiProvider):
    """One connection to /api of a vCenter. `last` is the last reply's JSON, `status` its HTTP status."""

    def __init__(self, url, ca_file, deviations, basic=None, token=None, timeout=60):
        ApiProvider.__init__(self)
        self.url = url.rstrip("/")
        self.http = requests.Session()
        # The environment may name another CA bundle, which would win over `verify`.
        self.http.trust_env = False
        self.http.verify = ca_file
        self.http.auth = basic
        self.deviations = deviations
        self.token = token
        self.timeout = timeout
        self.stubs = {}
        self.last = None
        self.status = None
        self.headers = {}

    def learn(self, stub):
        """Remembers the types of a service's operations."""
        self.stubs[stub.get_identifier().get_name()] = stub._operations

    def invoke(self, service_id, operation_id, input_value, ctx):
        operation = OPERATIONS["%s.%s" % (service_id, operation_id)]
        types = self.stubs[service_id][operation_id]
        path, body = place(operation, input_value)
        reply = self.send(operation.method, path, body, {"User-Agent": USER_AGENT})
        reader = JsonReader()
        try:
            if reply.status_code < 400:
                return MethodResult(output=self._output(operation, types, reader))
            return MethodResult(error=self._error(operation, types, reader))
        except Misfit as misfit:
            raise Misfit("%s: HTTP %d: %s" % (operation.key, reply.status_code, misfit)) from None
        finally:
            self.deviations.unknown_fields += ["%s: %s" % (operation.key, name) for name in reader.unknown]

    def _output(self, operation, types, reader):
        if self.status != operation.status:
            self.deviations.wrong_statuses.append("%s: %d, not %d" % (operation.key, self.status, operation.status))
        if isinstance(types["output_type"], kinds.VoidType):
            if self.last is not None:
                raise Misfit("a body where there is none: %r" % (self.last,))
            return VoidValue()
        return reader.read(self.last, types["output_type"], "reply")

    def _error(self, operation, types, reader):
        error = reader.read_error(self.last, "error")
        error_type = self.last["error_type"]
        if self.status != ERROR_STATUS[error_type]:
            text = "%s: %s came as %d, not %d" % (operation.key, error_type, self.status, ERROR_STATUS[error_type])
            self.deviations.wrong_statuses.append(text)
        if error.name not in types["errors"] and error_type not in OF_THE_ENDPOINT:
            self.deviations.undeclared_errors.append("%s: %s" % (operation.key, error_type))
        return error

    def send(self, method, path, body=None, headers=None):
        """One request. Without the SDK's name it is a probe, and no witness for what the SDK can do."""
        sent = {"Accept": "application/json", "User-Agent": "probe", **(headers or {})}
        if self.token is not None:
            sent["vmware-api-session-id"] = self.token
        if body is not None:
            sent["Content-Type"] = "application/json"
        url = self.url + path
        reply = self.http.request(method, url, data=body, headers=sent, timeout=self.timeout, allow_redirects=False)
        self.status, self.headers = reply.status_code, reply.headers
        try:
            self.last = json.loads(reply.text, parse_float=decimal.Decimal) if reply.text.strip() else None
        except ValueError:
            raise Misfit("%s %s: HTTP %d, and no JSON" % (method, path, reply.status_code)) from None
        return reply


class RestConnector(Connector):
    """Gives the provider to VMware's stubs."""

    def __init__(self, provider):
        Connector.__init__(self, provider, None)

    def connect(self):
        """Nothing: requests connects by itself."""

    def disconnect(self):
        """Nothing either."""

    def new_context(self, runtime_data=None):
        return ExecutionContext()
