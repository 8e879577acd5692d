"""pyvmomi against an endpoint that only our CA vouches for."""

import ssl
from urllib.parse import urlsplit

from pyVim.connect import SmartConnect
from pyVmomi import vim, vmodl

from .checks import until

def connect(url, ca_file, user, password, path="/sdk"):
    """Logs in, as `SmartConnect` does. Returns the ServiceInstance."""
    address = urlsplit(url)
    return SmartConnect(
        protocol="https",
        host=address.hostname,
        port=address.port,
        user=user,
        pwd=password,
        path=path,
        sslContext=ssl.create_default_context(cafile=ca_file),
        connectionPoolTimeout=60,
    )


def find(service, kind, name):
    """The managed entity of that name, through a container view."""
    content = service.RetrieveContent()
    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    try:
        found = [entity for entity in view.view if entity.name == name]
    finally:
        view.DestroyView()
    if len(found) != 1:
        raise AssertionError("%d of %s are called %s" % (len(found), kind.__name__, name))
    return found[0]


def host_named(service, name):
    """A HostSystem by the first part of its name."""
    return find(service, vim.HostSystem, name + ".lab.example")


def finish(task, timeout=60):
    """Waits for a task and returns its result; raises its fault."""
    until("%s ends" % task.info.descriptionId, lambda: task.info.state in ("success", "error"), timeout)
    if task.info.state == "error":
        raise task.info.error
    return task.info.result


def read(service, objects, paths):
    """Properties of objects through the property collector: {managed object: {path: value}}, and what is missing."""
    collector = service.content.propertyCollector
    Filter = vmodl.query.PropertyCollector.FilterSpec
    spec = Filter(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=one) for one in objects],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(objects[0]), pathSet=list(paths))],
    )
    page = collector.RetrievePropertiesEx([spec], vmodl.query.PropertyCollector.RetrieveOptions(maxObjects=1))
    found, missing = {}, {}
    while page is not None:
        for content in page.objects:
            found[content.obj] = {one.name: one.val for one in content.propSet}
            missing[content.obj] = {one.path: one.fault for one in content.missingSet}
        page = collector.ContinueRetrievePropertiesEx(page.token) if page.token else None
    return found, missing


def fault_of(kind, call):
    """A call fails with a fault of that class, which is returned."""
    try:
        answer = call()
    except kind as fault:
        return fault
    except vmodl.MethodFault as fault:
        raise AssertionError("%s instead of %s: %s" % (type(fault).__name__, kind.__name__, fault.msg)) from None
    raise AssertionError("answered %r instead of %s" % (answer, kind.__name__))
