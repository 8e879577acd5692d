"""A session with one vCenter through VMware's bindings."""

import importlib
import inspect
import time

from vmware.vapi.bindings.converter import TypeConverter
from vmware.vapi.bindings.stub import VapiInterface
from vmware.vapi.data.value import VoidValue
from vmware.vapi.stdlib.client.factories import StubConfigurationFactory

from .api_provider import RestConnector, RestProvider
from .contract import OPERATIONS
from .typed_json import JsonReader


def binding_class(service_id):
    """VMware's class of a service: `com.vmware.cis.tasks` -> com.vmware.cis_client.Tasks."""
    package = service_id.rsplit(".", 1)[0]
    for _, candidate in inspect.getmembers(importlib.import_module(package + "_client"), inspect.isclass):
        if issubclass(candidate, VapiInterface) and getattr(candidate, "_VAPI_SERVICE_ID", None) == service_id:
            return candidate
    raise LookupError("VMware's SDK has no service " + service_id)


class RestClient:
    """`client("cis.tasks").get(…)` calls VMware's class; `client.wait(task)` gives a task's result."""

    def __init__(self, url, ca_file, deviations, basic=None, token=None):
        self.provider = RestProvider(url, ca_file, deviations, basic, token)
        self.configuration = StubConfigurationFactory.new_std_configuration(RestConnector(self.provider))
        self._services = {}

    def __call__(self, service):
        """A service by its id below com.vmware."""
        if service not in self._services:
            made = binding_class("com.vmware." + service)(self.configuration)
            self.provider.learn(made._api_interface)
            self._services[service] = made
        return self._services[service]

    def call(self, key, /, **arguments):
        """An operation by its key. Of one that starts a task this waits for the task."""
        operation = OPERATIONS[key]
        service = self(operation.service.removeprefix("com.vmware."))
        if key.endswith(".tasks.get"):
            return service.get(**arguments)
        answer = getattr(service, operation.name.replace("$", "_"))(**arguments)
        return self.wait(answer) if operation.is_task else answer

    def wait(self, task, timeout=60):
        """Polls a task until it has ended. Returns its result in VMware's types, or raises its error."""
        deadline = time.monotonic() + timeout
        while True:
            info = self("cis.tasks").get(task.get_task_id())
            if info.status == "FAILED":
                raise info.error
            if info.status == "SUCCEEDED":
                return self._result(task, self.provider.last.get("result"))
            if time.monotonic() > deadline:
                raise TimeoutError("task %s is still %s" % (task.get_task_id(), info.status))
            time.sleep(0.01)

    def _result(self, task, json):
        """The runtime leaves the result of a task without a type: read it with the one that the operation declares."""
        reader = JsonReader()
        value = reader.read(json, task.result_type, "result of " + task.get_task_id())
        self.provider.deviations.unknown_fields += reader.unknown
        if isinstance(value, VoidValue):
            return None
        return TypeConverter.convert_to_python(value, task.result_type, self.configuration.resolver)


def log_in(url, ca_file, deviations, user, password):
    """POST /api/session through the SDK's own Session service."""
    anonymous = RestClient(url, ca_file, deviations, basic=(user, password))
    token = anonymous("cis.session").create()
    return RestClient(url, ca_file, deviations, token=token)
